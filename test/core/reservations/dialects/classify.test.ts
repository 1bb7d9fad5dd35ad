import assert from 'node:assert/strict';
import { isStay, type Reservation } from '../../../../core/src/reservations/reservation.ts';
import { calendar, days, read } from '../feeds.ts';

const AIRBNB = 'PRODID;X-RICAL-TZSOURCE=TZINFO:-//Airbnb Inc//Hosting Calendar 0.8.8//EN';
const VRBO = 'PRODID:-//HomeAway.com, Inc.//EN';
const BOOKING = 'PRODID:-//admin.booking.com\\\\\\, b.v.//NONSGML v1.0//EN';

/** The one reservation of a feed; two nights unless it ends elsewhere. */
function one(
  prodId: string,
  summary: string,
  { end = '20261003', uid = 'u', lines = [] as string[] } = {},
): Reservation {
  const { reservations } = read(calendar(prodId, days(uid, '20261001', end, `SUMMARY:${summary}`, ...lines)));
  assert.equal(reservations.length, 1);
  return reservations[0]!;
}

const status = (prodId: string, ...summaries: string[]): string[] =>
  summaries.map((summary) => one(prodId, summary).status);

describe('Airbnb', () => {
  it('tells a stay from a block, also with a listing before it', () => {
    assert.deepEqual(
      status(
        AIRBNB,
        'Reserved',
        'Airbnb (Not available)',
        'FLAT-7 Reserved',
        'FLAT-7 Airbnb (Not available)',
      ),
      ['confirmed', 'blocked', 'confirmed', 'blocked'],
    );
  });

  it('has the reservation code and the last four digits of the phone', () => {
    const text =
      'Reservation URL: https://www.airbnb.com/hosting/reservations/de\r\n tails/HMABCDE234\\nPhone Number (Last 4 Digits): 0417';
    const { reservationCode, phoneLast4, dialect } = one(AIRBNB, 'Reserved', {
      lines: [`DESCRIPTION:${text}`],
    });
    assert.deepEqual(
      { reservationCode, phoneLast4, dialect },
      { reservationCode: 'HMABCDE234', phoneLast4: '0417', dialect: 'airbnb' },
    );
  });

  it("has the guest's name in calendars of before 2019", () => {
    const { status: is, guestName, reservationCode } = one(AIRBNB, 'Ada Example (HMABCDE234)');
    assert.deepEqual([is, guestName, reservationCode], ['confirmed', 'Ada Example', 'HMABCDE234']);
  });

  it('is known by its UIDs in a calendar of another name', () => {
    assert.equal(one('PRODID:-//Merged//EN', 'Reserved', { uid: '1-a@airbnb.com' }).dialect, 'airbnb');
  });
});

describe('Vrbo', () => {
  it('tells stays, blocks and tentative bookings apart, in English and French', () => {
    assert.deepEqual(status(VRBO, 'Reserved', 'Blocked', 'Réservée', 'Indisponible', 'Provisoire - Zoé'), [
      'confirmed',
      'blocked',
      'confirmed',
      'blocked',
      'tentative',
    ]);
  });

  it('tells them apart in every other language that it is kept in', () => {
    const words = [
      ['Reserviert - Zoé', 'Nicht verfügbar', 'Vorläufig - Zoé'],
      ['Reservado - Zoé', 'No disponible', 'Provisional - Zoé'],
      ['Prenotato - Zoé', 'Non disponibile', 'Provvisorio - Zoé'],
      ['Gereserveerd - Zoé', 'Niet beschikbaar', 'Voorlopig - Zoé'],
      ['Reservado - Zoé', 'Indisponível', 'Provisório - Zoé'],
      ['Reserverad - Zoé', 'Ej tillgänglig', 'Preliminär - Zoé'],
      ['Reserveret - Zoé', 'Ikke tilgængelig', 'Foreløbig - Zoé'],
      ['Reservert - Zoé', 'Ikke tilgjengelig', 'Foreløpig - Zoé'],
      ['Varattu - Zoé', 'Ei saatavilla', 'Alustava - Zoé'],
    ];
    for (const said of words) {
      assert.deepEqual(status(VRBO, ...said), ['confirmed', 'blocked', 'tentative'], said.join());
      assert.equal(one(VRBO, said[0] ?? '').guestName, 'Zoé');
    }
  });

  it('has the name of the guest', () => {
    assert.equal(one(VRBO, 'Reserved - Ada').guestName, 'Ada');
    assert.equal(one(VRBO, 'Réservée - M & Mme').guestName, 'M & Mme');
    assert.equal(one(VRBO, 'Reserved - Vrbo').guestName, null);
    assert.equal(one(VRBO, 'Reserved').guestName, null);
  });

  it('has the words of other languages', () => {
    const languages: [string, string, string][] = [
      ['Reserviert - Ada', 'Blockiert', 'Vorläufig'],
      ['Reservado - Ada', 'No disponible', 'Provisional'],
      ['Prenotato - Ada', 'Non disponibile', 'Provvisoria'],
      ['Gereserveerd - Ada', 'Niet beschikbaar', 'Voorlopig'],
      ['Reservada: Ada', 'Indisponível', 'Provisório'],
    ];
    for (const words of languages) {
      assert.deepEqual(status(VRBO, ...words), ['confirmed', 'blocked', 'tentative'], words.join());
      assert.equal(one(VRBO, words[0]).guestName, 'Ada');
    }
  });

  it('reads accents that are written as two characters', () => {
    const { status: found, guestName } = one(VRBO, 'Réservée - Zoé'.normalize('NFD'));
    assert.deepEqual([found, guestName], ['confirmed', 'Zoé']);
  });
});

