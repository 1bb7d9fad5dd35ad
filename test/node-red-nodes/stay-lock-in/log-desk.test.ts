import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AuditSender, deriveCommandKey, deriveLogKey } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore, openLogKeeper } from '@staycode/core/edges';
import { type LogDesk, openLogDesk } from '../../../node-red-nodes/nodes/stay-lock-in/log-desk.mts';
import { MemoryLog } from '../../core/protocol/memory-log.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const lockId = 'front-door';
const controllerId = 'node-red';
const commandKeyOf = (id: string): Uint8Array => deriveCommandKey(EXAMPLE_LOCK_KEY, id);

describe('the desk that a log comes home to', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
    removeScratch();
  });

  /** A desk over what is on disk in the folder, and what it tells: the entry's number, `!` for one that is marked. */
  const open = (folder: string): { desk: LogDesk; store: AccessCodeStore; told: string[] } => {
    const keeper = openLogKeeper({
      ...{ folder: join(folder, 'log'), lockId, controllerId, commandKey: commandKeyOf(controllerId) },
      logKey: deriveLogKey(EXAMPLE_LOCK_KEY),
    });
    const store = openAccessCodeStore(join(folder, 'register.sqlite'));
    const told: string[] = [];
    const desk = openLogDesk({
      ...{ keeper, store, nowMs: () => 0, onTrouble: () => undefined },
      tell: ({ entry, mayBeDuplicate }) => told.push(`${entry.seq}${mayBeDuplicate ? '!' : ''}`),
    });
    ends.push(async () => {
      desk.close();
      await keeper.close();
      store.close();
    });
    return { desk, store, told };
  };

  it('tells again, marked, what was kept and may not have been passed on, and nothing that was', async () => {
    const folder = scratchFolder();
    const log = new MemoryLog(lockId, EXAMPLE_LOCK_KEY);
    log.grow(3);
    const [text = ''] = new AuditSender({ lockId, keeperId: controllerId, commandKeyOf, log }).connectionUp(
      0,
    );
    const first = open(folder);
    await first.desk.take({ topic: '', text, retained: false });
    assert.deepEqual(first.told, ['1', '2', '3']);
    // Killed here: the first desk has taken nothing.
    const second = open(folder);
    second.desk.catchUp();
    assert.deepEqual(second.told, ['1!', '2!', '3!']);
    second.desk.close();
    const third = open(folder);
    third.desk.catchUp();
    assert.deepEqual(third.told, []);
  });
  it('leaves to the next start what is kept while it closes', async () => {
    const folder = scratchFolder();
    const log = new MemoryLog(lockId, EXAMPLE_LOCK_KEY);
    log.grow(3);
    const sender = new AuditSender({ lockId, keeperId: controllerId, commandKeyOf, log });
    const [text = ''] = sender.connectionUp(0);
    const first = open(folder);
    const taken = first.desk.take({ topic: '', text, retained: false });
    first.desk.close();
    assert.deepEqual([(await taken).ack, first.told], [null, []]);
    const second = open(folder);
    second.desk.catchUp();
    assert.deepEqual(second.told, ['1!', '2!', '3!']);
  });
});
