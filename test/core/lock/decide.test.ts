import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCodeKey, deriveUnitKey, issueCode, playScenario, StaycodeError } from '@staycode/core';
import { defineAlphabet } from '../../../core/src/stay-code/alphabet.ts';
import { createCodec } from '../../../core/src/lock/keyring.ts';
import { decideEntry } from '../../../core/src/lock/decide.ts';
import { newMemory } from '../../../core/src/lock/memory.ts';
import { oneTimePassword } from '../../../core/src/lock/staff.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock } from '../../support/lock-example.ts';
import { needsShared, SHARED } from '../../support/parts.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const stay = {
  kind: 'stay',
  revision: 0,
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
} as const;

describe('lock decision', () => {
  it('gives the verdicts of the published example scenarios', function () {
    needsShared(this);
    const lines = readFileSync(join(SHARED, 'spec/scenarios-examples.jsonl'), 'utf8').trim().split('\n');
    assert.deepEqual(lines.flatMap(playScenario), []);
  });

  it('says of a scenario that fails which step, what was expected and what came', () => {
    const units = [{ unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', unitKey: '42'.repeat(32) }];
    const rules = { ...exampleConfig().rules };
    const steps = [{ at: '2026-12-03T15:00:00Z', enter: '111111', expect: 'opened', reason: 'pin' }];
    const failures = playScenario(JSON.stringify({ name: 'x', units, rules, staff: [], steps }));
    assert.deepEqual(failures, [
      {
        scenario: 'x',
        step: 1,
        at: '2026-12-03T15:00:00Z',
        expected: 'opened (pin)',
        got: 'refused (unknown)',
      },
    ]);
  });

  it('never opens for a valid code with one digit changed', () => {
    const digits = issueCode(codeKey, stay);
    const at = '2026-12-03T15:00:00Z';
    const lock = new ExampleLock(exampleConfig(), at);
    for (let place = 0; place < 12; place++) {
      for (const digit of '0123456789'.replace(digits.charAt(place), '')) {
        const changed = digits.slice(0, place) + digit + digits.slice(place + 1);
        assert.notEqual(lock.judge(at, changed).outcome, 'opened');
      }
    }
    assert.equal(lock.enter(at, digits), 'opened stay');
  });

  it('opens for exactly the share of all codes that its rules permit, counted over a toy radix', () => {
    // Two symbols: 4,096 codes. 15 start slots, up to 8 slots long: 3,840 windows, 256 clock codes.
    const toy = defineAlphabet('01', { startSlots: 15, maxLengthSlots: 8, clockMinutes: 256 });
    const rules = {
      startMask: '001100100000000'.padEnd(48, '0'),
      endMask: '000000101110111'.padEnd(48, '0'),
      minSlots: 3,
      maxSlots: 7,
      skewMinutes: 10,
      pinDigits: 6,
      clockLost: 'wait',
    } as const;
    const key = { unitId: 'toy', keyVersion: 1, serves: 'all', ...createCodec(codeKey, toy) } as const;
    const lock = { keys: [key], rules, staff: [] };
    for (const slot of [0, 3.1, 5.8, 7, 9.5]) {
      const atMs = Date.UTC(2025, 0, 1) + slot * 1_800_000;
      const now = { atMs, clock: 'running', poweredMs: 0 } as const;
      const memory = newMemory(now);
      const opened = { stay: 0, amendment: 0, 'one-time': 0 };
      for (let code = 0; code < 4096; code++) {
        const record = decideEntry(lock, memory, now, code.toString(2).padStart(12, '0'));
        if (record?.outcome === 'opened') opened[record.reason as 'stay'] += 1;
      }
      const windows = { permitted: 0, short: 0 };
      const skew = 1 / 3;
      for (let start = 0; start < 15; start++) {
        for (let length = 1; length <= 8; length++) {
          if (!(start - skew <= slot && slot < start + length + skew)) continue;
          windows.short += 1;
          const permitted = rules.startMask[start] === '1' && rules.endMask[start + length] === '1';
          if (permitted && length >= 3 && length <= 7) windows.permitted += 1;
        }
      }
      assert.deepEqual(opened, {
        stay: 8 * windows.permitted,
        amendment: 8 * windows.permitted,
        'one-time': 8 * windows.short,
      });
    }
  });

  it('takes only ASCII digits as an entry, and none at all as no entry', () => {
    const lock = new ExampleLock(exampleConfig(), '2026-12-03T15:00:00Z');
    const now = { atMs: 0, clock: 'running', poweredMs: 0 } as const;
    assert.equal(decideEntry(lock.lock, lock.memory, now, ''), null);
    for (const entry of ['12345a', '１２３', ' 1', '1\n']) {
      assert.throws(
        () => decideEntry(lock.lock, lock.memory, now, entry),
        (error) => error instanceof StaycodeError,
      );
    }
  });

  it('never looks for a code inside a longer entry', () => {
    const digits = issueCode(codeKey, stay);
    const at = '2026-12-03T15:00:00Z';
    const lock = new ExampleLock(exampleConfig(), at);
    for (const entry of [`0${digits}`, `${digits}0`, digits.slice(1)])
      assert.equal(lock.enter(at, entry), 'refused unknown');
    assert.equal(lock.enter(at, digits), 'opened stay');
  });

  it('takes a staff name that every object has a property of for a name like any other', () => {
    const staff = ['constructor', '__proto__'].map((name, index) => ({
      name,
      type: 'hotp' as const,
      secret: new Uint8Array(20).fill(index),
      digits: 8 as const,
      hash: 'sha1' as const,
    }));
    const lock = new ExampleLock(exampleConfig({ staff }), '2026-12-03T15:00:00Z');
    for (const secret of staff) {
      assert.equal(lock.enter('2026-12-03T15:00:00Z', oneTimePassword(secret, 0)), 'opened staff');
      assert.equal(lock.enter('2026-12-03T15:00:00Z', oneTimePassword(secret, 0)), 'refused replayed');
    }
  });

  it('keeps no digits in what it remembers', () => {
    const digits = issueCode(codeKey, stay);
    const lock = new ExampleLock(exampleConfig(), '2026-12-03T15:00:00Z');
    const record = lock.judge('2026-12-03T15:00:00Z', digits);
    assert.equal(lock.enter('2026-12-03T15:00:00Z', digits), 'opened stay');
    assert.equal(lock.enter('2026-12-03T15:00:30Z', digits.slice(0, 6)), 'opened pin');
    for (const kept of [JSON.stringify(record), JSON.stringify(lock.memory)])
      assert(!kept.includes(digits.slice(0, 6)));
  });
});
