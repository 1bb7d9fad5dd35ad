import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { StaycodeError } from '../../../core/src/errors.ts';
import { isStay } from '../../../core/src/reservations/reservation.ts';
import { needsShared, SHARED } from '../../support/parts.ts';
import { calendar, days, read } from './feeds.ts';

const FIXTURES = join(SHARED, 'fixtures');
const feed = (name: string): Buffer => readFileSync(join(FIXTURES, name));

interface Scanned {
  readonly uid: string;
  readonly lasts: boolean;
  readonly block: boolean;
}

/** What a file holds by a scan of its lines that shares nothing with the reader. */
function scan(body: Buffer): Scanned[] {
  const events = body.toString().replaceAll('\r', '').replaceAll('\n ', '').split('BEGIN:VEVENT').slice(1);
  return events.map((text) => {
    const value = (name: string): string => new RegExp(`^${name}[^:\\n]*:(.*)$`, 'm').exec(text)?.[1] ?? '';
    const [start, end] = [value('DTSTART'), value('DTEND')];
    const nights =
      (Date.parse(end.replace(/(....)(..)(..).*/, '$1-$2-$3')) -
        Date.parse(start.replace(/(....)(..)(..).*/, '$1-$2-$3'))) /
      86_400_000;
    const block =
      /not available\)/i.test(value('SUMMARY')) || (value('SUMMARY').startsWith('CLOSED') && nights > 31);
    return { uid: value('UID'), lasts: end > start, block };
  });
}

describe('real feeds', function () {
  before(function () {
    needsShared(this);
  });

  it('are all read, or refused as no whole calendar', () => {
    const files = globSync('**/*.{ics,txt,html}', { cwd: FIXTURES });
    assert.ok(files.length > 70);
    const refused = files.filter((name) => {
      try {
        read(feed(name));
        return false;
      } catch (error) {
        assert.ok(
          error instanceof StaycodeError && error.code === 'not-a-calendar',
          `${name}: ${String(error)}`,
        );
        return true;
      }
    });
    assert.deepEqual(refused.sort(), [
      'failures/html-login-200.html',
      'failures/real-airbnb-empty-body.txt',
      'failures/real-airbnb-json-500.txt',
      'hard/rc-malformed_ics_calendar.ics',
    ]);
  });

  it('of Airbnb and Booking.com give every event, the stays told from the blocks', () => {
    for (const name of globSync('{airbnb,booking}/*.ics', { cwd: FIXTURES })) {
      const good = scan(feed(name)).filter(({ lasts }) => lasts);
      const { reservations } = read(feed(name));
      assert.deepEqual(reservations.map(({ uid }) => uid).sort(), good.map(({ uid }) => uid).sort(), name);
      assert.equal(reservations.filter(isStay).length, good.filter(({ block }) => !block).length, name);
      assert.equal(new Set(reservations.map(({ id }) => id)).size, reservations.length, name);
    }
  });

  it('of Airbnb give a reservation code and last four digits for every stay', () => {
    const stays = read(feed('airbnb/real-L6-march.ics')).reservations.filter(isStay);
    assert.equal(stays.length, 34);
    assert.ok(
      stays.every(({ reservationCode, phoneLast4 }) => reservationCode !== null && phoneLast4 !== null),
    );
  });

  it('of other sites and systems give the stays with what they say', () => {
    const said = (name: string): unknown[] =>
      read(feed(name)).reservations.map(
        ({ dialect, status, guestName, reservationCode, phoneLast4, partySize }) =>
          [dialect, status, guestName, reservationCode, phoneLast4, partySize].join(' '),
      );
    assert.deepEqual(said('other-ota/agoda.ics'), ['agoda confirmed    ']);
    assert.deepEqual(said('other-ota/expedia-mock.ics'), ['expedia confirmed Guest Name   3']);
    assert.deepEqual(said('pms/ownerrez-or.ics'), ['ownerrez confirmed    ']);
    assert.deepEqual(said('pms/smoobu-triplet-synthetic.ics'), ['smoobu confirmed Guest One   ']);
    assert.deepEqual(said('pms/guesty-blocked-by-synthetic.ics'), [
      'guesty confirmed    ',
      'guesty confirmed    ',
      'guesty confirmed  VRB-HA-ABC123-DEF45 4321 ',
    ]);
    assert.deepEqual(said('pms/google-allday-and-timed.ics'), ['google blocked    ', 'google confirmed    ']);
    assert.deepEqual(said('pms/manual-event-rc176.ics'), ['generic confirmed Guest arrival - 1 day  5678 1']);
    assert.deepEqual(said('hard/rc-vrbo_ics_calendar.ics'), ['vrbo confirmed Bob Johnson XYZ789 0123 3']);
    assert.deepEqual(said('other-ota/vrbo-abritel-fr.ics'), [
      'vrbo confirmed Prénom   ',
      'vrbo confirmed M & Mme   ',
      'vrbo blocked    ',
      'vrbo confirmed    ',
      'vrbo tentative Prénom   ',
    ]);
  });

  it('lose nothing for a bad neighbour', () => {
    const uids = (name: string): (string | null)[] => read(feed(name)).reservations.map(({ uid }) => uid);
    assert.deepEqual(uids('hard/malformed-line-in-one-event.ics'), ['good-1', 'bad', 'good-10']);
    const name = 'hard/nodeical-large-file-with-late-error.ics';
    // Its days run up to the 31st in every month, so a few are no days at all.
    const isDay = (text: string): boolean => new Date(`${text}T00:00Z`).toISOString().startsWith(text);
    const good = [
      ...feed(name)
        .toString()
        .matchAll(/DTSTART:(....)(..)(..)T.*\s+DTEND:.*\s+SUMMARY:.*\s+UID:(.*)/g),
    ]
      .filter(([, year, month, day]) => isDay(`${year}-${month}-${day}`))
      .map(([, , , , uid]) => uid?.trim());
    assert.equal(good.length, 394);
    assert.deepEqual(uids(name).sort(), good.sort());
  });

  it('keep the id of every reservation from poll to poll, while its UID or its check-out stays', () => {
    const idsOf = (name: string): string[] =>
      read(feed(name))
        .reservations.map(({ id }) => id)
        .sort();
    assert.deepEqual(
      idsOf('airbnb/real-change-start-moved-after.ics'),
      idsOf('airbnb/real-change-start-moved-before.ics'),
    );
    const running = 'booking 2026-08-31';
    assert.ok(
      idsOf('booking/real-R1-roll-1.ics').includes(running) &&
        idsOf('booking/real-R1-roll-2.ics').includes(running),
    );
  });

  it('give every reservation of every poll of the Airbnb crawl', () => {
    const polls = gunzipSync(feed('replay/airbnb.jsonl.gz')).toString().split('\n').slice(1);
    let reservations = 0;
    for (const line of polls) {
      const { events } = JSON.parse(line || '{}') as {
        events?: { uid: string; start: string; end: string; summary: string }[];
      };
      if (!events) continue;
      const body = calendar(
        ...events.map(({ uid, start, end, summary }) => days(uid, start, end, `SUMMARY:${summary}`)),
      );
      const found = read(body).reservations;
      assert.equal(found.length, events.length);
      assert.equal(
        found.filter(isStay).length,
        events.filter(({ summary }) => summary === 'Reserved').length,
      );
      reservations += found.length;
    }
    assert.ok(reservations > 10_000);
  });
});
