import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AUDIT_WINDOW, AuditKeeper, AuditSender, deriveCommandKey, type KeeperStep } from '@staycode/core';
import { deriveLogKey } from '../../../core/src/stay-code/keys.ts';
import { readEntries, signAck, signResend } from '../../../core/src/protocol/audit-messages.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { KeptCopy, MemoryLog } from './memory-log.ts';

const LOCK_ID = 'front-door';
const KEEPER = 'node-red';
const commandKeyOf = (controllerId: string): Uint8Array => deriveCommandKey(EXAMPLE_LOCK_KEY, controllerId);
const live = (text: string): { text: string; retained: boolean } => ({ text, retained: false });

function newSender(log: MemoryLog, keeperId: string | null = KEEPER): AuditSender {
  return new AuditSender({ lockId: LOCK_ID, keeperId, commandKeyOf, log });
}
function newKeeper(copy: KeptCopy, controllerId = KEEPER): AuditKeeper {
  return new AuditKeeper({
    ...{ lockId: LOCK_ID, controllerId, commandKey: commandKeyOf(controllerId) },
    logKey: deriveLogKey(EXAMPLE_LOCK_KEY),
    ...{ state: copy.state, hashAt: (seq: number) => copy.hashAt(seq), endedLogIds: copy.endedLogIds },
  });
}

