import assert from 'node:assert/strict';
import { type Details, readDetails } from '../../../../core/src/reservations/dialects/details.ts';

const party = (...lines: string[]): number | null => readDetails(lines.join('\n')).partySize;
const code = (line: string): string | null => readDetails(line).reservationCode;

describe('details in a description', () => {
  it('are name, party, code and the end of the phone number; the e-mail is not kept', () => {
    const text = [
      'Guest Name : Ada Example',
      'Email: ada@example.com',
      'Phone : +1 555 010 5678',
      'Guests: 3',
      'Confirmation code: AB12-34',
    ];
    const expected: Details = {
      guestName: 'Ada Example',
      reservationCode: 'AB12-34',
      phoneLast4: '5678',
      partySize: 3,
    };
    assert.deepEqual(readDetails(text.join('\n')), expected);
    assert.deepEqual(readDetails(text.map((line) => `<p>${line}</p>`).join('<br>')), expected);
  });

  it('are read in other languages', () => {
    assert.equal(party('Gäste: 2'), 2);
    assert.equal(party('Huéspedes: 4'.normalize('NFD')), 4);
    assert.equal(readDetails('Voyageur : Zoé').guestName, 'Zoé');
    assert.equal(readDetails('Téléphone: 06 12 34 56 78').phoneLast4, '5678');
  });

  it('count the party in any of its forms', () => {
    assert.equal(party('Guests: 3 (2 adults, 1 child)'), 3);
    assert.equal(party('Guests: 2 adults, 1 child'), 3);
    assert.equal(party('Adults: 2', 'Children: 1'), 3);
    assert.equal(party('Guests: 1', 'Adults: 1', 'Children: 0'), 1);
    assert.equal(party('Guest: 2'), 2);
    for (const line of ['Guests: 0', 'Guests: many', 'Guests:', 'Children: 1', 'Guests: 2026']) {
      assert.equal(party(line), null, line);
    }
  });

  it('have the code alone, at the end of an address, and no word in its place', () => {
    assert.equal(code('Reservation URL: https://example.com/hosting/details/XY12345?from=mail'), 'XY12345');
    assert.equal(code('Booking ID: 4711'), '4711');
    for (const line of ['Booking: confirmed', 'Reservation: Ada 2', 'Booking: 12', 'Other: AB12']) {
      assert.equal(code(line), null, line);
    }
  });

  it('have last digits only where there are four', () => {
    assert.equal(readDetails('Phone Number(Last 4 Digits): 0417\nPhone: +1 555 010 5678').phoneLast4, '0417');
    assert.equal(readDetails('Phone: 12').phoneLast4, null);
  });
});
