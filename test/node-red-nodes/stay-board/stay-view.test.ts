import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DEFAULT_OUTBOX_POLICY, toCodeId } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import { type StayView, viewStays } from '../../../node-red-nodes/plugins/stay-board/stay-view.mts';
import type { UnitView } from '../../../node-red-nodes/plugins/stay-board/snapshot.mts';
import { warningsOf } from '../../../node-red-nodes/plugins/stay-board/warnings.mts';
import { LEFT } from '../../core/access-codes/record-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const view = (store: AccessCodeStore, nowMs: number): StayView[] => {
  const records = store.readUnit(LEFT.unitId);
  return viewStays(store, LEFT.unitId, { records, nowMs, doorOf: (lockId) => `Door ${lockId}` });
};

describe("a stay's bar", () => {
  afterEach(removeScratch);

  it('says of a door that keeps its own list whether the code is in it, as platforms read it', () => {
    const nowMs = LEFT.startsAtMs - 3_600_000;
    const store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'), () => nowMs);
    const { unitId } = LEFT;
    const states = (): string[] => view(store, nowMs).map(({ state }) => state);
    store.changeUnit(unitId, () => ({ put: [LEFT] }));
    assert.deepEqual(states(), ['set']);
    store.programmed.serve('keypad', [{ unitId, isListedOnly: true }]);
    assert.deepEqual(states(), ['setting']);
    assert.deepEqual(
      store.readRecords(unitId).map(({ record }) => record.staycode.lifecycle),
      ['setting'],
    );
    store.close();
  });

  it('names the doors at which the code that its guest has was ended, and the host is warned of each', () => {
    const nowMs = LEFT.startsAtMs - 3_600_000;
    const store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'), () => nowMs);
    store.changeUnit(LEFT.unitId, () => ({ put: [LEFT] }));
    assert.deepEqual(view(store, nowMs)[0]?.endedAt, []);
    store.ends.ended(toCodeId(LEFT), 'street', nowMs);
    const stays = view(store, nowMs);
    assert.deepEqual([stays[0]?.state, stays[0]?.endedAt], ['set', ['Door street']]);
    const units = [{ unitId: LEFT.unitId, stays } as object as UnitView];
    assert.deepEqual(
      warningsOf(units, { nowMs, feeds: [], others: [] }).map(({ level, kind, detail }) => [
        level,
        kind,
        detail,
      ]),
      [['bad', 'ended-at-door', 'Door street']],
    );
    // Ended as it should be: the stay is called off, or over.
    assert.deepEqual(view(store, LEFT.endsAtMs)[0]?.endedAt, []);
    store.changeUnit(LEFT.unitId, () => ({ put: [{ ...LEFT, withdrawnAtMs: nowMs }] }));
    assert.deepEqual([view(store, nowMs)[0]?.state, view(store, nowMs)[0]?.endedAt], ['revoked', []]);
    store.close();
  });

  it('warns of a guest who has not been told since check-in, but not of one who is being told', () => {
    let nowMs = LEFT.startsAtMs + 3_600_000;
    const store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'), () => nowMs);
    const { unitId } = LEFT;
    const kinds = (): string[] =>
      warningsOf([{ unitId, stays: view(store, nowMs) } as object as UnitView], {
        ...{ nowMs, feeds: [], others: [] },
      }).map(({ kind }) => kind);
    store.changeUnit(unitId, () => ({ put: [{ ...LEFT, leftAtMs: null }] }));
    store.outbox.queue(unitId, { policy: DEFAULT_OUTBOX_POLICY, nowMs, newId: () => 'message-1' });
    assert.deepEqual(kinds(), []);
    nowMs += 59_000;
    store.outbox.claimNext(nowMs, DEFAULT_OUTBOX_POLICY);
    assert.deepEqual(kinds(), []);
    nowMs += 1_000;
    assert.deepEqual(kinds(), ['not-told']);
    store.outbox.markSent('message-1', nowMs);
    assert.deepEqual(kinds(), []);
    store.close();
  });
});
