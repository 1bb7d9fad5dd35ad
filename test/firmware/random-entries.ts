/** What the two verifiers are asked by chance, from a seed, and what the one in TypeScript answers. */
import {
  deriveUnitKey,
  type LockRules,
  playScenario,
  type UnitKey,
  type WindowContent,
} from '@staycode/core';
import fc from 'fast-check';
import { decideEntry } from '../../core/src/lock/decide.ts';
import { type ReadyKey, readyLock } from '../../core/src/lock/keyring.ts';
import { newMemory } from '../../core/src/lock/memory.ts';
import { CODE_KINDS } from '../../core/src/stay-code/payload.ts';
import { EXAMPLE_SITE_KEY, exampleRules } from '../support/lock-example.ts';
import { commandArbitrary } from '../support/lock-commands.ts';
import { Play, rememberingKeyring } from '../support/lock-play.ts';
import type { Random } from '../support/random.ts';
import type { Scenario } from '../vectors/scenarios/parts.ts';

const SLOT = 30 * 60_000;
const SLOTS_2027 = 35_040;

export const UNITS: readonly UnitKey[] = (['decimal', 'no-zero'] as const).map((alphabet) => ({
  unitId: alphabet,
  keyVersion: 1,
  alphabet,
  unitKey: deriveUnitKey(EXAMPLE_SITE_KEY, alphabet, 1),
}));

const house = exampleRules({ endMask: '000000000000000000101010000000000010100000000000' });
const rulesArbitrary: fc.Arbitrary<LockRules> = fc.record({
  startMask: fc.constant(house.startMask),
  endMask: fc.constant(house.endMask),
  minSlots: fc.constantFrom(1, 30),
  maxSlots: fc.constantFrom(150, 1488),
  skewMinutes: fc.constantFrom(0, 10, 30),
  pinDigits: fc.constantFrom(0, 6, 6, 8),
  clockLost: fc.constantFrom('wait', 'grace'),
});

/** Random lives of a lock, as scenarios whose verdicts the lock in TypeScript has given. */
export function randomScenarios(seed: number, count: number): Scenario[] {
  const commands = fc.array(commandArbitrary, { minLength: 150, maxLength: 150 });
  const keyring = rememberingKeyring(UNITS, house);
  return fc.sample(fc.tuple(rulesArbitrary, commands), { seed, numRuns: count }).map(([rules, todo]) => {
    const play = new Play(keyring, rules, []);
    for (const command of todo) play.run(command);
    const text = play.scenario('random');
    const differs = playScenario(text);
    if (differs.length > 0)
      throw new Error(`the lock in TypeScript says otherwise: ${JSON.stringify(differs[0])}`);
    return JSON.parse(text) as Scenario;
  });
}

export interface FirstEntry {
  readonly atMs: number;
  readonly digits: string;
  readonly verdict: string;
}

/** Entries at a lock that is new each time: codes of about now, such codes with one digit changed, and mere digits. */
export function firstEntries(random: Random, rules: LockRules, count: number): FirstEntry[] {
  const lock = readyLock({ units: UNITS, rules, staff: [] });
  return Array.from({ length: count }, () => {
    const slot = SLOTS_2027 + random.whole(0, 17_000);
    const atMs = Date.UTC(2025, 0, 1) + slot * SLOT + random.whole(0, SLOT - 1);
    const digits = random.chance(0.2) ? someDigits(random) : changed(random, lock.keys, slot);
    const now = { atMs, clock: 'running', poweredMs: 0 } as const;
    const record = decideEntry(lock, newMemory(now), now, digits);
    return { atMs, digits, verdict: record === null ? 'ignored' : `${record.outcome} ${record.reason}` };
  });
}

/** Any window that the key's alphabet holds. */
export function someWindow(
  random: Random,
  startSlots: number,
): WindowContent & { slots: number; start: number } {
  const [start, slots] = [random.whole(0, startSlots - 1), random.whole(1, 17_568)];
  return {
    start,
    slots,
    kind: random.pick(CODE_KINDS),
    revision: random.whole(0, 7),
    ...timesOf(start, slots),
  };
}

export function someDigits(random: Random): string {
  const length = random.chance(0.7) ? 12 : random.whole(0, 14);
  return Array.from({ length }, () => random.whole(0, 9)).join('');
}

function changed(random: Random, keys: readonly ReadyKey[], slot: number): string {
  const midnight = slot - (slot % 48);
  const shortly = random.chance(0.3);
  const start = shortly
    ? slot - random.whole(-1, 3)
    : midnight + random.pick([26, 28, 30, 31]) - 48 * random.whole(0, 3);
  const slots = shortly
    ? random.whole(1, 50)
    : midnight + 48 * random.whole(1, 3) + random.pick([18, 20, 21]) - start;
  const content = { kind: random.pick(CODE_KINDS), revision: random.whole(0, 7), ...timesOf(start, slots) };
  const digits = random.pick(keys).write(content);
  if (random.chance(0.7)) return digits;
  const at = random.whole(0, 11);
  return `${digits.slice(0, at)}${random.whole(0, 9)}${digits.slice(at + 1)}`;
}

function timesOf(start: number, slots: number): Pick<WindowContent, 'startsAtMs' | 'endsAtMs'> {
  const startsAtMs = Date.UTC(2025, 0, 1) + start * SLOT;
  return { startsAtMs, endsAtMs: startsAtMs + slots * SLOT };
}
