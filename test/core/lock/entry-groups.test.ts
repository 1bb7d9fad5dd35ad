import assert from 'node:assert/strict';
import { deriveCodeKey, deriveUnitKey, issueCode, type LockRecord } from '@staycode/core';
import fc from 'fast-check';
import { decideEntry, lockNow } from '../../../core/src/lock/decide.ts';
import { EntryGroups, type GroupMode, GROUPS_WITHIN_MS } from '../../../core/src/lock/entry-groups.ts';
import { addWrong, countNow, isClosed, NO_GUESSES } from '../../../core/src/lock/guessing.ts';
import { type EntryRecord, remember } from '../../../core/src/lock/memory.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock, exampleRules } from '../../support/lock-example.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const digits = issueCode(codeKey, {
  kind: 'stay',
  revision: 0,
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
});
const [first, second] = [digits.slice(0, 6), digits.slice(6)];
const pinless = exampleConfig({ rules: exampleRules({ pinDigits: 0 }) });
const BORN = '2026-12-03T15:00:00Z';

interface Judged {
  readonly digits: string;
  readonly record: EntryRecord;
}

/** A keypad at an example lock; its time is the time of the groups. */
class GroupedLock extends ExampleLock {
  readonly judged: Judged[] = [];
  readonly groups: EntryGroups;
  nowMs = 0;

  constructor(mode: GroupMode, config = exampleConfig()) {
    super(config, BORN);
    this.groups = this.keypad(mode);
  }

