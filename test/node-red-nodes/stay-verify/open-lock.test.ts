import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deriveLockKey, type LockFile, StaycodeError } from '@staycode/core';
import { createDeviceClock, shareLock } from '../../../node-red-nodes/nodes/stay-verify/open-lock.mts';
import { EXAMPLE_SITE_KEY, exampleConfig, exampleRules } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const user = () => ({ report: () => undefined, onTrouble: () => undefined });

function fileOf(lockId: string, changes: Partial<LockFile> = {}): LockFile {
  const lockKey = deriveLockKey(EXAMPLE_SITE_KEY, lockId, 1);
  return { lockId, name: lockId, zone: 'UTC', lockKey, ...exampleConfig(), ...changes };
}

describe('a lock that nodes share', () => {
  afterEach(removeScratch);

  it('is one device until the last lets go, and then another', () => {
    const folder = scratchFolder();
    const one = shareLock(folder, fileOf('door'), user());
    const other = shareLock(folder, fileOf('door'), user());
    assert.equal(one.device, other.device);
    one.release();
    one.release();
    const third = shareLock(folder, fileOf('door'), user());
    assert.equal(third.device, other.device);
    other.release();
    third.release();
    const anew = shareLock(folder, fileOf('door'), user());
    assert.notEqual(anew.device, one.device);
    anew.release();
  });

  it('is not opened with other keys or rules beside', () => {
    const folder = scratchFolder();
    const one = shareLock(folder, fileOf('door'), user());
    assert.throws(
      () => shareLock(folder, fileOf('door', { rules: exampleRules({ pinDigits: 8 }) }), user()),
      (error) => error instanceof StaycodeError && error.code === 'bad-config',
    );
    one.release();
  });

  it('keeps its journal in a folder of its own, whatever its id', () => {
    const folder = scratchFolder();
    for (const [lockId, name] of [
      ['front-door', 'front-door'],
      ['a/b', 'a%2Fb'],
      ['..', '%2E%2E'],
    ] as const) {
      const lock = shareLock(folder, fileOf(lockId), user());
      assert.ok(existsSync(join(folder, 'staycode/locks', name, 'journal.jsonl')), name);
      lock.release();
    }
  });
});

describe("a lock's clock in Node-RED", () => {
  it("is the machine's until a clock code, and counts on by itself from there", () => {
    const now = { wall: 1_000_000, monotonic: 500 };
    const clock = createDeviceClock({
      now: () => now.wall,
      monotonic: () => now.monotonic,
      delay: () => Promise.resolve(),
    });
    now.monotonic += 100;
    assert.deepEqual([clock.clockMs(), clock.uptimeMs()], [1_000_000, 100]);
    clock.setClock(5_000_000);
    now.monotonic += 250;
    now.wall += 4_000_000;
    assert.equal(clock.clockMs(), 5_000_250);
  });
});
