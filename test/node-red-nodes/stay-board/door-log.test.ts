import assert from 'node:assert/strict';
import { openHeardLog } from '@staycode/core/edges';
import type { StayLockNode } from '../../../node-red-nodes/nodes/stay-lock/stay-lock.mts';
import { lockFolder } from '../../../node-red-nodes/nodes/user-folder.mts';
import { readDoorLog } from '../../../node-red-nodes/plugins/stay-board/door-log.mts';
import { CODE } from '../../core/access-codes/record-example.ts';
import { EXAMPLE_LOCK_KEY, exampleBytes } from '../../support/example-journal.ts';
import { exampleRules } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

describe("a stay's door log on the board", () => {
  after(removeScratch);

  it('has what a lock without a log told, and says that it is no more than that', async () => {
    const userDir = scratchFolder();
    let nowMs = CODE.startsAtMs;
    const log = openHeardLog({
      ...{ folder: lockFolder(userDir, 'heard', 'nuki'), lockId: 'nuki', lockKey: EXAMPLE_LOCK_KEY },
      ...{ rules: exampleRules(), randomBytes: exampleBytes, nowMs: () => nowMs, uptimeMs: () => 0 },
      report: (line) => {
        throw new Error(line);
      },
    });
    log.add({ slot: 1 }, { ...CODE, unitId: 'flat-b' });
    log.add({ slot: 2 }, CODE);
    log.add({ slot: 3 }, null);
    nowMs += 60_000;
    log.add({ slot: 2 }, { ...CODE, revision: 7 });
    log.sign();
    log.close();
    const locks = [{ lockId: 'nuki', name: 'Nuki' } as object as StayLockNode];
    const line = { door: 'Nuki', event: 'LockOperation', reason: 'pin', who: null, isHeard: true };
    const ofUnit = await readDoorLog(userDir, locks, { unitId: 'flat-a', codes: null });
    assert.deepEqual(ofUnit, [
      { ...line, atMs: nowMs },
      { ...line, atMs: CODE.startsAtMs },
    ]);
    const ofStay = await readDoorLog(userDir, locks, { unitId: 'flat-a', codes: [CODE] });
    assert.deepEqual(ofStay, [{ ...line, atMs: CODE.startsAtMs }]);
  });
});
