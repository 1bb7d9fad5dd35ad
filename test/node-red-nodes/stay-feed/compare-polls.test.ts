import assert from 'node:assert/strict';
import type { Reservation } from '../../../core/src/reservations/reservation.ts';
import { comparePolls, type KnownStay } from '../../../node-red-nodes/nodes/stay-feed/compare-polls.mts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 10, 1, 12);

function stay(id: string, from: number, to: number, more: Partial<Reservation> = {}): Reservation {
  const times = { startsAtMs: NOW_MS + from * DAY_MS, endsAtMs: NOW_MS + to * DAY_MS };
  const told = { guestName: null, reservationCode: null, phoneLast4: null, mayBeClosure: false };
  return {
    id,
    uid: id,
    dialect: 'airbnb',
    status: 'confirmed',
    ...times,
    summary: 'Reserved',
    ...told,
    ...more,
  };
}

/** Polls one after the other, each so many hours after the first; what was told, as `event id`. */
function tell(
  polls: readonly (readonly [hour: number, reservations: Reservation[], isComplete?: boolean])[],
): string[] {
  let known: readonly KnownStay[] = [];
  return polls.flatMap(([hour, reservations, isComplete = true]) => {
    const comparison = comparePolls(known, { reservations, isComplete, atMs: NOW_MS + hour * HOUR_MS });
    known = comparison.known;
    return comparison.events.map(({ event, reservation }) => `${event} ${reservation.id}`);
  });
}

const a = stay('a', 5, 8);
const b = stay('b', 10, 12);
const c = stay('c', 20, 22);
const first: [number, Reservation[]] = [0, [a, b, c]];
const told = ['new a', 'new b', 'new c'];

describe('comparePolls', () => {
  it('tells each stay once, and neither blocks nor tentative time nor what is over', () => {
    const others = [
      stay('x', 3, 4, { status: 'blocked' }),
      stay('y', 3, 4, { status: 'tentative' }),
      stay('z', -4, -1),
    ];
    assert.deepEqual(
      tell([
        [0, [a, ...others]],
        [1, [a]],
      ]),
      ['new a'],
    );
  });
  it('tells moved times as a change, and a corrected name not at all', () => {
    assert.deepEqual(tell([first, [1, [stay('a', 5, 9), b, c]]]), [...told, 'changed a']);
    assert.deepEqual(tell([first, [1, [{ ...a, guestName: 'Ann', phoneLast4: '1234' }, b, c]]]), told);
  });
  it('tells a cancellation after three good polls over an hour, and the freed nights before the next guest', () => {
    const rest: Reservation[] = [b, c];
    assert.deepEqual(tell([first, [1, rest], [1.5, rest], [2, [...rest, stay('d', 5, 8)]]]), [
      ...told,
      'cancelled a',
      'new d',
    ]);
  });
  it('believes neither two misses nor three within the hour', () => {
    assert.deepEqual(tell([first, [1, [b, c]], [9, [b, c]]]), told);
    assert.deepEqual(tell([first, [1, [b, c]], [1.1, [b, c]], [1.2, [b, c]]]), told);
  });
  it('starts to count again once the stay is back', () => {
    assert.deepEqual(tell([first, [1, [b, c]], [2, [b, c]], [3, [a, b, c]], [4, [b, c]], [5, [b, c]]]), told);
  });
  it('takes no calendar without stays and none with unreadable events as evidence', () => {
    const block = [stay('x', 3, 4, { status: 'blocked' })];
    assert.deepEqual(tell([first, [1, []], [2, block], [3, []], [4, block]]), told);
    assert.deepEqual(tell([first, [1, [b, c], false], [2, [b, c], false], [3, [b, c], false]]), told);
  });
  it('waits a day where two stays vanish at once', () => {
    assert.deepEqual(tell([first, [1, [c]], [2, [c]], [3, [c]], [24, [c]]]), told);
    assert.deepEqual(tell([first, [1, [c]], [2, [c]], [25, [c]]]), [...told, 'cancelled a', 'cancelled b']);
  });
  it('cancels for absence neither within a day of arrival nor during a stay nor beyond the horizon', () => {
    for (const odd of [stay('a', 1, 3), stay('a', -1, 3), stay('a', 362, 364)]) {
      assert.deepEqual(
        tell([
          [0, [odd, b]],
          [1, [b]],
          [2, [b]],
          [3, [b]],
        ]),
        ['new a', 'new b'],
      );
    }
  });
  it("takes the calendar's own word for a cancellation, but not once the stay has begun", () => {
    assert.deepEqual(tell([first, [1, [{ ...a, status: 'cancelled' }, b, c]]]), [...told, 'cancelled a']);
    const here = stay('a', -1, 3);
    assert.deepEqual(
      tell([
        [0, [here, b]],
        [1, [{ ...here, status: 'cancelled' }, b]],
      ]),
      ['new a', 'new b'],
    );
  });
});
