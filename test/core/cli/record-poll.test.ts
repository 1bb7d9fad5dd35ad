import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRedactor, NO_REDACTOR } from '../../../core/src/cli/pseudonyms.ts';
import { recordPoll } from '../../../core/src/cli/record-poll.ts';
import { toBody } from '../../replay/crawl.ts';
import { needsShared, SHARED } from '../../support/parts.ts';
import { calendar, days, event, read } from '../reservations/feeds.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const redact = makeRedactor(new Uint8Array(32).fill(1));
const stay = days(
  'f00-abc@airbnb.com',
  '20261001',
  '20261003',
  'SUMMARY:Reserved',
  'DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/d',
  ' etails/HMABCDE234\\nPhone Number (Last 4 Digits): 0417',
);

describe('a poll as a line of the replay form', () => {
  it('keeps what the feed says where nothing is to be redacted', () => {
    assert.deepEqual(recordPoll(bytes(calendar('PRODID:-//Airbnb Inc//EN', stay)), NO_REDACTOR), {
      kind: 'ok',
      prodid: '-//Airbnb Inc//EN',
      events: [
        {
          uid: 'f00-abc@airbnb.com',
          start: '20261001',
          end: '20261003',
          summary: 'Reserved',
          hm: 'HMABCDE234',
          last4: '0417',
        },
      ],
    });
  });
  it('leaves no name, code, digit or UID when it redacts, and the shape of all of them', () => {
    const { events } = recordPoll(bytes(calendar(stay)), redact);
    const [{ uid, hm = '', last4 = '', summary }] = events as [(typeof events)[0] & object];
    assert.match(uid, /^[0-9a-f]{32}@airbnb\.com$/);
    assert.match(hm, /^HM[A-Z0-9]{8}$/);
    assert.match(last4, /^\d{4}$/);
    assert.ok(hm !== 'HMABCDE234' && last4 !== '0417' && summary === 'Reserved');
  });
  it('keeps the words of the OTAs in a summary and no other', () => {
    const summaries = [
      'CLOSED - Not available',
      'Reserved - Zoë Müller',
      'Müller',
      'Réservée - Zoë',
      'room 0417',
    ];
    const body = calendar(
      ...summaries.map((summary, at) => days(`${at}@x.org`, '20261001', '20261003', `SUMMARY:${summary}`)),
    );
    const redacted = recordPoll(bytes(body), redact).events.map(({ summary }) => summary);
    const [, full = '', last = '', french = ''] = redacted;
    assert.equal(redacted[0], summaries[0]);
    assert.match(full, /^Reserved - N\d[0-9a-f]{6} N\d[0-9a-f]{6}$/);
    assert.equal(full.split(' ')[3], last);
    assert.equal(french.split(' ')[2], full.split(' ')[2]);
    assert.doesNotMatch(JSON.stringify(redacted), /Zoë|Müller|room|0417/i);
  });
  it('keeps the domains of known sites, whose UIDs tell the dialect, and no other', () => {
    const uids = ['a@booking.com', 'a@my-house.example.org', 'a'];
    const body = calendar(...uids.map((uid) => days(uid, '20261001', '20261003')));
    const [known = '', own = '', bare = ''] = recordPoll(bytes(body), redact).events.map(({ uid }) => uid);
    assert.match(known, /@booking\.com$/);
    assert.doesNotMatch(own, /house/);
    assert.equal(known.split('@')[0], bare);
  });
  it('is another with another key, and the same with the same', () => {
    const other = makeRedactor(new Uint8Array(32).fill(2));
    const body = bytes(calendar(stay));
    assert.deepEqual(recordPoll(body, redact), recordPoll(body, redact));
    assert.notDeepEqual(recordPoll(body, redact).events, recordPoll(body, other).events);
  });
  it('keeps a PRODID that tells the dialect, and no word of another', () => {
    const prodIdOf = (prodId: string): string =>
      recordPoll(bytes(calendar(`PRODID:${prodId}`, stay)), redact).prodid ?? '';
    assert.equal(prodIdOf('-//Smoobu//EN'), '-//Smoobu//EN');
    assert.doesNotMatch(prodIdOf("-//Zoë's house//EN"), /Zoë|house/);
  });
  it('keeps times as they are written', () => {
    const timed = event('UID:a', 'DTSTART;TZID="Europe/Berlin":20261001T150000', 'DTEND:20261003T090000Z');
    const [first] = recordPoll(bytes(calendar(timed)), redact).events;
    assert.deepEqual([first?.start, first?.end], ['20261001T150000', '20261003T090000Z']);
  });
  for (const [kind, body] of [
    ['empty-body', ''],
    ['json-500', '{"code":500}'],
    ['html', '<!doctype html><title>Zoë, log in</title>'],
    ['empty-vcalendar', calendar()],
    ['truncated', calendar(stay).slice(0, -20)],
  ] as const) {
    it(`knows ${kind} for what it is`, () => {
      const poll = recordPoll(bytes(body), redact);
      assert.equal(poll.kind, kind);
      assert.doesNotMatch(JSON.stringify(poll), /Zoë|f00|HMABCDE234/);
    });
  }
});

