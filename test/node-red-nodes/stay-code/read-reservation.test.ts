import assert from 'node:assert/strict';
import { readReservation } from '../../../node-red-nodes/nodes/stay-code/read-reservation.mts';

const payload = { id: 'a', startsAt: '2026-11-27T15:00+01:00', endsAt: '2026-11-30T10:00:00Z' };

describe('readReservation', () => {
  it('takes milliseconds and ISO times with a zone', () => {
    const stay = { id: 'a', source: 'hand', guestName: null, status: 'confirmed', displaces: [] };
    const times = {
      startsAtMs: Date.parse('2026-11-27T14:00:00Z'),
      endsAtMs: Date.parse('2026-11-30T10:00:00Z'),
    };
    assert.deepEqual(readReservation(payload), { ...stay, ...times });
    assert.deepEqual(readReservation({ id: 'a', ...times }), { ...stay, ...times });
    const fromFeed = readReservation({ id: 'a', ...times, dialect: 'airbnb' });
    assert.deepEqual(fromFeed, { ...stay, ...times, source: 'feed' });
  });
  it('says which field was expected to be what', () => {
    for (const [wrong, message] of [
      ['text', /msg\.payload: expected a reservation/u],
      [{ ...payload, id: '' }, /\.id: expected a text/u],
      [{ ...payload, startsAt: '2026-11-27T15:00' }, /\.startsAt: expected a time with a zone/u],
      [{ ...payload, endsAt: 'soon' }, /\.endsAt: expected a time with a zone/u],
      [{ ...payload, endsAt: payload.startsAt }, /\.endsAt: expected a time after the start/u],
    ] as const) {
      const answer = readReservation(wrong);
      assert.ok(typeof answer === 'string');
      assert.match(answer, message);
    }
  });
});
