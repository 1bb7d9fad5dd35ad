/**
 * The count of wrong entries: one for short entries, one for twelve digits. It falls with powered time only, so neither a
 * valid entry nor a battery change nor a clock change buys guesses. Source: spec, rule 9.
 * @module
 */

export type EntryLength = 'short' | 'long';

/** A count as it stood at `atPoweredMs`; all times are milliseconds of powered time of the lock's whole life. */
export interface GuessCount {
  readonly count: number;
  readonly atPoweredMs: number;
  /** When the wait began and how long it is; 0 where there was none. */
  readonly closedAtPoweredMs: number;
  readonly waitMs: number;
}

export const NO_GUESSES: GuessCount = { count: 0, atPoweredMs: 0, closedAtPoweredMs: 0, waitMs: 0 };

const MINUTE_MS = 60_000;
/** Powered time that takes one wrong entry away, and the longest wait. */
const LIMITS: Readonly<Record<EntryLength, { forgetMs: number; longestMinutes: number }>> = {
  short: { forgetMs: 60 * MINUTE_MS, longestMinutes: 60 },
  long: { forgetMs: 30 * MINUTE_MS, longestMinutes: 30 },
};
const FREE_COUNT = 4;
/** While twelve digits are closed, an enrolled code has one try in this time. */
export const ENROLLED_TRY_MS = 10_000;

/** Whether entries of this length are refused unexamined. */
export function isClosed(guesses: GuessCount, poweredMs: number): boolean {
  return poweredMs < guesses.closedAtPoweredMs + guesses.waitMs;
}

/** The count now. */
export function countNow(guesses: GuessCount, length: EntryLength, poweredMs: number): number {
  const { forgetMs } = LIMITS[length];
  // In whole milliseconds: a sum of fractions would slip past the four that it ought to be exactly.
  const owedMs = Math.round(guesses.count * forgetMs) - (poweredMs - guesses.atPoweredMs);
  return Math.max(0, owedMs) / forgetMs;
}

/** One more wrong entry; above four the lock closes, twice as long each time. */
export function addWrong(guesses: GuessCount, length: EntryLength, poweredMs: number): GuessCount {
  const count = countNow(guesses, length, poweredMs) + 1;
  if (count <= FREE_COUNT) return { ...guesses, count, atPoweredMs: poweredMs };
  const waitMinutes = Math.min(LIMITS[length].longestMinutes, 2 ** (Math.ceil(count) - FREE_COUNT - 1));
  return { count, atPoweredMs: poweredMs, closedAtPoweredMs: poweredMs, waitMs: waitMinutes * MINUTE_MS };
}

/** After a reboot a wait that was running starts again at its full length. */
export function restartWait(guesses: GuessCount, poweredMs: number): GuessCount {
  return isClosed(guesses, poweredMs) ? { ...guesses, closedAtPoweredMs: poweredMs } : guesses;
}