/** What the reader makes of a calendar; who is who is told by numbers, so that pseudonyms and names compare. */
function essence(body: Uint8Array | string): unknown[] {
  const seen = new Map<string, number>();
  const numbered = (kind: string, value: string | null): number | null => {
    if (value === null) return null;
    const key = `${kind} ${value.toLowerCase()}`;
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key) ?? null;
  };
  return read(body).reservations.map(
    ({ uid, id: _id, summary: _summary, guestName, reservationCode, phoneLast4, ...rest }) => ({
      ...rest,
      uid: numbered('uid', uid),
      guest: numbered('guest', guestName),
      code: numbered('code', reservationCode),
      // Four digits are too few for a pseudonym each; nothing goes by them.
      hasLast4: phoneLast4 !== null,
    }),
  );
}

/** Recorded with and without pseudonyms, a body reads as it did when it came. */
function readsTheSame(body: Uint8Array, name: string): void {
  const expected = essence(body);
  for (const redactor of [NO_REDACTOR, redact]) {
    const { kind, events, ...head } = recordPoll(body, redactor);
    assert.deepEqual(essence(toBody(kind, events, head)), expected, name);
  }
}

describe('a recorded poll, read again', () => {
  const whole = (uid: string, ...lines: string[]): string => days(uid, '20261001', '20261003', ...lines);
  const bodies: Record<string, string> = {
    'a guest by name, with code, phone and party': calendar(
      'PRODID:-//Hospitable//EN',
      whole(
        '1',
        'SUMMARY:Zoë Müller',
        'DESCRIPTION:Guest: Zoë Müller\\nGuests: 3\\nConfirmation code: AB12-CD34\\nPhone: +1 555 010 4321',
      ),
    ),
    'stays that are tentative or cancelled, and revisions': calendar(
      whole('1', 'SUMMARY:Reserved', 'STATUS:TENTATIVE'),
      whole('2', 'SUMMARY:Reserved', 'STATUS:CANCELLED'),
      whole('3', 'SUMMARY:Reserved', 'SEQUENCE:2'),
      days('3', '20261005', '20261006', 'SUMMARY:Reserved', 'SEQUENCE:3'),
    ),
    'durations, zones and recurrences': calendar(
      'X-WR-TIMEZONE:America/New_York',
      ...['BEGIN:VTIMEZONE', 'TZID:Home', 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZNAME:Zoë'],
      ...['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0200', 'END:STANDARD', 'END:VTIMEZONE'],
      event('UID:1', 'DTSTART;VALUE=DATE:20261001', 'DURATION:P4D', 'SUMMARY:Reserved'),
      event('UID:2', 'DTSTART;TZID=Home:20261001T150000', 'DTEND;TZID=Home:20261003T100000'),
      event('UID:3', 'DTSTART:20261001T150000', 'DTEND:20261003T100000'),
      event('UID:4', 'DTSTART:20261001T150000Z', 'DTEND:20261003T100000Z', 'RRULE:FREQ=WEEKLY;COUNT=3'),
    ),
    'words of every language': calendar(
      ...[
        'Gesperrt - Zoë',
        'Réservée - Zoë',
        'nicht verfügbar',
        'No disponible: Zoë',
        'Gereserveerd',
        'Voorlopig - Zoë',
      ].map((summary, at) => whole(`${at}`, `SUMMARY:${summary}`)),
      ...[
        'Owner stay',
        'Cleaning',
        'out of order',
        'Booked by Zoë',
        'Airbnb (Not available)',
        'Zoë, not available',
      ].map((summary, at) => whole(`b${at}`, `SUMMARY:${summary}`)),
    ),
    'signs of single sites': calendar(
      whole('expedia_XYZ789', 'SUMMARY:Zoë'),
      whole('1@flipkey.com', 'SUMMARY:FlipKey: Zoë'),
      whole('2@mail.guesty.com', 'SUMMARY:Reservation VRB-HA-ABC123-DEF45'),
      whole('3', 'SUMMARY:Blocked By Guesty'),
      whole('4@booking.com', 'SUMMARY:CLOSED - Not available'),
      whole('5', 'SUMMARY:Zoë (HMABCDE234)'),
    ),
    'three events a stay, and an alarm': calendar(
      'PRODID:-//Smoobu//EN',
      whole('1', 'SUMMARY:Zoë (Airbnb)', 'BEGIN:VALARM', 'DESCRIPTION:Guest: Otto', 'END:VALARM'),
      event('UID:2', 'DTSTART:20261001T150000', 'DTEND:20261001T160000', 'SUMMARY:Check-in Zoë'),
    ),
  };
  for (const [name, body] of Object.entries(bodies)) {
    it(`is the same: ${name}`, () => {
      assert.ok(read(body).reservations.length > 0);
      readsTheSame(bytes(body), name);
      const recorded = JSON.stringify(recordPoll(bytes(body), redact));
      assert.doesNotMatch(recorded, /Zoë|Müller|Otto|ABC123|XYZ789|AB12|4321|HMABCDE234/);
    });
  }
  it('is the same for every feed that was seen', function () {
    needsShared(this);
    const files = globSync(join(SHARED, 'fixtures/{airbnb,booking,other-ota,pms,hard}/*.ics'));
    assert.ok(files.length > 50);
    for (const file of files) {
      const body = readFileSync(file);
      if (recordPoll(body, NO_REDACTOR).kind === 'ok') readsTheSame(body, file.slice(file.lastIndexOf('/')));
    }
  });
});
