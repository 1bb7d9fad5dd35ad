import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { AuditSender, deriveCommandKey } from '@staycode/core';
import { type LogKeeper, openLogKeeper } from '@staycode/core/edges';
import { deriveLogKey } from '../../../core/src/stay-code/keys.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { MemoryLog } from '../protocol/memory-log.ts';

const commandKeyOf = (controllerId: string): Uint8Array => deriveCommandKey(EXAMPLE_LOCK_KEY, controllerId);

describe('the keeper of a log', () => {
  let folder: string;
  let log: MemoryLog;
  let sender: AuditSender;
  const open: LogKeeper[] = [];
  beforeEach(() => {
    folder = scratchFolder();
    log = new MemoryLog('front-door', EXAMPLE_LOCK_KEY);
    sender = newSender();
  });
  afterEach(() => {
    for (const keeper of open.splice(0)) keeper.close();
    removeScratch();
  });
  const newSender = (): AuditSender =>
    new AuditSender({ lockId: 'front-door', keeperId: 'node-red', commandKeyOf, log });
  const openKeeper = (lockId = 'front-door'): LogKeeper => {
    const keeper = openLogKeeper({
      ...{ folder, lockId, controllerId: 'node-red', commandKey: commandKeyOf('node-red') },
      logKey: deriveLogKey(EXAMPLE_LOCK_KEY),
    });
    open.push(keeper);
    return keeper;
  };
  const deliver = (keeper: LogKeeper, texts: readonly string[]): void => {
    const queue = [...texts];
    for (let text = queue.shift(); text !== undefined; text = queue.shift()) {
      const { ack } = keeper.receive({ text, retained: false }, 0);
      if (ack !== null) queue.push(...sender.ack({ text: ack, retained: false }, 0));
    }
  };
  const linesIn = (keeper: LogKeeper): string[] =>
    readFileSync(keeper.path ?? '', 'utf8')
      .split('\n')
      .slice(0, -1);

  it('has on disk, text for text, what it acknowledges, and goes on after a restart', () => {
    log.grow(100);
    deliver(openKeeper(), sender.connectionUp(0));
    assert.equal(sender.acked, 100);
    const again = openKeeper();
    assert.equal(again.state?.seq, 100);
    log.grow(200);
    sender = newSender();
    deliver(again, sender.connectionUp(0));
    assert.equal(linesIn(again).length, 301);
    assert.ok(
      linesIn(again)
        .slice(1)
        .every((line, i) => line === log.written[i]),
    );
  });

  it('cuts off a line that a crash tore, which the lock then sends again', () => {
    log.grow(5);
    const keeper = openKeeper();
    deliver(keeper, sender.connectionUp(0));
    const { path } = keeper;
    const whole = readFileSync(path ?? '', 'utf8');
    log.grow(1);
    appendFileSync(path ?? '', (log.written[5] ?? '').slice(0, 100));
    const again = openKeeper();
    assert.equal(again.state?.seq, 5);
    assert.equal(readFileSync(path ?? '', 'utf8'), whole);
    deliver(again, sender.appended(0));
    assert.equal(linesIn(again).length, 7);
  });

  it('gives the entries after any number, for who acts on them', () => {
    log.grow(50);
    const keeper = openKeeper();
    assert.deepEqual(keeper.entriesAfter(0, 10), []);
    deliver(keeper, sender.connectionUp(0));
    const seqs = (after: number, count: number): number[] =>
      keeper.entriesAfter(after, count).map(({ seq }) => seq);
    assert.deepEqual(seqs(0, 3), [1, 2, 3]);
    assert.deepEqual(seqs(48, 100), [49, 50]);
    assert.deepEqual(seqs(50, 100), []);
  });

  it('begins where the lock’s log begins, if others had acknowledged the rest', () => {
    log.grow(100);
    deliver(openKeeper(), sender.connectionUp(0));
    folder = scratchFolder();
    const late = openKeeper();
    deliver(late, sender.resend({ text: late.askFrom(0), retained: false }, 5_000));
    for (const after of [0, 80]) {
      assert.deepEqual(
        late.entriesAfter(after, 1).map(({ seq }) => seq),
        [81],
        `after ${after}`,
      );
    }
    assert.equal(late.state?.seq, 100);
  });

  it('keeps the copy of a log that the lock ended beside that of the next', () => {
    log.grow(5);
    const keeper = openKeeper();
    deliver(keeper, sender.connectionUp(0));
    const first = keeper.path;
    log = new MemoryLog('front-door', EXAMPLE_LOCK_KEY, 2);
    log.grow(3);
    sender = newSender();
    deliver(keeper, sender.connectionUp(0));
    assert.notEqual(keeper.path, first);
    assert.equal(openKeeper().state?.logId, log.header.logId);
    assert.equal(readFileSync(first ?? '', 'utf8').split('\n').length, 7);
  });

  it('stops at damage before the last line, and at another lock’s copy', () => {
    log.grow(5);
    const { path } = ((keeper) => (deliver(keeper, sender.connectionUp(0)), keeper))(openKeeper());
    assert.throws(() => openKeeper('back-door'), { code: 'journal-foreign' });
    const text = readFileSync(path ?? '', 'utf8');
    writeFileSync(path ?? '', text.replace('opened', 'closed'));
    assert.throws(() => openKeeper(), { code: 'journal-corrupt' });
  });
});
