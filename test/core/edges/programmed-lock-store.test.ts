import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { SlotRecord } from '../../../core/src/programmed-locks/slot-record.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { CODE, ISSUED_MS, LEFT } from '../access-codes/record-example.ts';

const slot: SlotRecord = {
  ...{ lockId: 'door', accessCodeId: CODE.id, pinFrom: CODE.id, pinChoice: 0, slot: 3 },
  ...{ window: { startsAtMs: CODE.startsAtMs, endsAtMs: CODE.endsAtMs }, setAtMs: 1, tries: 1 },
  ...{ sent: { command: 'set', atMs: 1 }, toldAtMs: ISSUED_MS, clearedAtMs: null, failure: null },
};

describe('locks that keep their own list, in the register', () => {
  let store: AccessCodeStore;
  let nowMs = ISSUED_MS;
  const read = () => store.readRecords('flat-a')[0]?.record;
  const put = (...records: SlotRecord[]): void => {
    store.slots.changeLock(records[0]?.lockId ?? '', () => ({ records }));
  };

  beforeEach(() => {
    nowMs = ISSUED_MS;
    store = openAccessCodeStore(join(scratchFolder(), 'register.sqlite'), () => nowMs);
    store.changeUnit('flat-a', () => ({ put: [LEFT] }));
  });
  afterEach(() => {
    store.close();
    removeScratch();
  });

  it('hold a code back from being set until each of them has it', () => {
    assert.equal(read()?.status, 'set');
    for (const lockId of ['door', 'gate'])
      store.programmed.serve(lockId, [{ unitId: 'flat-a', isListedOnly: false }]);
    assert.equal(read()?.status, 'setting');
    put(slot);
    assert.equal(read()?.status, 'setting');
    put({ ...slot, lockId: 'gate' });
    assert.equal(read()?.status, 'set');
    put({ ...slot, lockId: 'gate', toldAtMs: null, failure: { message: 'full', atMs: ISSUED_MS } });
    assert.equal(read()?.errors[0]?.error_code, 'failed_to_set_on_device');
    store.programmed.serve('gate', []);
    put({ ...slot, lockId: 'gate', clearedAtMs: ISSUED_MS });
  });

  it('show a code that was called off as gone once it is out of every list, where there are only lists', () => {
    store.programmed.serve('door', [{ unitId: 'flat-a', isListedOnly: true }]);
    put(slot);
    store.changeUnit('flat-a', () => ({ put: [{ ...LEFT, withdrawnAtMs: ISSUED_MS }] }));
    assert.equal(read()?.status, 'removing');
    put({ ...slot, toldAtMs: null, clearedAtMs: ISSUED_MS + 1 });
    assert.equal(read(), undefined);
    store.programmed.serve('door', [{ unitId: 'flat-a', isListedOnly: false }]);
    assert.equal(read()?.status, 'removing');
  });

  it('remember what was told of a slot', () => {
    const told = { pinChoice: 2, failure: null };
    store.programmed.writeTold('door', CODE.id, told);
    assert.deepEqual([...store.programmed.readTold('door')], [[CODE.id, told]]);
  });
});
