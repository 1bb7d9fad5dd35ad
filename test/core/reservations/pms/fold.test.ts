import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gate } from '../../../../core/src/reservations/pms/gate.ts';
import {
  foldPms,
  forgetPms,
  listRefetches,
  listStays,
  type PmsEvent,
  type PmsState,
} from '../../../../core/src/reservations/pms/fold.ts';
import { PMS_NAMES, readBody, type Variation } from './bodies.ts';

const START_MS = Date.UTC(2026, 10, 1, 12);
const at = (minute: number): number => START_MS + minute * 60_000;

function event(
  via: PmsEvent['via'],
  minute: number,
  variation: Variation = {},
  pms = PMS_NAMES[0]!,
): PmsEvent {
  return {
    via,
    seenAtMs: at(minute),
    reading: { kind: 'reservation', reservation: readBody(pms, variation) },
  };
}

/** `room from day`, or `room -` for one that was left; and whether the gate is open. */
function summary(state: PmsState): string[] {
  return listStays(state).map(
    ({ unitRef, window, reservation }) =>
      `${unitRef} ${window ? new Date(window.startsAtMs).getUTCDate() : '-'} ${gate(reservation).pass ? 'open' : 'shut'}`,
  );
}

describe('state of PMS reservations', () => {
  it("keeps the newest by the PMS's own time, in whatever order events come", () => {
    const unpaid = event('webhook', 1, { money: 'unpaid', changedMinute: 1 });
    const paid = event('webhook', 2, { money: 'paid', changedMinute: 2 });
    const late = event('webhook', 9, { money: 'unpaid', changedMinute: 1 });
    assert.deepEqual(summary(foldPms({}, [unpaid, paid, late])), ['41 27 open']);
    assert.deepEqual(foldPms({}, [late, unpaid, paid]), foldPms({}, [unpaid, paid, late, paid]));
  });

  it('closes the gate at a refund, in a webhook or a poll', () => {
    const paid = event('webhook', 1, { money: 'paid', changedMinute: 1 });
    for (const via of ['webhook', 'poll'] as const)
      assert.deepEqual(summary(foldPms({}, [paid, event(via, 5, { money: 'refunded', changedMinute: 4 })])), [
        '41 27 shut',
      ]);
  });

  it('sees a payment that the PMS does not count as a change, at the next poll', () => {
    const before = [event('webhook', 0, { money: 'unpaid' }), event('poll', 1, { money: 'unpaid' })];
    const after = event('poll', 2, { money: 'paid' });
    assert.deepEqual(summary(foldPms({}, [...before, after])), ['41 27 open']);
    assert.deepEqual(summary(foldPms({}, [after, ...before])), ['41 27 open']);
  });

  it('ends the stay in the old room and begins one in the new', () => {
    const first = event('webhook', 1, { money: 'paid', room: 41, changedMinute: 1 });
    const moved = event('webhook', 2, { money: 'paid', room: 42, changedMinute: 2 });
    const state = foldPms({}, [moved, first]);
    assert.deepEqual(summary(state), ['41 - open', '42 27 open']);
    assert.deepEqual(
      listStays(state).map(({ id }) => id),
      ['hostaway/510/41', 'hostaway/510/42'],
    );
    const back = event('poll', 3, { money: 'paid', room: 41, changedMinute: 3 });
    assert.deepEqual(summary(foldPms(state, [back])), ['41 27 open', '42 - open']);
  });

  it('ends the stay of a guest who moves to a room that is run from elsewhere', () => {
    const first = event('webhook', 1, { money: 'paid', changedMinute: 1 });
    const elsewhere = readBody(
      'hostaway',
      { money: 'paid', room: 99, changedMinute: 2 },
      { houseOf: () => null },
    );
    const moved: PmsEvent = { ...first, reading: { kind: 'reservation', reservation: elsewhere } };
    assert.deepEqual(summary(foldPms({}, [moved, first])), ['41 - shut']);
  });

  it('goes by sight where a PMS tells no time of change', () => {
    const webhook = event('webhook', 5, { money: 'paid' }, 'lodgify');
    const before = event('poll', 4, { money: 'unpaid' }, 'lodgify');
    const after = event('poll', 6, { money: 'refunded' }, 'lodgify');
    assert.deepEqual(summary(foldPms({}, [webhook, before])), ['41 27 open']);
    assert.deepEqual(summary(foldPms({}, [after, webhook, before])), ['41 27 shut']);
  });

  it('lets an answer outdate every webhook about changes before it was asked for', () => {
    // Hospitable tells the time of change beside the reservation, so in webhooks only.
    const poll = event('poll', 30, { isCancelled: true }, 'hospitable');
    const reading = poll.reading;
    assert(reading.kind === 'reservation');
    const bare: PmsEvent = {
      ...poll,
      reading: { kind: 'reservation', reservation: { ...reading.reservation, updatedAtMs: null } },
    };
    const status = (events: readonly PmsEvent[]): string | undefined =>
      listStays(foldPms({}, events))[0]?.reservation.status;
    const retried = event('webhook', 300, { changedMinute: 20 }, 'hospitable');
    const fresh = event('webhook', 41, { changedMinute: 40 }, 'hospitable');
    assert.equal(status([bare, retried]), 'cancelled');
    assert.equal(status([fresh, bare, retried]), 'confirmed');
  });

  it('cancels what was deleted, for good', () => {
    const gone: PmsEvent = {
      via: 'poll',
      seenAtMs: at(5),
      reading: { kind: 'deleted', pms: 'hostaway', id: '510' },
    };
    const paid = event('webhook', 9, { money: 'paid', changedMinute: 9 });
    assert.deepEqual(summary(foldPms({}, [paid, gone])), ['41 27 shut']);
    assert.deepEqual(foldPms({}, [gone, paid]), foldPms({}, [paid, gone]));
    assert.deepEqual(summary(foldPms({}, [gone])), []);
  });

  it('lists what a webhook named until it was fetched', () => {
    const thin: PmsEvent = {
      via: 'webhook',
      seenAtMs: at(3),
      reading: { kind: 'refetch', pms: 'guesty', id: 'g1', refetch: { method: 'GET', path: '/' } },
    };
    const ignored: PmsEvent = { ...thin, reading: { kind: 'ignored', event: 'message' } };
    const named = foldPms({}, [thin, ignored]);
    assert.deepEqual(listRefetches(named), [{ pms: 'guesty', id: 'g1' }]);
    assert.deepEqual(listStays(named), []);
    const fetched = event('poll', 4, {}, 'guesty');
    assert(fetched.reading.kind === 'reservation');
    const answer = { ...fetched.reading.reservation, id: 'g1' };
    const settled = foldPms(named, [{ ...fetched, reading: { kind: 'reservation', reservation: answer } }]);
    assert.deepEqual(listRefetches(settled), []);
    assert.equal(listStays(settled).length, 1);
  });

  it('forgets what ended long ago, and nothing that is still to come', () => {
    const state = foldPms({}, [event('poll', 1)]);
    const endMs = Date.UTC(2026, 10, 30, 10);
    assert.deepEqual(forgetPms(state, endMs), state);
    assert.deepEqual(forgetPms(state, endMs + 1), {});
  });

  it('ends in the same state for any order and repetition, also after a restart', () => {
    const variation = fc.record({
      money: fc.constantFrom('paid' as const, 'unpaid' as const, 'unknown' as const),
      isCancelled: fc.boolean(),
      room: fc.integer({ min: 41, max: 43 }),
      changedMinute: fc.integer({ min: 0, max: 4 }),
    });
    const pms = fc.constantFrom(...PMS_NAMES);
    const anyEvent: fc.Arbitrary<PmsEvent> = fc.oneof(
      {
        weight: 9,
        arbitrary: fc
          .tuple(fc.constantFrom('webhook' as const, 'poll' as const), fc.nat(6), variation, pms)
          .map(([via, minute, changes, name]) => event(via, minute, changes, name)),
      },
      {
        weight: 1,
        arbitrary: pms.map((name): PmsEvent => ({
          via: 'poll',
          seenAtMs: at(3),
          reading: { kind: 'deleted', pms: name, id: '510' },
        })),
      },
    );
    const history = fc
      .array(anyEvent, { minLength: 1, maxLength: 12 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
          fc.nat(24),
        ),
      );
    fc.assert(
      fc.property(history, ([events, shuffled, cut]) => {
        const once = foldPms({}, events);
        const kept = JSON.parse(JSON.stringify(foldPms({}, shuffled.slice(0, cut)))) as PmsState;
        const again = foldPms(kept, shuffled.slice(cut));
        assert.deepEqual(again, once);
        assert.deepEqual(listStays(again), listStays(once));
      }),
      { numRuns: 300 },
    );
  });
});
