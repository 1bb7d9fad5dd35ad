import assert from 'node:assert/strict';
import { parseMapping } from '../../../../core/src/reservations/pms/mapping.ts';
import { PMS_MAPPINGS } from '../../../../core/src/reservations/pms/mappings/all.ts';
import { readPms } from '../../../../core/src/reservations/pms/read-pms.ts';
import { gate } from '../../../../core/src/reservations/pms/gate.ts';
import { context } from './bodies.ts';

/** As a host would fill it in, for a PMS that is not known here. */
const own = {
  pms: 'my-pms',
  record: ['payload.booking'],
  event: { path: '/type', words: { booked: 'read', gone: 'cancelled' } },
  id: 'number',
  room: { unitRef: 'flat', arrival: 'from', departure: 'to', arrivalTime: 'from_time' },
  status: { path: 'state', words: { ok: 'confirmed', asked: 'enquiry' } },
  payment: { paid: 'money.in', total: 'money.all' },
  guestName: ['who'],
  language: 'tongue',
  languages: { 4: 'fr' },
};
const body = (type: string): unknown => ({
  type,
  payload: {
    booking: {
      number: 17,
      flat: 'attic',
      from: '2026-11-27',
      to: '2026-11-30',
      from_time: '16:30',
      state: 'OK',
      money: { in: '80', all: 80 },
      who: ' Noor ',
      tongue: 4,
    },
  },
});

describe('mapping of a PMS', () => {
  it("reads a PMS by the host's own mapping, given as data", () => {
    const reading = readPms(parseMapping(JSON.parse(JSON.stringify(own))), body('booked'), context);
    assert(reading.kind === 'reservation');
    const { reservation } = reading;
    assert.equal(reservation.id, '17');
    assert.equal(reservation.guestName, 'Noor');
    assert.equal(reservation.language, 'fr');
    assert.equal(reservation.rooms[0]?.startsAtMs, Date.UTC(2026, 10, 27, 15, 30));
    assert.equal(gate(reservation).pass, true);
  });

  it('counts an event as a cancellation, whatever the status says', () => {
    const reading = readPms(parseMapping(own), body('gone'), context);
    assert(reading.kind === 'reservation' && reading.reservation.status === 'cancelled');
  });

  it('accepts all mappings that it comes with', () => {
    for (const mapping of Object.values(PMS_MAPPINGS)) assert.deepEqual(parseMapping(mapping), mapping);
  });

  it('names the field of a mapping that is wrong', () => {
    for (const [changes, field] of [
      [{ pms: 'My PMS' }, 'pms'],
      [{ id: '' }, 'id'],
      [{ status: { path: 'state', words: { ok: 'fine' } } }, 'status.words.ok'],
      [{ payment: { amount: 'x' } }, 'payment.amount'],
      [{ refetch: 'https://elsewhere/{id}' }, 'refetch'],
      [{ room: { unitRef: 'flat', arrival: 'from' } }, 'room.departure'],
    ] as const)
      assert.throws(
        () => parseMapping({ ...own, ...changes }),
        (error: Error & { code?: string }) =>
          error.code === 'bad-config' && error.message.startsWith(`PMS mapping: ${field}: expected `),
      );
  });

  it('reads no field that every object has', () => {
    const mapping = parseMapping({ ...own, guestName: ['toString', 'constructor.name'] });
    const reading = readPms(mapping, body('booked'), context);
    assert(reading.kind === 'reservation' && reading.reservation.guestName === null);
  });
});