describe('Booking.com', () => {
  it('takes a range for a stay that may be a closure, up to 31 nights', () => {
    const found = (end: string): [string, boolean] => {
      const { status: is, mayBeClosure } = one(BOOKING, 'CLOSED - Not available', { end });
      return [is, mayBeClosure];
    };
    assert.deepEqual(found('20261003'), ['confirmed', true]);
    assert.deepEqual(found('20261101'), ['confirmed', true]);
    assert.deepEqual(found('20261102'), ['blocked', true]);
  });

  it('takes one with a name for a stay that is no closure, however long', () => {
    const { status: is, mayBeClosure, guestName } = one(BOOKING, 'CLOSED - Ada', { end: '20261201' });
    assert.deepEqual([is, mayBeClosure, guestName], ['confirmed', false, 'Ada']);
  });

  it('is known by its words in a calendar of another name', () => {
    assert.equal(one('PRODID:-//Merged//EN', 'CLOSED - Not available').dialect, 'booking');
  });
});

describe('any other calendar', () => {
  const plain = 'PRODID:-//Somebody//EN';

  it('takes words of closing for blocks and everything else for stays', () => {
    const blocks = [
      'Blocked',
      'Blocked - family',
      'Not available',
      'Airbnb (Not available)',
      'Unavailable',
      'Closed',
      'Maintenance',
      'Cleaning 10-12',
      'Owner stay',
      'Gesperrt',
    ];
    assert.deepEqual(new Set(status(plain, ...blocks)), new Set(['blocked']));
    const stays = ['Reserved', ' BOOKED', 'Reservation', 'Müller\\, Anna', 'Blockman', 'Chiusoli', ''];
    assert.deepEqual(new Set(status(plain, ...stays)), new Set(['confirmed']));
  });

  it('has the name of the guest where one follows the word', () => {
    assert.equal(one(plain, 'Reserved: Ada Example').guestName, 'Ada Example');
    assert.equal(one(plain, 'Booked - Ada').guestName, 'Ada');
    assert.equal(one(plain, 'Reserved').guestName, null);
    assert.equal(one(plain, 'Reserved').mayBeClosure, false);
  });
});

describe('STATUS', () => {
  it('cancels, and makes a stay tentative but no block', () => {
    const said = (summary: string, word: string): string =>
      one('PRODID:x', summary, { lines: [`STATUS:${word}`] }).status;
    assert.equal(said('Reserved', 'CANCELLED'), 'cancelled');
    assert.equal(said('Reserved', 'tentative'), 'tentative');
    assert.equal(said('Blocked', 'TENTATIVE'), 'blocked');
    assert.equal(said('Reserved', 'CONFIRMED'), 'confirmed');
  });

  it('leaves only what is confirmed a stay', () => {
    const all = ['confirmed', 'tentative', 'cancelled', 'blocked'] as const;
    assert.deepEqual(
      all.filter((is) => isStay({ status: is })),
      ['confirmed'],
    );
  });
});
