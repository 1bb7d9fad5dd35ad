import assert from 'node:assert/strict';
import fs, { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AuditSender, deriveCommandKey, type KeeperStep } from '@staycode/core';
import { type LogKeeper, openLogKeeper } from '@staycode/core/edges';
import sinon from 'sinon';
import { readAck } from '../../../core/src/protocol/audit-messages.ts';
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
  afterEach(async () => {
    sinon.restore();
    syncBuiltinESMExports();
    await Promise.all(open.splice(0).map((keeper) => keeper.close()));
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
  const receive = (keeper: LogKeeper, texts: readonly string[]): Promise<KeeperStep[]> =>
    Promise.all(texts.map((text) => keeper.receive({ text, retained: false }, 0)));
  const deliver = async (keeper: LogKeeper, texts: readonly string[]): Promise<void> => {
    for (const { ack } of await receive(keeper, texts)) {
      if (ack !== null) await deliver(keeper, sender.ack({ text: ack, retained: false }, 0));
    }
  };
  const linesIn = (keeper: LogKeeper): string[] =>
    readFileSync(keeper.path ?? '', 'utf8')
      .split('\n')
      .slice(0, -1);

  it('has on disk, text for text, what it acknowledges, and goes on after a restart', async () => {
    log.grow(100);
    await deliver(openKeeper(), sender.connectionUp(0));
    assert.equal(sender.acked, 100);
    const again = openKeeper();
    assert.equal(again.state?.seq, 100);
    log.grow(200);
    sender = newSender();
    await deliver(again, sender.connectionUp(0));
    assert.equal(linesIn(again).length, 301);
    assert.ok(
      linesIn(again)
        .slice(1)
        .every((line, i) => line === log.written[i]),
    );
  });

  it('syncs at once what waits together, and acknowledges it with one message, in order', async () => {
    log.grow(128);
    const syncs = sinon.spy(fs, 'fsync');
    syncBuiltinESMExports();
    const keeper = openKeeper();
    const resolved: number[] = [];
    const steps = await Promise.all(
      sender.connectionUp(0).map(async (text, i) => {
        const step = await keeper.receive({ text, retained: false }, 0);
        if (step.ack !== null) assert.equal(linesIn(keeper).length, 129);
        resolved.push(i);
        return step;
      }),
    );
    assert.deepEqual(
      steps.map(({ ack }) => ack !== null && readAck(commandKeyOf, ack)?.upTo),
      [...Array<false>(7).fill(false), 128],
    );
    assert.deepEqual(resolved, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.equal(syncs.callCount, 1);
  });

  it('acknowledges no entry before its sync is done, also one that it is sent twice', async () => {
    log.grow(20);
    const done: (() => void)[] = [];
    const { fsync } = fs;
    sinon.stub(fs, 'fsync').callsFake((fd, callback) => {
      done.push(() => {
        fsync(fd, callback);
      });
    });
    syncBuiltinESMExports();
    const keeper = openKeeper();
    const texts = sender.connectionUp(0);
    const acks: string[] = [];
    const send = async (): Promise<void> => {
      for (const { ack } of await receive(keeper, texts)) if (ack !== null) acks.push(ack);
    };
    const first = send();
    while (done.length === 0) await nextTurn();
    const again = send();
    for (let i = 0; i < 20; i++) await nextTurn();
    assert.deepEqual([acks, keeper.state?.seq, keeper.entriesAfter(0, 100)], [[], 0, []]);
    done[0]?.();
    await Promise.all([first, again]);
    assert.deepEqual([acks.length, keeper.state?.seq, done.length], [2, 20, 1]);
  });

  it('notices another history of what is still on its way to the disk', async () => {
    const other = log.clone();
    log.grow(16);
    other.grow(16, 'pin');
    const keeper = openKeeper();
    const texts = sender.connectionUp(0);
    log = other;
    texts.push(...newSender().connectionUp(0));
    const [kept, refused] = await receive(keeper, texts);
    assert.deepEqual([kept?.fault, refused?.fault], [null, 'forked']);
    assert.equal(linesIn(keeper).length, 17);
  });

  it('acknowledges nothing that the disk did not take, and takes it when it is sent again', async () => {
    log.grow(40);
    const keeper = openKeeper();
    rmSync(folder, { recursive: true });
    await assert.rejects(receive(keeper, sender.connectionUp(0)), { code: 'journal-failed' });
    mkdirSync(folder);
    sinon.stub(fs, 'fsync').yields(new Error('ENOSPC: no space left on device'));
    syncBuiltinESMExports();
    const outcomes = await Promise.allSettled(
      sender.tick(5_000).map((text) => keeper.receive({ text, retained: false }, 0)),
    );
    const [first, ...others] = outcomes;
    assert.equal(first?.status, 'rejected');
    assert.deepEqual(
      others.map((one) => one.status === 'fulfilled' && [one.value.append, one.value.ack]),
      [
        [[], null],
        [[], null],
      ],
    );
    assert.deepEqual([linesIn(keeper).length, keeper.state?.seq], [1, 0]);
    sinon.restore();
    syncBuiltinESMExports();
    await deliver(keeper, sender.tick(60_000));
    assert.deepEqual([linesIn(keeper).length, sender.acked], [41, 40]);
    assert.equal(openKeeper().state?.seq, 40);
  });

  it('cuts off a line that a crash tore, which the lock then sends again', async () => {
    log.grow(5);
    const keeper = openKeeper();
    await deliver(keeper, sender.connectionUp(0));
    const { path } = keeper;
    const whole = readFileSync(path ?? '', 'utf8');
    log.grow(1);
    appendFileSync(path ?? '', (log.written[5] ?? '').slice(0, 100));
    const again = openKeeper();
    assert.equal(again.state?.seq, 5);
    assert.equal(readFileSync(path ?? '', 'utf8'), whole);
    await deliver(again, sender.appended(0));
    assert.equal(linesIn(again).length, 7);
  });

  it('gives the entries after any number, for who acts on them', async () => {
    log.grow(50);
    const keeper = openKeeper();
    assert.deepEqual(keeper.entriesAfter(0, 10), []);
    await deliver(keeper, sender.connectionUp(0));
    const seqs = (after: number, count: number): number[] =>
      keeper.entriesAfter(after, count).map(({ seq }) => seq);
    assert.deepEqual(seqs(0, 3), [1, 2, 3]);
    assert.deepEqual(seqs(48, 100), [49, 50]);
    assert.deepEqual(seqs(50, 100), []);
  });

  it('begins where the lock’s log begins, if others had acknowledged the rest', async () => {
    log.grow(100);
    await deliver(openKeeper(), sender.connectionUp(0));
    folder = scratchFolder();
    const late = openKeeper();
    await deliver(late, sender.resend({ text: late.askFrom(0), retained: false }, 5_000));
    for (const after of [0, 80]) {
      assert.deepEqual(
        late.entriesAfter(after, 1).map(({ seq }) => seq),
        [81],
        `after ${after}`,
      );
    }
    assert.equal(late.state?.seq, 100);
  });

  it('keeps the copy of a log that the lock ended beside that of the next', async () => {
    log.grow(5);
    const keeper = openKeeper();
    await deliver(keeper, sender.connectionUp(0));
    const first = keeper.path;
    log = new MemoryLog('front-door', EXAMPLE_LOCK_KEY, 2);
    log.grow(3);
    sender = newSender();
    await deliver(keeper, sender.connectionUp(0));
    assert.notEqual(keeper.path, first);
    assert.equal(openKeeper().state?.logId, log.header.logId);
    assert.equal(readFileSync(first ?? '', 'utf8').split('\n').length, 7);
  });

  it('stops at damage before the last line, and at another lock’s copy', async () => {
    log.grow(5);
    const keeper = openKeeper();
    await deliver(keeper, sender.connectionUp(0));
    const { path } = keeper;
    assert.throws(() => openKeeper('back-door'), { code: 'journal-foreign' });
    const text = readFileSync(path ?? '', 'utf8');
    writeFileSync(path ?? '', text.replace('opened', 'closed'));
    assert.throws(() => openKeeper(), { code: 'journal-corrupt' });
  });
});
