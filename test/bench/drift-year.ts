/**
 * A year of a lock whose crystal is off: the pure lock, a guest arriving each day for three nights, in three flats by turns,
 * who types the code at the ends of the stay. The clock is right at the beginning.
 */
import { deriveCodeKey, deriveUnitKey, issueClockCode, issueCode } from '@staycode/core';
import { decideEntry, lockNow } from '../../core/src/lock/decide.ts';
import { readyLock } from '../../core/src/lock/keyring.ts';
import { newMemory, remember } from '../../core/src/lock/memory.ts';
import { EXAMPLE_SITE_KEY, exampleConfig } from '../support/lock-example.ts';

const MINUTE_MS = 60_000;
export const DAY_MS: number = 24 * 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 1);
const YEAR_DAYS = 365;
const CHECK_IN_MS = 14 * 60 * MINUTE_MS;
/** Three nights, out at 10:00 UTC. */
export const STAY_MS: number = 3 * DAY_MS - 4 * 60 * MINUTE_MS;
const FLATS = ['flat-a', 'flat-b', 'flat-c'].map((unitId) => {
  const unitKey = deriveUnitKey(EXAMPLE_SITE_KEY, unitId, 1);
  return { unitId, unitKey, codeKey: deriveCodeKey(unitKey) };
});

export type Moment = 'at the start' | 'one hour after' | 'half an hour before the end' | 'in the last second';
/** When in a stay the code is typed, from its start. */
export const MOMENTS: Readonly<Record<Moment, number>> = {
  'at the start': 0,
  'one hour after': 60 * MINUTE_MS,
  'half an hour before the end': STAY_MS - 30 * MINUTE_MS,
  'in the last second': STAY_MS - 1000,
};

export interface DriftYear {
  /** Days since the clock was right when a valid code was first refused at this moment of a stay; `null` for never. */
  readonly firstRefusedDay: Readonly<Record<Moment, number | null>>;
  /** How many clock codes were typed; each was followed by the code that had been refused. */
  readonly clockCodes: number;
  /** How many codes were refused right after a clock code, or the clock code itself was: 0 where it mends. */
  readonly notMended: number;
}

interface Entry {
  readonly atMs: number;
  readonly moment: Moment;
  readonly digits: string;
  readonly codeKey: Uint8Array;
}

/** Every entry of the year in its order. */
const ENTRIES: readonly Entry[] = Array.from({ length: YEAR_DAYS }, (_, day) => listStay(day))
  .flat()
  .sort((one, other) => one.atMs - other.atMs);

function listStay(day: number): Entry[] {
  const { codeKey } = FLATS[day % FLATS.length]!;
  const startsAtMs = START_MS + day * DAY_MS + CHECK_IN_MS;
  const window = { startsAtMs, endsAtMs: startsAtMs + STAY_MS };
  const digits = issueCode(codeKey, { kind: 'stay', revision: 0, alphabet: 'decimal', ...window });
  const moments = Object.keys(MOMENTS) as Moment[];
  return moments.map((moment) => ({ atMs: startsAtMs + MOMENTS[moment], moment, digits, codeKey }));
}

/** @param mend whether the host types a clock code as soon as a guest is refused */
export function simulateYear({ ppm, mend }: { ppm: number; mend: boolean }): DriftYear {
  const lock = new DriftingLock(ppm);
  const firstRefusedDay: Record<Moment, number | null> = {
    'at the start': null,
    'one hour after': null,
    'half an hour before the end': null,
    'in the last second': null,
  };
  let clockCodes = 0;
  let notMended = 0;
  for (const { atMs, moment, digits, codeKey } of ENTRIES) {
    if (lock.enter(atMs, digits) === 'opened') continue;
    firstRefusedDay[moment] ??= (atMs - START_MS) / DAY_MS;
    if (!mend) continue;
    // The host makes one for the next whole minute, and it is typed when that begins.
    const mendMs = (Math.floor(atMs / MINUTE_MS) + 1) * MINUTE_MS;
    const clockCode = issueClockCode(codeKey, { atMs: mendMs, alphabet: 'decimal' });
    clockCodes += 1;
    const mended = lock.enter(mendMs, clockCode) === 'done';
    if (!mended || lock.enter(mendMs + 1000, digits) !== 'opened') notMended += 1;
  }
  return { firstRefusedDay, clockCodes, notMended };
}

/** Powered time is true here: a crystal's error of an hour a year is nothing to waits of an hour. */
class DriftingLock {
  readonly #lock = readyLock({
    ...exampleConfig(),
    units: FLATS.map(({ unitId, unitKey }) => ({ unitId, keyVersion: 1, alphabet: 'decimal', unitKey })),
  });
  readonly #rate: number;
  #memory = newMemory({ atMs: START_MS, clock: 'running', poweredMs: 0 });
  #setAtMs = START_MS;
  #setToMs = START_MS;

  constructor(ppm: number) {
    this.#rate = 1 + ppm / 1e6;
  }

  enter(trueMs: number, digits: string): string {
    const clockMs = this.#setToMs + (trueMs - this.#setAtMs) * this.#rate;
    const now = lockNow(this.#memory, { clockMs, poweredMs: trueMs - START_MS });
    const record = decideEntry(this.#lock, this.#memory, now, digits);
    if (record === null) throw new Error('an empty entry has no verdict');
    this.#memory = remember(this.#memory, record, this.#lock.rules);
    if (record.outcome === 'done' && record.clockMs !== undefined) {
      this.#setAtMs = trueMs;
      this.#setToMs = record.clockMs;
    }
    return record.outcome;
  }
}
