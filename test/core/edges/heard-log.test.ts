import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeUseOf, deriveLogKey, lockEventOf, type LogCheck, verifyLog } from '@staycode/core';
import { type HeardLog, openHeardLog } from '../../../core/src/edges/heard-log.ts';
import { EXAMPLE_LOCK_KEY, exampleBytes } from '../../support/example-journal.ts';
import { exampleRules } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { CODE } from '../access-codes/record-example.ts';

const lockId = 'front-door';
const ID_KEYS = ['endsAtMs', 'keyVersion', 'kind', 'revision', 'startsAtMs', 'unitId'];
const NOW_MS = Date.parse('2026-12-03T13:00:00Z');

describe('the log of what an ordinary lock tells', () => {
  let folder: string;
  let reports: string[];
  let uptimeMs: number;
  const open = (): HeardLog =>
    openHeardLog({
      ...{ folder, lockId, lockKey: EXAMPLE_LOCK_KEY, rules: exampleRules(), randomBytes: exampleBytes },
      ...{ nowMs: () => NOW_MS, uptimeMs: () => uptimeMs, report: (line) => reports.push(line) },
    });
  const path = (): string => join(folder, 'journal.jsonl');
  const check = (): LogCheck =>
    verifyLog(readFileSync(path(), 'utf8'), { lockId, logKey: deriveLogKey(EXAMPLE_LOCK_KEY) });

  beforeEach(() => {
    folder = scratchFolder();
    reports = [];
    uptimeMs = 500;
  });
  afterEach(removeScratch);

  it('holds whose code opened, in the words of every log, and what is not ours without a name', () => {
    const log = open();
    uptimeMs = 900;
    const entry = log.add({ slot: 3 }, CODE);
    assert.equal(entry.event, 'LockOperation');
    assert.equal(entry.record.poweredMs, 400);
    const { event, operation, source, reason, unitId } = lockEventOf(lockId, entry.seq, entry.record) ?? {};
    assert.deepEqual(
      [event, operation, source, reason, unitId],
      ['LockOperation', 'Unlock', 'Keypad', 'pin', 'flat-a'],
    );
    assert.deepEqual(codeUseOf(entry)?.usedAtMs, NOW_MS);
    const stranger = log.add({ slot: 4 }, null);
    assert.equal(codeUseOf(stranger), null);
    assert.equal(lockEventOf(lockId, 1, stranger.record)?.reason, null);
    // What an access code is beyond its id at a lock is nobody's business there.
    const { code } = JSON.parse(JSON.stringify(entry.record)) as { code: object };
    assert.deepEqual(Object.keys(code).sort(), ID_KEYS);
    log.close();
  });

  it('is checked as a lock’s own, goes on over restarts, and has each opening on disk before it says so', () => {
    const log = open();
    log.add({ slot: 3 }, CODE);
    const torn = check();
    assert.ok(torn.ok);
    assert.deepEqual(torn.unsigned, { fromSeq: 3, toSeq: 3 });
    log.sign();
    log.close();
    const next = open();
    assert.equal(next.place?.logId, torn.logId);
    next.add({ slot: 3 }, CODE);
    next.sign();
    next.sign();
    const whole = check();
    assert.ok(whole.ok);
    assert.deepEqual([whole.unsigned, whole.fromSeq, whole.toSeq], [null, 1, 8]);
    const types = next.entriesAfter(0, 99).map(({ record }) => record.type);
    assert.deepEqual(types, ['boot', 'head', 'heard', 'head', 'boot', 'head', 'heard', 'head']);
    assert.deepEqual(
      next.entriesAfter(6, 1).map(({ seq }) => seq),
      [7],
    );
    next.close();
    assert.deepEqual(reports, []);
  });

  it('shows a changed and a dropped opening', () => {
    const log = open();
    log.add({ slot: 3 }, CODE);
    log.add({ slot: 5 }, null);
    log.sign();
    log.close();
    const text = readFileSync(path(), 'utf8');
    writeFileSync(path(), text.replace('"slot":3', '"slot":9'));
    assert.equal(JSON.stringify(check()).includes('altered'), true);
    writeFileSync(path(), text.replace(/^.*"slot":3.*\n/mu, ''));
    assert.equal(JSON.stringify(check()).includes('gap'), true);
  });

  it('remembers the lock’s own numbers', () => {
    const log = open();
    assert.equal(log.lastNumber, null);
    log.add({ slot: 3, number: 41 }, CODE);
    log.close();
    const next = open();
    assert.equal(next.lastNumber, 41);
    next.close();
  });

  it('keeps a damaged file, says so, and begins another log', () => {
    const log = open();
    log.add({ slot: 3 }, CODE);
    log.sign();
    const first = log.place?.logId;
    log.close();
    const text = readFileSync(path(), 'utf8');
    writeFileSync(path(), text.replace('"slot":3', '"slot":9'));
    const next = open();
    assert.match(
      reports.join(),
      /found damage; it is kept as .*damaged-[0-9a-f]{8}, and another log was begun/u,
    );
    assert.equal(readdirSync(folder).filter((name) => name.includes('damaged')).length, 1);
    assert.notEqual(next.place?.logId, first);
    next.add({ slot: 3 }, CODE);
    next.close();
    assert.ok(check().ok);
  });

  it('says that the disk took nothing, and tries again', () => {
    const inTheWay = join(folder, 'in-the-way');
    writeFileSync(inTheWay, '');
    folder = join(inTheWay, 'log');
    const log = open();
    assert.equal(log.place, null);
    assert.equal(reports.length, 1);
    assert.throws(() => log.add({ slot: 3 }, CODE), {
      code: 'journal-failed',
      message: /slot 3 opened, and the disk did not take it/u,
    });
    assert.deepEqual(log.entriesAfter(0, 9), []);
    rmSync(inTheWay);
    assert.equal(log.add({ slot: 3 }, CODE).seq, 3);
    log.close();
  });
});
