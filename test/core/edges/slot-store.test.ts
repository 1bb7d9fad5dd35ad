import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import type { SlotRecord } from '../../../core/src/programmed-locks/slot-record.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { makeThirdRelease } from './earlier-registers.ts';

const waiting: SlotRecord = {
  ...{ lockId: 'door', accessCodeId: 'a', pinFrom: 'a', pinChoice: 0, slot: null },
  ...{ window: { startsAtMs: 1000, endsAtMs: 2000 }, setAtMs: null, sent: null, tries: 0 },
  ...{ toldAtMs: null, clearedAtMs: null, failure: null },
};
const set: SlotRecord = {
  ...{ ...waiting, accessCodeId: 'b', pinChoice: 2, slot: 0, setAtMs: 500, tries: 3 },
  ...{ sent: { command: 'clear', atMs: 600 }, toldAtMs: 550, clearedAtMs: 700 },
  failure: { message: 'the lock has not confirmed it', atMs: 650 },
};

describe('slot store', () => {
  let path: string;
  const write = (...records: SlotRecord[]): void => {
    const store = openAccessCodeStore(path);
    store.slots.changeLock('door', () => ({ records }));
    store.close();
  };
  const read = (lockId = 'door'): SlotRecord[] => {
    const store = openAccessCodeStore(path);
    const records = store.slots.readLock(lockId);
    store.close();
    return records;
  };

  beforeEach(() => {
    path = join(scratchFolder(), 'register.sqlite');
  });
  afterEach(removeScratch);

  it('keeps the records of a lock over a restart, each field', () => {
    write(waiting, set);
    assert.deepEqual(read(), [waiting, set]);
    assert.deepEqual(read('another door'), []);
  });

  it('takes over what a plan changed, and drops what it dropped', () => {
    write(waiting, set);
    write({ ...waiting, slot: 4, sent: { command: 'set', atMs: 900 } });
    assert.deepEqual(read(), [{ ...waiting, slot: 4, sent: { command: 'set', atMs: 900 } }]);
  });

  it('plans on what is there, and writes nothing of a plan that fails', () => {
    write(waiting);
    const store = openAccessCodeStore(path);
    assert.throws(() =>
      store.slots.changeLock('door', (records) => {
        assert.deepEqual(records, [waiting]);
        throw new Error('no plan');
      }),
    );
    store.close();
    assert.deepEqual(read(), [waiting]);
  });

  it('opens the register of the last release', () => {
    makeThirdRelease(path);
    write(set);
    assert.deepEqual(read(), [set]);
  });
});
