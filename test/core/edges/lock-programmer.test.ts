import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogEntry, MqttMessage } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { type HeardLog, openHeardLog } from '../../../core/src/edges/heard-log.ts';
import { type LockProgrammer, openLockProgrammer } from '../../../core/src/edges/lock-programmer.ts';
import { EXAMPLE_LOCK_KEY, exampleBytes } from '../../support/example-journal.ts';
import { exampleRules } from '../../support/lock-example.ts';
import { ZwaveLock } from '../../support/programmed-locks/zwave-lock.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { CODE, LEFT } from '../access-codes/record-example.ts';

const DIGITS = '345678901234';

describe('a lock that is programmed', () => {
  let folder: string;
  let nowMs: number;
  let store: AccessCodeStore;
  let log: HeardLog;
  let programmer: LockProgrammer;
  let opened: LogEntry[];
  let broken: unknown[];
  let lock: ZwaveLock;
  let answers: MqttMessage[];
  const text = (): string => readFileSync(join(folder, 'heard/journal.jsonl'), 'utf8');

  const open = (inLog?: (entry: LogEntry) => void): void => {
    log = openHeardLog({
      ...{ folder: join(folder, 'heard'), lockId: 'door', lockKey: EXAMPLE_LOCK_KEY, rules: exampleRules() },
      ...{ randomBytes: exampleBytes, nowMs: () => nowMs, uptimeMs: () => nowMs, report: () => undefined },
    });
    programmer = openLockProgrammer({
      ...{ lockId: 'door', target: lock.target, store, unitIds: ['flat-a'], log, nowMs: () => nowMs },
      digitsOf: () => DIGITS,
      publish: (message) => {
        answers.push(...lock.receive(message, nowMs));
      },
      listener: {
        slotChanged: () => undefined,
        opened: (entry) => {
          inLog?.(entry);
          opened.push(entry);
        },
        broke: (error) => broken.push(error),
      },
    });
  };
  /** The lock's answers come after what they answer. */
  const settle = (): void => {
    for (let look = 0; look < 20; look++) {
      nowMs++;
      for (const answer of answers.splice(0)) programmer.receive(answer);
      programmer.look();
    }
  };
  const enter = (pin: string): void => {
    for (const message of lock.enter(pin, nowMs).messages) programmer.receive(message);
  };

  beforeEach(() => {
    folder = scratchFolder();
    nowMs = CODE.startsAtMs + 1000;
    store = openAccessCodeStore(join(folder, 'register.sqlite'), () => nowMs);
    store.changeUnit('flat-a', () => ({ put: [LEFT] }));
    lock = new ZwaveLock({ count: 3, hasSchedules: false, hidesPins: false });
    lock.setByHand('777777', nowMs);
    answers = [];
    opened = [];
    broken = [];
  });
  afterEach(() => {
    programmer.close();
    log.close();
    store.close();
    removeScratch();
  });

  it('has each opening in its log before it tells of it, with the code where it is one of ours', () => {
    const onDisk: boolean[] = [];
    open(({ seq }) => onDisk.push(text().includes(`"seq":${seq},`)));
    settle();
    enter('345678');
    nowMs += 5000;
    enter('777777');
    assert.deepEqual(
      opened.map(({ record }) => record.type === 'heard' && [record.slot, record.code?.unitId]),
      [
        [2, 'flat-a'],
        [1, undefined],
      ],
    );
    assert.deepEqual(onDisk, [true, true]);
    assert.ok(!text().includes('345678') && !text().includes('777777'));
  });

  it('is told nothing more once it is closed: another one may be open by then', () => {
    open();
    settle();
    const before = text();
    programmer.close();
    log.close();
    enter('777777');
    programmer.look();
    assert.deepEqual([opened, broken, text()], [[], [], before]);
    assert.throws(() => log.add({ slot: 1 }, null), { code: 'journal-failed' });
  });

  it('tells of nothing that its log did not take, and goes on programming', () => {
    writeFileSync(join(folder, 'heard'), '');
    open();
    enter('777777');
    assert.deepEqual(opened, []);
    assert.match(String(broken[0]), /slot 1 opened, and the disk did not take it/u);
    settle();
    assert.equal(lock.codes.get(2)?.pin, '345678');
    rmSync(join(folder, 'heard'));
    nowMs += 5000;
    enter('345678');
    assert.equal(opened.length, 1);
  });
});
