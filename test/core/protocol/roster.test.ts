import assert from 'node:assert/strict';
import {
  deriveCodeKey,
  deriveCommandKey,
  deriveUnitKey,
  issueCode,
  readRosterReport,
  rosterOf,
  type RosterReport,
} from '@staycode/core';
import type { CodeId } from '../../../core/src/lock/keyring.ts';
import { remember } from '../../../core/src/lock/memory.ts';
import { MAX_UNLISTED, rosterReport } from '../../../core/src/protocol/roster.ts';
import { EXAMPLE_LOCK_KEY } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock } from '../../support/lock-example.ts';

const START = '2026-12-03T14:00:00Z';
const key = deriveCommandKey(EXAMPLE_LOCK_KEY, 'node-red');
const code = (nights: number): CodeId => ({
  ...{ unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: nights },
  ...{ startsAtMs: Date.parse(START), endsAtMs: Date.parse(START) + nights * 86_400_000 - 4 * 3_600_000 },
});
const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const digitsOf = (id: CodeId): string => issueCode(codeKey, { ...id, alphabet: 'decimal' });

describe('the roster', () => {
  let lock: ExampleLock;
  beforeEach(() => {
    lock = new ExampleLock(exampleConfig(), START);
  });
  const tell = (codes: readonly CodeId[]): void => {
    const act = rosterOf(key, codes);
    if (act.name !== 'roster') throw new Error('expected a roster');
    const command = { controllerId: 'node-red', counter: 5 };
    const now = { atMs: Date.parse(START), clock: 'running', poweredMs: 0 } as const;
    lock.memory = remember(lock.memory, { type: 'command', ...now, command, act }, lock.lock.rules);
  };
  const report = (): RosterReport | null => {
    const own = { lockId: 'front-door', lockKey: EXAMPLE_LOCK_KEY, keys: lock.lock.keys };
    const { text = '' } = rosterReport(own, lock.memory, Date.parse(START)) ?? {};
    return text === '' ? null : readRosterReport(key, text);
  };

  it('names what opened that the host does not know, and what the host knows that never opened, and gates nobody', () => {
    tell([code(3), code(4)]);
    assert.equal(lock.enter(START, digitsOf(code(3))), 'opened stay');
    assert.equal(lock.enter(START, digitsOf(code(5))), 'opened stay');
    const { unlisted, unseen, keys, roster } = report() ?? {};
    assert.deepEqual(unlisted, [code(5)]);
    const act = rosterOf(key, [code(4)]);
    assert.deepEqual(unseen, act.name === 'roster' && act.known);
    assert.deepEqual([keys, roster], [[{ unitId: 'flat-a', keyVersion: 1 }], 5]);
  });

  it('is none before a host has sent one', () => {
    lock.enter(START, digitsOf(code(3)));
    assert.equal(report(), null);
  });

  it('names so many and says how many more there are', () => {
    tell([]);
    const accepted = Array.from({ length: MAX_UNLISTED + 6 }, (_, i) => ({
      ...code(1),
      startsAtMs: i,
      pinsOf: [],
    }));
    lock.memory = { ...lock.memory, accepted };
    assert.deepEqual([report()?.unlisted.length, report()?.more], [MAX_UNLISTED, 6]);
    assert.equal(report()?.unlisted.at(-1)?.startsAtMs, MAX_UNLISTED + 5);
  });

  it('tells the broker no nights: other keys give other fingerprints', () => {
    assert.notDeepEqual(
      rosterOf(key, [code(3)]),
      rosterOf(deriveCommandKey(EXAMPLE_LOCK_KEY, 'x'), [code(3)]),
    );
  });
});
