import assert from 'node:assert/strict';
import { foldPms, listStays, type PmsStay } from '../../../../core/src/reservations/pms/fold.ts';
import type { PmsName } from '../../../../core/src/reservations/pms/mappings/all.ts';
import { writeBack, type WriteBackOptions } from '../../../../core/src/reservations/pms/write-back.ts';
import { PMS_NAMES, readBody } from './bodies.ts';

/** No code of any key: only something to look for. */
const digits = '1111 2222 3333';

function stayOf(pms: PmsName): PmsStay {
  const reading = { kind: 'reservation', reservation: readBody(pms, { money: 'paid' }) } as const;
  const [stay] = listStays(foldPms({}, [{ via: 'poll', seenAtMs: 1, reading }]));
  assert(stay);
  return stay;
}

const write = (pms: PmsName, options?: WriteBackOptions): unknown =>
  writeBack(stayOf(pms), { digits }, options);

describe('write-back of a code', () => {
  it('puts the digits where each PMS has a place for them', () => {
    assert.deepEqual(writeBack(stayOf('hostaway'), { digits, instruction: 'then the enter key' }), {
      method: 'PUT',
      path: '/v1/reservations/510',
      body: { doorCode: digits, doorCodeVendor: 'Staycode', doorCodeInstruction: 'then the enter key' },
    });
    assert.deepEqual(write('guesty'), {
      method: 'PUT',
      path: '/v1/reservations-v3/65aa00000000000000000510/notes',
      body: { notes: { keyCode: digits } },
    });
    assert.deepEqual(write('guesty', { guestyFieldId: 'field1' }), {
      method: 'PUT',
      path: '/v1/reservations-v3/65aa00000000000000000510/custom-fields',
      body: { customFields: [{ fieldId: 'field1', value: digits }] },
    });
    assert.deepEqual(write('beds24'), {
      method: 'POST',
      path: '/api/v2/bookings',
      body: [{ id: 510, infoItems: [{ code: 'door-code', text: digits }] }],
    });
    assert.deepEqual(write('lodgify'), {
      method: 'PUT',
      path: '/v2/reservations/bookings/510/keyCodes',
      body: { rooms: [{ room_type_id: 41, key_code: digits }] },
    });
    assert.deepEqual(write('smoobu', { placeholder: 'entry' }), {
      method: 'POST',
      path: '/api/custom-placeholders',
      body: { key: 'entry', defaultValue: digits, type: 1, foreignId: 510 },
    });
    assert.deepEqual(write('cloudbeds', { cloudbeds: { keyType: 'pin', issuerId: 'staycode' } }), {
      method: 'POST',
      path: '/doorlock/v1/keys',
      body: {
        propertyId: '9',
        reservationId: '510',
        subReservationId: '510-1',
        issuerId: 'staycode',
        keyType: 'pin',
        startDateTime: '2026-11-27T14:00:00Z',
        endDateTime: '2026-11-30T10:00:00Z',
        rooms: ['9-41'],
        keyCode: digits,
      },
    });
  });

  it('has nothing for a PMS without a place, or with too little set up', () => {
    assert.equal(write('hospitable'), null);
    assert.equal(write('qloapps'), null);
    assert.equal(write('cloudbeds'), null);
  });

  it('writes the digits into no path', () => {
    const options = { cloudbeds: { keyType: 'pin', issuerId: 'x' } };
    for (const pms of PMS_NAMES) {
      const path = writeBack(stayOf(pms), { digits: '111122223333' }, options)?.path ?? '';
      assert(!/1111|2222|3333/u.test(path));
    }
  });

  it('refuses an id that is no number where the PMS wants one, and leads no id into another path', () => {
    const stay = stayOf('beds24');
    const odd = (id: string): PmsStay => ({ ...stay, reservation: { ...stay.reservation, id } });
    assert.throws(() => writeBack(odd('x'), { digits }), { code: 'bad-message' });
    const hostaway = odd('../users/1');
    const path = writeBack(
      { ...hostaway, reservation: { ...hostaway.reservation, pms: 'hostaway' } },
      { digits },
    )?.path;
    assert.equal(path, '/v1/reservations/..%2Fusers%2F1');
  });
});
