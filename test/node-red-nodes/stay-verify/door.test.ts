import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { deriveCodeKey, deriveUnitKey, formatLockFile, issueCode, type LockFile } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import sinon from 'sinon';
import { Door } from '../../../node-red-nodes/nodes/stay-verify/door.mts';
import type { StayVerifyNode } from '../../../node-red-nodes/nodes/stay-verify/stay-verify.mts';
import type { VerdictPayload } from '../../../node-red-nodes/nodes/stay-verify/to-message.mts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant } from '../sample-feed.ts';

const file: LockFile = {
  ...{ lockId: 'door', name: 'Door', zone: 'UTC', lockKey: new Uint8Array(32) },
  ...exampleConfig(),
};
const code = issueCode(deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1)), {
  ...{
    kind: 'stay',
    revision: 0,
    startsAtMs: instant(-1, 15),
    endsAtMs: instant(2, 10),
    alphabet: 'decimal',
  },
});

/** A door with a real lock, and all that it did to its node. */
function openDoor(groups: 'whole' | '4-4-4', userDir = scratchFolder(), lockFile = '') {
  const journal = join(userDir, 'staycode/locks/door/journal.jsonl');
  const did = { shown: [] as string[], errors: [] as string[], sent: [] as string[] };
  const send = (messages: readonly unknown[]): void => {
    const place = messages.findIndex((one) => one !== null);
    const { reason } = (messages[place] as { payload: VerdictPayload }).payload;
    const onDisk = fs.readFileSync(journal, 'utf8').includes(`"reason":"${reason}"`);
    did.sent.push(`${place + 1} ${reason}${onDisk ? ' on disk' : ''}`);
  };
  const node = {
    credentials: {},
    status: ({ text }: { text: string }) => did.shown.push(text),
    error: (text: string) => did.errors.push(text),
    send,
  };
  const RED = {
    settings: { userDir },
    nodes: { getNode: () => ({ file: () => file }) },
    _: (key: string) => key.replace('stay-verify.status.', ''),
  };
  const door = new Door(RED as unknown as NodeAPI, node as unknown as StayVerifyNode, {
    ...{ id: 'x', type: 'stay-verify', name: '', z: '', property: 'payload' },
    ...{ source: lockFile === '' ? 'lock' : 'file', lock: 'lock', lockFile, groups },
  });
  return { door, did, enter: (digits: string) => door.enter(digits, {}, send) };
}

describe('a keypad and its lock', () => {
  afterEach(() => {
    sinon.restore();
    syncBuiltinESMExports();
    removeScratch();
  });

  it('judges and tells an unfinished set of groups as one wrong entry once its 30 s are over', async () => {
    // The tick of the verdict stays real: it is the lock device's own and short.
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { door, did, enter } = openDoor('4-4-4');
    await enter('1234');
    await enter('5678');
    timers.tick(30_000);
    await door.close();
    assert.deepEqual(did.sent, []);

    const other = openDoor('4-4-4');
    await other.enter('1234');
    await other.enter('5678');
    timers.tick(30_010);
    await other.door.close();
    assert.deepEqual(other.did.sent, ['2 unknown on disk']);
    assert.equal(other.did.shown.at(-1), 'refused');
  });

  it('refuses everything while the disk takes nothing, says so in status and log, and tries it each minute', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { door, did, enter } = openDoor('whole');
    const inTime = async (entered: Promise<void>): Promise<void> => {
      const run = { isOver: false };
      void entered.finally(() => (run.isOver = true));
      while (!run.isOver) await timers.tickAsync(300);
    };
    await inTime(enter('1234'));
    const disk = sinon.stub(fs, 'fsyncSync').throws(new Error('ENOSPC: no space left on device'));
    syncBuiltinESMExports();
    await inTime(enter(code));
    await timers.tickAsync(60_000);
    await inTime(enter(code));
    disk.restore();
    syncBuiltinESMExports();
    assert.deepEqual(did.shown.slice(-2), ['journal-failed', 'stopped']);
    await timers.tickAsync(60_000);
    assert.equal(did.shown.at(-1), 'ready');
    await inTime(enter(code));
    assert.deepEqual(did.sent, ['2 unknown on disk', '2 stopped', '2 stopped', '1 stay on disk']);
    assert.match(did.errors.join('\n'), /^journal: the disk did not take a record.*\nENOSPC: .*$/u);
    await door.close();
  });

  it('opens no lock any more once it is closed, whatever the disk takes by then', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const userDir = scratchFolder();
    const path = join(userDir, 'door.lock.json');
    fs.writeFileSync(path, formatLockFile(file));
    const disk = sinon.stub(fs, 'fsyncSync').throws(new Error('ENOSPC: no space left on device'));
    syncBuiltinESMExports();
    const { door, did } = openDoor('whole', userDir, path);
    await door.close();
    disk.restore();
    syncBuiltinESMExports();
    const shown = did.shown.length;
    await timers.tickAsync(120_000);
    timers.restore();
    // Reading the lock's file takes its time.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(did.shown.length, shown);
  });

  it('says that its clock is lost, whatever is typed, until the machine’s is right again', async () => {
    const userDir = scratchFolder();
    const first = openDoor('whole', userDir);
    await first.enter(code);
    await first.door.close();
    const timers = sinon.useFakeTimers({ now: Date.now() - 45 * 60_000, toFake: ['Date', 'setTimeout'] });
    const { door, did, enter } = openDoor('whole', userDir);
    const entered = enter('1234');
    await timers.tickAsync(1_000);
    await entered;
    assert.deepEqual(did.shown, ['clock-lost', 'clock-lost']);
    timers.setSystemTime(Date.now() + 46 * 60_000);
    await timers.tickAsync(10_000);
    assert.equal(did.shown.at(-1), 'ready');
    await door.close();
  });

  it('has a verdict on disk before it is sent, and sends the last before it closes', async () => {
    const { door, did, enter } = openDoor('whole');
    void enter(code);
    await door.close();
    assert.deepEqual(did.sent, ['1 stay on disk']);
  });
});
