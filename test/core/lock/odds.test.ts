import assert from 'node:assert/strict';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  type HouseRules,
  type LockRules,
  odds,
  STREET_DOOR_HOUSE_RULES,
} from '@staycode/core';
import { alphabetSpec } from '../../../core/src/stay-code/alphabet.ts';
import { decideEntry } from '../../../core/src/lock/decide.ts';
import { newMemory } from '../../../core/src/lock/memory.ts';
import { decodePayload, EPOCH_MS } from '../../../core/src/stay-code/payload.ts';
import { runCommand } from '../../support/command.ts';

const berlin = (changes: Partial<HouseRules> = {}): LockRules =>
  compileRules({ zone: 'Europe/Berlin', ...DEFAULT_HOUSE_RULES, ...changes });
const one = { alphabet: 'decimal', units: 1, livePins: 0, staff: [] } as const;
const TRILLION = 1e12;

describe('odds', () => {
  it('are the figures that the spec states for the default rules', () => {
    const decimal = odds({ ...one, rules: berlin() });
    assert.equal(Math.round(decimal.perGuess * TRILLION), 247_744);
    assert.equal((decimal.oneIn / 1e6).toFixed(1), '4.0');
    assert.equal((decimal.perYear * 100).toFixed(2), '0.43');
    assert.equal((odds({ ...one, rules: berlin(), alphabet: 'no-zero' }).oneIn / 1e6).toFixed(1), '1.1');
    const withPin = odds({ ...one, rules: berlin(), livePins: 1 });
    assert.equal(withPin.oneIn, 1_000_000);
    assert.equal((withPin.perYear * 100).toFixed(2), '0.87');
    const wide = { checkInFrom: '12:00', checkInTo: '20:00', checkOutFrom: '08:00', checkOutTo: '12:00' };
    assert.equal((odds({ ...one, rules: berlin(wide) }).oneIn / 1e6).toFixed(1), '2.1');
  });

  it('are for twenty flats at a street door twenty times as bad, so its default rules are narrower', () => {
    const asOne = odds({ ...one, rules: berlin() });
    const same = odds({ ...one, rules: berlin(), units: 20 });
    assert.equal((same.perGuess / asOne.perGuess).toFixed(9), '20.000000000');
    assert(same.oneIn < 1e6 && same.perYear > 0.01);
    const rules = compileRules({ zone: 'Europe/Berlin', ...STREET_DOOR_HOUSE_RULES });
    const narrow = odds({ ...one, rules, units: 20, livePins: 20 });
    assert(narrow.oneIn >= 1e6 && narrow.perYear < 0.01);
  });

  it('count staff secrets by their digits: five steps of a TOTP, ten counters of an HOTP', () => {
    const staff = [
      { type: 'totp', digits: 8 },
      { type: 'hotp', digits: 8 },
      { type: 'totp', digits: 6 },
    ] as const;
    const { byDigits } = odds({ ...one, rules: berlin(), livePins: 2, staff });
    const chance = (digits: number): number | undefined =>
      byDigits.find((some) => some.digits === digits)?.perGuess;
    assert.equal(chance(8), 15 / 1e8);
    assert.equal(chance(6), 2 / 1e6 + 5 / 1e6);
  });

  it('state the figure while the clock is lost, which is none where the host gives no grace', () => {
    const grace = odds({ ...one, rules: berlin() });
    assert(grace.clockLost.perGuess > grace.perGuess);
    assert.equal(odds({ ...one, rules: berlin({ clockLost: 'wait' }) }).clockLost.perGuess, 0);
    assert(grace.revocation.perGuess > grace.clockLost.perGuess);
  });

  it('agree with what the lock does with random payloads, over the day', () => {
    const rules = berlin();
    const spec = alphabetSpec('decimal');
    let drawn: ReturnType<typeof decodePayload> = null;
    const key = { unitId: 'a', keyVersion: 1, serves: 'all', read: () => drawn, write: () => '' } as const;
    const lock = { keys: [key], rules: { ...rules, pinDigits: 0 as const }, staff: [] };
    // Payloads drawn near today stand for the whole range, which the rules refuse elsewhere.
    const today = 33_600;
    const days = 45;
    const near = { start: today - 32 * 48, slots: 33 * 48 };
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return seed % below;
    };
    const tries = 400_000;
    let peak = 0;
    for (const hour of [4, 10, 15, 17]) {
      const now = {
        atMs: EPOCH_MS + (today + hour * 2) * 1_800_000,
        clock: 'running',
        poweredMs: 0,
      } as const;
      const memory = newMemory(now);
      let opened = 0;
      for (let i = 0; i < tries; i++) {
        const start = near.start + random(near.slots + 48);
        const length = random(days * 48);
        drawn = decodePayload((start * spec.maxLengthSlots + length) * 32 + random(32), spec);
        if (decideEntry(lock, memory, now, '000000000000')?.outcome === 'opened') opened += 1;
      }
      const drawnFrom = (near.slots + 48) * days * 48 * 32;
      peak = Math.max(peak, (opened / tries) * drawnFrom);
    }
    const stated = odds({ ...one, rules }).perGuess * TRILLION;
    assert(Math.abs(peak - stated) < stated * 0.05, `${peak} of ${stated}`);
  });

  it('are printed for one flat and a street door, with the worse of both in front', async () => {
    const { code, out } = await runCommand(['odds', '--json']);
    assert.equal(code, 0);
    const said = JSON.parse(out) as Record<'flat' | 'streetDoor', { oneIn: number; perYear: number }> & {
      oneIn: number;
      perYear: number;
    };
    for (const door of [said, said.flat, said.streetDoor])
      assert(door.oneIn >= 1e6 - 1e-6 && door.perYear < 0.01);
    const text = await runCommand(['odds']);
    assert.match(text.out, /1 guess in 1,000,000, 0\.87 % a year/u);
    assert.match((await runCommand(['odds', '--alphabet', 'hex'])).err, /expected decimal or no-zero/u);
  });
});