  /** Another keypad at the same lock. */
  keypad(mode: GroupMode): EntryGroups {
    return new EntryGroups(mode, (entry, half) => Promise.resolve(this.#judgeGroup(entry, half)));
  }

  async type(group: string, afterMs = 0, groups = this.groups): Promise<string | null> {
    this.nowMs += afterMs;
    const record = await groups.enter(group, this.nowMs);
    return record && `${record.outcome} ${record.reason}`;
  }

  get shortCount(): number {
    return countNow(this.memory.guesses.short, 'short', this.nowMs);
  }

  get longCount(): number {
    return countNow(this.memory.guesses.long, 'long', this.nowMs);
  }

  #judgeGroup(entry: string, half: number | null): EntryRecord | null {
    const now = lockNow(this.memory, { clockMs: Date.parse(BORN) + this.nowMs, poweredMs: this.nowMs });
    const record = decideEntry(this.lock, this.memory, now, entry, half);
    if (record === null) return null;
    this.judged.push({ digits: entry, record });
    // As the journal keeps it.
    const kept = JSON.parse(JSON.stringify(record)) as LockRecord;
    this.memory = remember(this.memory, kept, this.lock.rules);
    return record;
  }
}

describe('entry groups of a keypad that sends all at once', () => {
  it('are entries as they come', async () => {
    const lock = new GroupedLock('whole');
    assert.equal(await lock.type('123456'), 'refused unknown');
    assert.equal(await lock.type(digits), 'opened stay');
    assert.equal(await lock.type(first), 'opened pin');
    assert.equal(await lock.type(''), null);
  });
});

describe('entry groups of 4-4-4', () => {
  const fours = [digits.slice(0, 4), digits.slice(4, 8), digits.slice(8)] as const;

  it('are one entry of twelve digits and cost nothing', async () => {
    const lock = new GroupedLock('4-4-4');
    assert.equal(await lock.type(fours[0]), null);
    assert.equal(await lock.type(fours[1], 15_000), null);
    assert.equal(await lock.type(fours[2], 15_000), 'opened stay');
    assert.deepEqual([lock.shortCount, lock.longCount], [0, 0]);
  });

  it('come too late more than 30 s after the first, and then the two count as one wrong short entry', async () => {
    const lock = new GroupedLock('4-4-4');
    await lock.type(fours[0]);
    await lock.type(fours[1], 15_000);
    assert.equal(await lock.type(fours[2], 15_001), null);
    assert.deepEqual([lock.shortCount, lock.longCount], [1, 0]);
  });

  it('are given up after 30 s by one short count, and not before', async () => {
    const lock = new GroupedLock('4-4-4');
    await lock.type(fours[0]);
    assert.equal(lock.groups.heldUntilMs, GROUPS_WITHIN_MS);
    assert.equal(await lock.groups.expire(GROUPS_WITHIN_MS), null);
    assert.equal((await lock.groups.expire(GROUPS_WITHIN_MS + 1))?.reason, 'unknown');
    assert.equal(lock.shortCount, 1);
    assert.equal(lock.groups.heldUntilMs, null);
  });

  it('end at a group of another length, which is an entry of its own', async () => {
    const lock = new GroupedLock('4-4-4');
    await lock.type(digits);
    await lock.type('1234');
    assert.equal(await lock.type(first), 'opened pin');
    assert.equal(lock.shortCount, 1);
  });

  it('never try two of them as a PIN of eight digits', async () => {
    const lock = new GroupedLock('4-4-4', exampleConfig({ rules: exampleRules({ pinDigits: 8 }) }));
    await lock.type(digits);
    for (const four of fours.slice(0, 2)) await lock.type(four);
    assert.equal((await lock.groups.expire(GROUPS_WITHIN_MS + 1))?.outcome, 'refused');
    assert.equal(lock.judged.at(-1)?.digits, fours[0]);
  });
});

describe('entry groups of 6-6', () => {
  it('are one entry of twelve digits, and the count of the first half is given back', async () => {
    const lock = new GroupedLock('6-6');
    assert.equal(await lock.type(first), 'refused unknown');
    assert.equal(lock.shortCount, 1);
    assert.equal(await lock.type(second, 30_000), 'opened stay');
    assert.deepEqual([lock.shortCount, lock.longCount], [0, 0]);
  });

  it('are two wrong short entries when the second comes later than 30 s', async () => {
    const lock = new GroupedLock('6-6');
    await lock.type(first);
    assert.equal(await lock.type(second, 30_001), 'refused unknown');
    assert.equal(lock.longCount, 0);
    assert.equal(lock.judged.length, 2);
  });

  it('open for a PIN at once, and hold none that opened', async () => {
    const lock = new GroupedLock('6-6');
    await lock.type(first);
    await lock.type(second);
    assert.equal(await lock.type(first), 'opened pin');
    assert.equal(lock.groups.heldUntilMs, null);
  });

  it('open for a PIN right after a mistyped one, for one count of each kind', async () => {
    const lock = new GroupedLock('6-6');
    await lock.type(digits);
    await lock.type('000000');
    assert.equal(await lock.type(first), 'opened pin');
    assert.deepEqual([lock.shortCount, lock.longCount], [1, 1]);
  });

  it('open after a first half that was typed anew', async () => {
    const lock = new GroupedLock('6-6');
    await lock.type('000000');
    await lock.type(first);
    assert.equal(await lock.type(second), 'opened stay');
    assert.deepEqual([lock.shortCount, lock.longCount], [1, 1]);
  });

  it('may begin while short entries are closed, and then give nothing back', async () => {
    const lock = new GroupedLock('6-6', pinless);
    for (let wrong = 0; wrong < 5; wrong++) await lock.type('1');
    assert.equal(await lock.type(first), 'refused closed');
    assert.equal(await lock.type(second), 'opened stay');
    assert.equal(lock.shortCount, 5);
    assert(isClosed(lock.memory.guesses.short, lock.nowMs));
  });

  it('end the wait that their own first half began, and none that another entry began', async () => {
    const own = new GroupedLock('6-6', pinless);
    for (let wrong = 0; wrong < 4; wrong++) await own.type('1');
    await own.type(first, 1000);
    assert(isClosed(own.memory.guesses.short, own.nowMs));
    await own.type(second, 1000);
    assert(!isClosed(own.memory.guesses.short, own.nowMs));

    const other = new GroupedLock('6-6', pinless);
    const beside = other.keypad('whole');
    await other.type(first);
    for (let wrong = 0; wrong < 5; wrong++) await other.type('1', 1000, beside);
    assert.equal(await other.type(second, 1000), 'opened stay');
    assert(isClosed(other.memory.guesses.short, other.nowMs));
  });

  it('let in a guest who was in before, while a prankster has both counts closed, at his second try after ten seconds', async () => {
    for (const pauseMs of [11_000, 25_000]) {
      const lock = new GroupedLock('6-6', exampleConfig({ rules: exampleRules({ pinDigits: 8 }) }));
      await lock.type(first);
      assert.equal(await lock.type(second, 1000), 'opened stay');
      for (let i = 0; i < 40; i++) await lock.type(String(100_000 + i * 7919), 1000);
      assert(
        isClosed(lock.memory.guesses.short, lock.nowMs) && isClosed(lock.memory.guesses.long, lock.nowMs),
      );
      let opened: string | null = null;
      for (let tries = 0; tries < 3 && opened !== 'opened stay'; tries++) {
        await lock.type(first, pauseMs);
        opened = await lock.type(second, 1000);
      }
      assert.equal(opened, 'opened stay');
    }
  });

  it('drop a first half at a group of another length', async () => {
    const lock = new GroupedLock('6-6');
    await lock.type(first);
    await lock.type('12345678');
    assert.equal(await lock.type(second), 'refused unknown');
    assert.equal(lock.longCount, 0);
  });
});

describe('entry groups and a guesser', () => {
  /** Groups that a guesser would send who has a valid code in hand and tries to have looks for nothing. */
  const group = fc.constantFrom(
    ...[first, second, digits, '000000', '111111', '0000', '1111', '00000000'],
    ...[0, 4, 8].map((from) => digits.slice(from, from + 4)),
  );
  const mode = fc.constantFrom<GroupMode>('whole', '4-4-4', '6-6');
  const typed = fc.array(fc.record({ group, keypad: fc.nat(1) }), { maxLength: 60, size: 'max' });

  it('has at most five looks of each length in one moment, whatever groups come at two keypads', async () => {
    const known = new Set([first, second, digits]);
    const examined = (lock: GroupedLock, length: 'short' | 'long'): number =>
      lock.judged.filter(
        (one) => one.record.length === length && one.record.reason !== 'closed' && !known.has(one.digits),
      ).length;
    await fc.assert(
      fc.asyncProperty(mode, mode, typed, fc.boolean(), async (here, there, groups, pins) => {
        const lock = new GroupedLock(here, pins ? exampleConfig() : pinless);
        const keypads = [lock.groups, lock.keypad(there)];
        for (const { group: sent, keypad } of groups) await lock.type(sent, 0, keypads[keypad]);
        assert(examined(lock, 'short') <= 5, 'short looks');
        assert(examined(lock, 'long') <= 5, 'long looks');
      }),
      { numRuns: 1000 },
    );
  });

  it('stands, after a pair that opened, where he would without its first half', async () => {
    const paused = fc.record({ group, afterMs: fc.integer({ min: 1, max: 40_000 }) });
    await fc.assert(
      fc.asyncProperty(mode, fc.array(paused, { maxLength: 40, size: 'max' }), async (how, groups) => {
        const lock = new GroupedLock(how, pinless);
        for (const { group: sent, afterMs } of groups) await lock.type(sent, afterMs);
        const taken = new Set(lock.judged.map(({ record }) => record.firstHalfPoweredMs));
        const without = lock.judged
          .map(({ record }) => record)
          .filter(({ length, outcome, reason }) => length === 'short' && outcome + reason !== 'refusedclosed')
          .filter(({ poweredMs }) => !taken.has(poweredMs))
          .reduce((guesses, { poweredMs }) => addWrong(guesses, 'short', poweredMs), NO_GUESSES);
        const difference = lock.shortCount - countNow(without, 'short', lock.nowMs);
        assert(Math.abs(difference) < 1e-6, String(difference));
        assert.equal(isClosed(lock.memory.guesses.short, lock.nowMs), isClosed(without, lock.nowMs));
      }),
      { numRuns: 500 },
    );
  });
});
