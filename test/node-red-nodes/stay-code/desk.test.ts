import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Action, compileRules, DEFAULT_HOUSE_RULES, DEFAULT_OUTBOX_POLICY } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import {
  type Happening,
  notesOf,
  settle,
  type StayDesk,
} from '../../../node-red-nodes/nodes/stay-code/desk.mts';
import { wantReservation } from '../../../core/src/access-codes/wanted-stay.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const NOW_MS = Date.UTC(2026, 10, 1);
const booked = (id: string, from: number, to: number, status = 'confirmed'): Happening => ({
  news: [
    wantReservation({
      ...{ id, status, guestName: null },
      ...{ startsAtMs: Date.UTC(2026, 10, from, 15), endsAtMs: Date.UTC(2026, 10, to, 11) },
    }),
  ],
});
const brief = (actions: readonly Action[]): string[] =>
  actions.map(({ action, reservationId, reason }) => `${action} ${reservationId} ${reason}`);
const notes = (actions: readonly Action[], askedId: string | null = null): string[] =>
  notesOf(actions, askedId).map(
    ({ action, lost }) => `${action.reservationId} ${action.reason} ${lost.length}`,
  );

describe('desk', () => {
  let store: AccessCodeStore;
  let desk: StayDesk;
  beforeEach(() => {
    store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'));
    let last = 0;
    desk = {
      ...{ store, policy: DEFAULT_OUTBOX_POLICY, nowMs: NOW_MS, newId: () => `id-${++last}` },
      house: {
        unit: { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' },
        ...{ rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }), hasKey: true, zone: 'UTC' },
      },
    };
  });
  afterEach(() => {
    store.close();
    removeScratch();
  });

  it('has a code and its message on record before anything is sent', () => {
    assert.deepEqual(brief(settle(desk, booked('a', 5, 8))), ['issue a new']);
    assert.equal(store.readUnit('flat-a').codes[0]?.leftAtMs, null);
    const [message] = store.outbox.readUnit('flat-a');
    assert.deepEqual([message?.reservationId, message?.state], ['a', 'queued']);
  });
  it('writes no code without its message', () => {
    const broken = {
      ...store.outbox,
      queue: () => {
        throw new Error('killed');
      },
    };
    assert.throws(
      () => settle({ ...desk, store: { ...store, outbox: broken } }, booked('a', 5, 8)),
      /killed/u,
    );
    assert.deepEqual(store.readUnit('flat-a').codes, []);
    settle(desk, booked('a', 5, 8));
    assert.equal(store.outbox.readUnit('flat-a').length, 1);
  });
  it('tells the host once why a stay has no code, and of a cancelled one what is still open', () => {
    settle(desk, booked('a', 5, 8));
    store.outbox.claimNext(NOW_MS, desk.policy);
    assert.deepEqual(notes(settle(desk, booked('b', 6, 9))), ['b conflict 0']);
    assert.deepEqual(notes(settle(desk, booked('b', 6, 9))), []);
    const actions = settle(desk, booked('a', 5, 8, 'cancelled'));
    assert.deepEqual(notes(actions), ['a cancelled 1']);
    assert.deepEqual(brief(actions), ['revoke a cancelled', 'issue b new']);
  });
  it('says that a stay is over only to who asks', () => {
    const over = { ...desk, nowMs: Date.UTC(2027, 0) };
    assert.deepEqual(notes(settle(over, booked('a', 5, 8)), 'a'), ['a over 0']);
    assert.deepEqual(notes(settle(over, booked('a', 5, 8))), []);
    assert.deepEqual(store.readUnit('flat-a'), { codes: [], stays: [], overrides: [] });
  });
});
