import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  deriveCodeKey,
  deriveLockKey,
  deriveUnitKey,
  issueCode,
  type LockFile,
  reconcile,
  wantReservation,
} from '@staycode/core';
import { rotateKeys } from '../../core/src/lock/rotate-keys.ts';
import { SimulatedLock } from '../../mqtt-lock-sim/src/simulated-lock.ts';
import { HandClock } from '../mqtt-lock-sim/hand-clock.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, exampleRules } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const siteKey = EXAMPLE_SITE_KEY;
const zone = 'Europe/Berlin';
const startsAtMs = Date.parse('2026-11-27T14:00:00Z');
const endsAtMs = Date.parse('2026-11-30T10:00:00Z');
const codeKey = (unitId: string, keyVersion: number): Uint8Array =>
  deriveCodeKey(deriveUnitKey(siteKey, unitId, keyVersion));

function lockFile(lockId: string, unitIds: readonly string[]): LockFile {
  const units = unitIds.map((unitId) => ({
    ...({ unitId, keyVersion: 1, alphabet: 'decimal', serves: 'all' } as const),
    unitKey: deriveUnitKey(siteKey, unitId, 1),
  }));
  return {
    ...exampleConfig(),
    lockId,
    name: lockId,
    zone,
    lockKey: deriveLockKey(siteKey, lockId, 1),
    units,
  };
}

describe("a flat's lock that was stolen with its keys", () => {
  afterEach(removeScratch);

  it('mints codes for the street door until the keys are rotated, and none after; the guests get in with new ones', async () => {
    const files = [lockFile('street', ['flat-a', 'flat-b']), lockFile('flat-a', ['flat-a'])];
    const folder = scratchFolder();
    const system = new HandClock(new Date(startsAtMs + 3_600_000).toISOString());
    const open = (file: LockFile, name: string): SimulatedLock =>
      new SimulatedLock({ file, folder: join(folder, name), system, randomBytes, autoLockMs: 0 });
    const say = async (lock: SimulatedLock, digits: string): Promise<string> =>
      (await lock.enter(digits)).signal;
    const window = { startsAtMs, endsAtMs };
    const alphabet = 'decimal';
    const house = { rules: exampleRules(), hasKey: true, zone };
    const unitAt = (keyVersion: number) => ({ unitId: 'flat-a', keyVersion, alphabet: 'decimal' }) as const;
    const news = wantReservation({ id: 'guest', ...window, guestName: null, status: 'confirmed' });
    let count = 0;
    const settle = { ...house, overrides: [], nowMs: startsAtMs, newId: () => `${++count}` };

    const first = reconcile({ ...settle, codes: [], stays: [], unit: unitAt(1), news: [news] });
    const before = first.put.map((code) => ({ ...code, leftAtMs: startsAtMs }));
    const street = open(files[0]!, 'street');
    const neighbour = issueCode(codeKey('flat-b', 1), { alphabet, kind: 'stay', revision: 0, ...window });
    assert.equal(await say(street, issueCode(codeKey('flat-a', 1), before[0]!)), 'opened');
    assert.equal(await say(street, neighbour), 'opened');
    // The thief reads the key out of the lock that he has.
    const stolen = deriveCodeKey(files[1]!.units[0]!.unitKey);
    const minted = [1, 2].map((revision) =>
      issueCode(stolen, { alphabet, kind: 'stay', revision, ...window }),
    );
    assert.equal(await say(street, minted[0]!), 'opened');
    street.close();

    const { files: fresh, units } = rotateKeys({ files, lostLockId: 'flat-a', siteKey });
    const second = reconcile({
      ...{ ...settle, codes: before, stays: first.keep, unit: unitAt(units[0]!.keyVersion) },
    });
    const reissued = second.put.find(({ keyVersion }) => keyVersion === 2)!;
    assert.deepEqual(
      second.actions.map(({ action }) => action),
      ['revoke', 'issue'],
    );
    const digits = issueCode(codeKey('flat-a', 2), reissued);
    // Same journal, new file: the street door remembers who is in, but serves the old key no more.
    const rotated = open(
      fresh.find(({ lockId }) => lockId === 'street')!,
      'street',
    );
    for (const code of minted) assert.equal(await say(rotated, code), 'refused');
    assert.equal(await say(rotated, minted[0]!.slice(0, 6)), 'refused');
    assert.equal(await say(rotated, neighbour), 'opened');
    assert.equal(await say(rotated, digits), 'opened');
    rotated.close();
    const replacement = open(
      fresh.find(({ lockId }) => lockId === 'flat-a')!,
      'flat-a, new',
    );
    assert.equal(await say(replacement, minted[1]!), 'refused');
    assert.equal(await say(replacement, digits), 'opened');
    replacement.close();
  });
});
