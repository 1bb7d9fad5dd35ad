import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAccessCodeStore } from '@staycode/core/edges';
import { viewStays } from '../../../node-red-nodes/plugins/stay-board/stay-view.mts';
import { LEFT } from '../../core/access-codes/record-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

describe("a stay's bar", () => {
  afterEach(removeScratch);

  it('says of a door that keeps its own list whether the code is in it, as platforms read it', () => {
    const nowMs = LEFT.startsAtMs - 3_600_000;
    const store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'), () => nowMs);
    const { unitId } = LEFT;
    const states = (): string[] => viewStays(store, unitId, nowMs).map(({ state }) => state);
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
});
