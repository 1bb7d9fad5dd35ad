import assert from 'node:assert/strict';
import type { DialectName, Reservation } from '../../../../core/src/reservations/reservation.ts';
import { calendar, days, event, read, windows } from '../feeds.ts';

/** What tells each, as a PRODID and as a UID. */
const SIGNS: readonly [DialectName, prodId: string, uid: string][] = [
  ['airbnb', '-//Airbnb Inc//Hosting Calendar 1.0//EN', '1-a@airbnb.com'],
  ['vrbo', '-//HomeAway.com\\, Inc.//EN', 'a@vrbo.com'],
  ['booking', '-//admin.booking.com//EN', 'a@booking.com'],
  ['expedia', '-//Expedia Group//EN', 'expedia_A1'],
  ['agoda', '-//ycs.agoda.com//EN', 'a@agoda.com'],
  ['tripadvisor', '-//FlipKey//EN', 'a@tripadvisor.co.uk'],
  ['ownerrez', '-//github.com/rianjs/ical.net//EN', 'a@ownerrez.com'],
  ['smoobu', '-//Smoobu//EN', 'a@smoobu.com'],
  ['guesty', '-//Guesty//EN', 'a@guesty.com'],
  ['hospitable', '-//Smartbnb//EN', 'a@hospitable.com'],
  ['hostaway', '-//Hostaway//EN', 'a@hostaway.com'],
  ['lodgify', '-//Lodgify//EN', 'a@lodgify.com'],
  ['beds24', '-//Beds24//EN', 'a@beds24.com'],
  ['google', '-//Google Inc//Google Calendar 70.9054//EN', 'a@google.com'],
];

function readAs(dialect: DialectName, summary: string, ...lines: string[]): Reservation | undefined {
  const prodId = SIGNS.find(([name]) => name === dialect)?.[1] ?? '-//Nobody//EN';
  const body = calendar(
    `PRODID:${prodId}`,
    days('u', '20261001', '20261003', `SUMMARY:${summary}`, ...lines),
  );
  return read(body).reservations[0];
}

const said = (dialect: DialectName, summary: string): unknown[] => {
  const { status, guestName } = readAs(dialect, summary)!;
  return [status, guestName];
};

describe('dialects', () => {
  it('are told by the maker of the calendar, and above it by that of the event', () => {
    for (const [name, prodId, uid] of SIGNS) {
      const other = name === 'google' ? '-//Guesty//EN' : '-//Google Inc//Google Calendar 70.9054//EN';
      const dialectOf = (by: string, id: string): string | undefined =>
        read(calendar(`PRODID:${by}`, days(id, '20261001', '20261003'))).reservations[0]?.dialect;
      assert.equal(dialectOf(prodId, 'u'), name);
      assert.equal(dialectOf(other, uid), name);
    }
  });

  it('know a block where it says so, in each of them', () => {
    for (const [name] of SIGNS) {
      if (name !== 'booking') assert.equal(readAs(name, 'Not available')?.status, 'blocked', name);
    }
  });

  it('take what they do not know for a stay, in each of them', () => {
    for (const [name] of SIGNS) assert.equal(readAs(name, 'Xyz')?.status, 'confirmed', name);
  });
});

describe('Agoda', () => {
  it('takes BOOKED for a stay, with the blank before it', () => {
    assert.deepEqual(said('agoda', ' BOOKED'), ['confirmed', null]);
  });
});

describe('TripAdvisor', () => {
  it('has the name after the colon, and is known by the word', () => {
    assert.deepEqual(said('generic', 'Tripadvisor Rentals: Ada'), ['confirmed', 'Ada']);
    assert.equal(readAs('generic', 'Tripadvisor Rentals: Ada')?.dialect, 'tripadvisor');
  });
});

describe('OwnerRez', () => {
  it('has the times of its events', () => {
    const times = ['DTSTART;TZID=Europe/Paris:20261001T160000', 'DTEND;TZID=Europe/Paris:20261003T100000'];
    assert.deepEqual(windows(calendar('PRODID:ownerrez', event('UID:a', ...times, 'SUMMARY:Booked'))), [
      '2026-10-01T14:00Z/2026-10-03T08:00Z',
    ]);
  });
});

describe('Smoobu', () => {
  const extra = (word: string, at: string): string =>
    event(`UID:${word}`, `DTSTART:${at}T150000`, `DTEND:${at}T160000`, `SUMMARY:${word} Ada`);
  const events = [
    days('stay', '20261001', '20261003', 'SUMMARY:Ada (Airbnb)'),
    extra('Check-in', '20261001'),
    extra('Check-out', '20261003'),
  ];

  it('gives each stay once, with the name and without the site', () => {
    const { reservations, problems } = read(calendar('PRODID:-//Smoobu//EN', ...events));
    assert.deepEqual(
      reservations.map(({ uid, guestName }) => [uid, guestName]),
      [['stay', 'Ada']],
    );
    assert.deepEqual(problems, []);
  });

  it('gives it once through another calendar too, and keeps a stay that is called so', () => {
    assert.deepEqual(
      read(calendar(...events)).reservations.map(({ uid }) => uid),
      ['stay'],
    );
    assert.deepEqual(said('google', 'Check-in Ada'), ['confirmed', null]);
  });
});

describe('Guesty', () => {
  it('takes its block for a stay that may be a closure, also through another calendar', () => {
    for (const through of ['guesty', 'generic'] as const) {
      const { status, mayBeClosure, dialect } = readAs(through, 'Blocked By Guesty')!;
      assert.deepEqual([status, mayBeClosure, dialect], ['confirmed', true, 'guesty']);
    }
  });

  it('has the code of the reservation, and takes a name for none', () => {
    assert.equal(readAs('guesty', 'Reservation VRB-AB12')?.reservationCode, 'VRB-AB12');
    assert.equal(readAs('guesty', 'Reservation Example')?.reservationCode, null);
  });
});

describe('summaries that are names', () => {
  it('name the guest in Expedia, Smoobu, Hospitable, Lodgify and Beds24, words of booking do not', () => {
    for (const name of ['expedia', 'smoobu', 'hospitable', 'lodgify', 'beds24'] as const) {
      assert.deepEqual(said(name, 'Ada Example'), ['confirmed', 'Ada Example'], name);
      assert.deepEqual(said(name, 'Booked via somebody'), ['confirmed', null], name);
      assert.deepEqual(said(name, 'Reserved - Ada'), ['confirmed', 'Ada'], name);
    }
  });

  it('are nobody where the host chooses what stands there', () => {
    for (const name of ['google', 'hostaway', 'generic'] as const) {
      assert.deepEqual(said(name, 'Ada, 2 nights'), ['confirmed', null], name);
    }
  });
});
