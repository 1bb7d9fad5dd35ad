import assert from 'node:assert/strict';
import {
  AuditKeeper,
  AuditSender,
  deriveCommandKey,
  LockController,
  lockReads,
  lockTopics,
  signCommand,
  signHello,
} from '@staycode/core';
import { readyLock } from '../../../core/src/lock/keyring.ts';
import { type LockMemory, newMemory, remember } from '../../../core/src/lock/memory.ts';
import { signAck, signResend } from '../../../core/src/protocol/audit-messages.ts';
import { answerHello, judgeCommand, type WireContext } from '../../../core/src/protocol/judge-command.ts';
import { deriveLogKey } from '../../../core/src/stay-code/keys.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { exampleConfig } from '../../support/lock-example.ts';
import { Random } from '../../support/random.ts';
import { MemoryLog } from './memory-log.ts';

const LOCK_ID = 'front-door';
const BOOT_EPOCH = 'ab'.repeat(16);
const commandKeyOf = (controllerId: string): Uint8Array => deriveCommandKey(EXAMPLE_LOCK_KEY, controllerId);
const key = commandKeyOf('homebridge');
const topics = lockTopics(LOCK_ID);
const SEED = 20_261_126;
/** In all at least 100,000: as many on each of the eleven topics. */
const PER_TOPIC = 9_100;

/** Messages of the protocol to spoil, signed for this lock or with another key. */
function originals(log: MemoryLog): string[] {
  const to = { lockId: LOCK_ID, controllerId: 'homebridge' };
  const { seq, hash } = log.head();
  const state = {
    ...{ v: 1, lockId: LOCK_ID, atMs: 1, clock: 'running', bolt: 'secured', battery: null },
    ...{ door: 'closed', tampered: false },
  };
  const sender = new AuditSender({ lockId: LOCK_ID, keeperId: 'homebridge', commandKeyOf, log });
  return [commandKeyOf('stranger'), key].flatMap((signer) => [
    signCommand(signer, {
      ...{ ...to, bootEpoch: BOOT_EPOCH, counter: 1, expiresAtPoweredMs: 5_000, act: { name: 'unlock' } },
    }),
    signHello(signer, { ...to, nonce: 'cd'.repeat(16) }),
    signAck(signer, { ...to, logId: log.header.logId, upTo: seq, hash }),
    signResend(signer, { ...to, from: 1 }),
    JSON.stringify(state),
    ...sender.connectionUp(0).slice(0, 1),
    'online',
  ]);
}

/** Never the original itself. */
function spoil(random: Random, texts: readonly string[]): string {
  const text = texts[random.whole(0, texts.length - 1)] ?? '';
  const at = random.whole(0, text.length);
  const piece = [
    '\0',
    '{',
    '"',
    '\\',
    '}',
    '[',
    '9'.repeat(400),
    '-1',
    'null',
    '"__proto__":1,',
    '🔑',
    '[['.repeat(500),
  ];
  const spoilt = [
    (): string => text.slice(0, at),
    (): string => text.slice(at),
    (): string => text.slice(0, at) + (piece[random.whole(0, piece.length - 1)] ?? '') + text.slice(at),
    (): string => text.slice(0, at) + String.fromCharCode(random.whole(0, 0xffff)) + text.slice(at + 1),
    (): string => text.slice(0, at) + text.slice(at + random.whole(1, 60)),
    (): string => text + text,
    (): string =>
      Array.from({ length: random.whole(0, 60) }, () => String.fromCharCode(random.whole(0, 255))).join(''),
    (): string => text.replace(/"mac":"[0-9a-f]/u, '"mac":"x'),
  ][random.whole(0, 7)];
  const result = spoilt?.() ?? '';
  return texts.includes(result) ? `x${result}` : result;
}

describe('spoilt messages on every topic', () => {
  it(`(seed ${SEED}) crash neither side, open nothing, are answered by nobody and leave nothing behind`, () => {
    const random = new Random(SEED);
    const log = new MemoryLog(LOCK_ID, EXAMPLE_LOCK_KEY);
    log.grow(100);
    const texts = originals(log);
    const lock = readyLock(exampleConfig());
    const now = { atMs: 1_800_000_000_000, clock: 'running', poweredMs: 0 } as const;
    let memory: LockMemory = newMemory(now);
    const context = (): WireContext => {
      return { lockId: LOCK_ID, lockKey: EXAMPLE_LOCK_KEY, bootEpoch: BOOT_EPOCH, lock, memory, now };
    };
    const sender = new AuditSender({ lockId: LOCK_ID, keeperId: 'homebridge', commandKeyOf, log });
    sender.connectionUp(0);
    const keeper = new AuditKeeper({
      ...{
        lockId: LOCK_ID,
        controllerId: 'homebridge',
        commandKey: key,
        logKey: deriveLogKey(EXAMPLE_LOCK_KEY),
      },
      ...{ state: null, hashAt: () => null },
    });
    const said: string[] = [];
    const controller = new LockController({
      ...{ lockId: LOCK_ID, controllerId: 'homebridge', commandKey: key },
      clock: { monotonicMs: () => 0, after: () => () => undefined },
      newNonce: () => 'cd'.repeat(16),
      publish: (_topic, text) => said.push(text),
      listener: {
        stateCame: () => undefined,
        reachableChanged: () => undefined,
        eventCame: () => said.push('event'),
        messageIgnored: () => undefined,
      },
    });
    const before = JSON.stringify(memory);
    let count = 0;
    for (const topic of [
      ...lockReads(topics),
      ...controller.subscriptions,
      topics.auditEntries,
      topics.auditHead,
    ]) {
      for (let i = 0; i < PER_TOPIC; i++, count++) {
        const text = spoil(random, texts);
        const message = { text, retained: random.whole(0, 9) === 0 };
        if (topic === topics.command) {
          const { record, command } = judgeCommand(message, context());
          assert.deepEqual([record.type, command], ['command-refused', null]);
          memory = remember(memory, { ...record, ...now }, lock.rules);
        } else if (topic === topics.hello) assert.equal(answerHello(message, context()), null);
        else if (topic === topics.auditAck) assert.deepEqual(sender.ack(message, i), []);
        else if (topic === topics.auditResend) assert.deepEqual(sender.resend(message, i), []);
        else if (topic === topics.auditEntries) {
          try {
            const step = keeper.receive(message, i);
            assert.deepEqual([step.append.length, step.ack, step.fault], [0, null, null]);
          } catch (error) {
            assert.equal((error as { code?: string }).code, 'bad-message');
          }
        } else controller.receive({ topic, ...message });
      }
    }
    assert.ok(count >= 100_000, `${count} messages`);
    assert.equal(JSON.stringify(memory), before);
    assert.equal(sender.acked, 0);
    assert.deepEqual([said, keeper.state], [[], null]);
  });
});