describe('the log on its way home', () => {
  let log: MemoryLog;
  let sender: AuditSender;
  let copy: KeptCopy;
  let keeper: AuditKeeper;
  beforeEach(() => {
    log = new MemoryLog(LOCK_ID, EXAMPLE_LOCK_KEY);
    sender = newSender(log);
    copy = new KeptCopy();
    keeper = newKeeper(copy);
  });
  /** By number first: a difference of thousands of lines tells nobody anything. */
  const assertHome = (): void => {
    assert.equal(copy.lines.length, log.written.length);
    assert.equal(
      copy.lines.findIndex((line, i) => line !== log.written[i]),
      -1,
    );
  };
  /** Everything to the keeper, and its acknowledgements back, until nothing is said any more. */
  const deliver = (texts: readonly string[], nowMs: number): KeeperStep[] => {
    const steps: KeeperStep[] = [];
    const queue = [...texts];
    for (let text = queue.shift(); text !== undefined; text = queue.shift()) {
      const step = keeper.receive(live(text), nowMs);
      copy.write(step, keeper.state);
      steps.push(step);
      if (step.ack !== null) queue.push(...sender.ack(live(step.ack), nowMs));
    }
    return steps;
  };

  it('comes whole to a keeper that has nothing, in a window, and is then forgotten by the lock', () => {
    log.grow(1_000);
    const first = sender.connectionUp(0);
    const lines = first.flatMap((text) => readEntries(commandKeyOf(KEEPER), text)?.lines ?? []);
    assert.equal(lines.length, AUDIT_WINDOW);
    deliver(first, 0);
    assertHome();
    assert.equal(log.header.seq, 1_000 - log.keeps);
    assert.equal(sender.backlog, 0);
    assert.equal(sender.dueMs, null);
  });

  it('tells what happened while the lock could not say so as history, and what happens now as news', () => {
    log.grow(20);
    assert.ok(deliver(sender.connectionUp(0), 0).every(({ historical }) => historical));
    log.grow(2);
    assert.deepEqual(
      deliver(sender.appended(1), 1).map(({ historical }) => historical),
      [false],
    );
  });

  it('goes out again, each time after twice as long, until it is acknowledged', () => {
    log.grow(3);
    sender.connectionUp(0);
    const times: number[] = [];
    for (let nowMs = 0; nowMs < 300_000; nowMs += 1_000) {
      if (sender.tick(nowMs).length > 0) times.push(nowMs);
    }
    assert.deepEqual(times, [5_000, 15_000, 35_000, 75_000, 135_000, 195_000, 255_000]);
    deliver(sender.tick(400_000), 400_000);
    assert.equal(sender.dueMs, null);
  });

  it('is asked for from a gap, not more often than every other second', () => {
    log.grow(AUDIT_WINDOW);
    const [first = '', second = '', third = ''] = sender.connectionUp(0);
    deliver([first], 10_000);
    const steps = [second, third].map((text, i) => (i === 0 ? null : keeper.receive(live(text), 10_000)));
    const ask = steps[1]?.resend ?? '';
    assert.equal(keeper.receive(live(third), 11_999).resend, null);
    deliver(sender.resend(live(ask), 12_000), 12_000);
    assertHome();
  });

  it('is acknowledged by nobody but the keeper, on this log and this history, and not by a retained message', () => {
    log.grow(5);
    sender.connectionUp(0);
    const { seq, hash } = log.head();
    const right = { lockId: LOCK_ID, controllerId: KEEPER, logId: log.header.logId, upTo: seq, hash };
    const key = commandKeyOf(KEEPER);
    const wrong = [
      signAck(commandKeyOf('homebridge'), { ...right, controllerId: 'homebridge' }),
      signAck(commandKeyOf('homebridge'), right),
      signAck(key, { ...right, lockId: 'back-door' }),
      signAck(key, { ...right, logId: 'f'.repeat(32) }),
      signAck(key, { ...right, hash: 'f'.repeat(64) }),
      signAck(key, { ...right, upTo: seq + 1 }),
      signAck(key, right).replace('"mac":"', '"mac":"0'),
      '{',
    ];
    for (const text of wrong) sender.ack(live(text), 0);
    sender.ack({ text: signAck(key, right), retained: true }, 0);
    assert.equal(sender.acked, 0);
    sender.ack(live(signAck(key, right)), 0);
    assert.equal(sender.acked, seq);
  });

  it('is resent to another host under its own key, and that moves nothing of the keeper’s', () => {
    log.grow(30);
    sender.connectionUp(0);
    const ask = { lockId: LOCK_ID, controllerId: 'homebridge', from: 11 };
    const texts = sender.resend(live(signResend(commandKeyOf('homebridge'), ask)), 0);
    const lines = texts.flatMap((text) => readEntries(commandKeyOf('homebridge'), text)?.lines ?? []);
    assert.deepEqual(lines, log.written.slice(10));
    assert.ok(texts.every((text) => readEntries(commandKeyOf(KEEPER), text) === null));
    assert.equal(sender.resend(live(signResend(commandKeyOf('homebridge'), ask)), 999).length, 0);
    assert.equal(sender.acked, 0);
  });

  it('is sent to nobody where the lock has no keeper', () => {
    sender = newSender(log, null);
    log.grow(5);
    assert.deepEqual(sender.connectionUp(0), []);
    assert.equal(sender.dueMs, null);
  });

  it('that is not the one kept is refused, and nothing is acknowledged from then on', () => {
    log.grow(10);
    const before = log.clone();
    log.grow(10);
    deliver(sender.connectionUp(0), 0);
    // The lock was set back to a backup of its disk, and goes on from there.
    log = before;
    sender = newSender(log);
    log.grow(3, 'other');
    assert.equal(deliver(sender.connectionUp(0), 0).at(-1)?.fault, 'forked');
    assert.equal(keeper.receive(live(sender.connectionUp(1)[0] ?? ''), 1).ack, null);
  });

  it('cannot be made whole where the copy lost what it had acknowledged, and says so', () => {
    log.grow(10);
    deliver(sender.connectionUp(0), 0);
    keeper = newKeeper(copy);
    const older = copy.state;
    log.grow(90);
    deliver(sender.appended(0), 0);
    copy.lines = copy.lines.slice(0, 10);
    copy.state = older;
    keeper = newKeeper(copy);
    assert.equal(deliver(sender.resend(live(keeper.askFrom(0)), 5_000), 0)[0]?.fault, 'gap');
  });

  it('of a lock that nobody vouches for is refused', () => {
    log = new MemoryLog(LOCK_ID, new Uint8Array(32));
    log.grow(3);
    sender = newSender(log);
    assert.equal(deliver(sender.connectionUp(0), 0).at(-1)?.fault, 'unvouched');
    assert.deepEqual(copy.lines, []);
  });

  it('that the lock began anew is another log, and the old one is not begun again', () => {
    log.grow(10);
    const old = sender.connectionUp(0);
    deliver(old, 0);
    log = new MemoryLog(LOCK_ID, EXAMPLE_LOCK_KEY, 2);
    log.grow(3);
    sender = newSender(log);
    deliver(sender.connectionUp(0), 0);
    assertHome();
    assert.equal(keeper.receive(live(old[0] ?? ''), 0).begin, null);
    assert.equal(newKeeper(copy).receive(live(old[0] ?? ''), 0).begin, null);
  });

  it('loses nothing, acts on nothing twice and forgets nothing unkept, whatever the wire and crashes on both sides do', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 40 }) }),
      },
      { weight: 12, arbitrary: fc.record({ do: fc.constant('deliver' as const), at: fc.nat(1_000) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constantFrom('duplicate' as const, 'lose' as const),
          at: fc.nat(1_000),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('wait' as const), by: fc.integer({ min: 1, max: 90_000 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom(
            'lock dies' as const,
            'keeper dies' as const,
            'cut' as const,
            'keeper dies before the disk' as const,
          ),
        }),
      },
    );
    let forgotten = 0;
    let duplicates = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        log = new MemoryLog(LOCK_ID, EXAMPLE_LOCK_KEY);
        sender = newSender(log);
        copy = new KeptCopy();
        keeper = newKeeper(copy);
        let nowMs = 0;
        let failing = false;
        const acted: number[] = [];
        /** What is on the wire, either way: it may come in any order. */
        let wire: { to: 'keeper' | 'ack' | 'resend'; text: string }[] = [];
        const out = (texts: readonly string[]): void => {
          wire.push(...texts.map((text) => ({ to: 'keeper', text }) as const));
        };
        const take = (index: number): void => {
          const [message] = wire.splice(index % Math.max(1, wire.length), 1);
          if (message === undefined) return;
          if (message.to === 'ack') out(sender.ack(live(message.text), nowMs));
          else if (message.to === 'resend') out(sender.resend(live(message.text), nowMs));
          else {
            const result = keeper.receive(live(message.text), nowMs);
            duplicates += result.duplicates;
            assert.equal(result.fault, null);
            if (failing && result.append.length > 0) {
              // Killed between the wire and the disk: of what it took only a torn part may be there, and no word of it left.
              failing = false;
              keeper = newKeeper(copy);
              return;
            }
            copy.write(result, keeper.state);
            acted.push(...result.entries.map(({ seq }) => seq));
            if (result.ack) wire.push({ to: 'ack', text: result.ack });
            if (result.resend) wire.push({ to: 'resend', text: result.resend });
          }
          assert.ok(log.header.seq <= (copy.state?.seq ?? 0), 'the lock forgot what the keeper has not');
        };
        out(sender.connectionUp(nowMs));
        const act = (one: (typeof steps)[number]): void => {
          if (one.do === 'grow') {
            log.grow(one.by);
            out(sender.appended(nowMs));
          } else if (one.do === 'deliver') take(one.at);
          else if (one.do === 'duplicate') {
            const message = wire[one.at % Math.max(1, wire.length)];
            if (message) wire.push(message);
          } else if (one.do === 'lose') wire.splice(one.at % Math.max(1, wire.length), 1);
          else if (one.do === 'wait') {
            nowMs += one.by;
            out(sender.tick(nowMs));
          } else if (one.do === 'cut') {
            sender.connectionDown();
            wire = wire.slice(0, 5);
            out(sender.connectionUp(nowMs));
          } else if (one.do === 'lock dies') {
            sender = newSender(log);
            out(sender.connectionUp(nowMs));
          } else if (one.do === 'keeper dies') keeper = newKeeper(copy);
          else failing = true;
          assert.ok(wire.length < 2_000);
        };
        for (const one of steps) act(one);
        // In the end the wire is well again, and all comes home.
        for (let round = 0; round < 200 && copy.state?.seq !== log.head().seq; round++) {
          while (wire.length > 0) take(0);
          nowMs += 60_000;
          out(sender.tick(nowMs));
          wire.push({ to: 'resend', text: keeper.askFrom(nowMs) });
        }
        while (wire.length > 0) take(0);
        assertHome();
        assert.deepEqual(
          acted,
          Array.from(acted, (_, i) => i + 1),
        );
        assert.equal(acted.length, log.head().seq);
        forgotten += log.header.seq;
      }),
      { numRuns: 150 },
    );
    assert.ok(forgotten > 0 && duplicates > 0, 'the play must reach what it tests');
  });
});
