/**
 * Which openings that a lock tells of are new. A gateway may say the same thing twice; a lock that numbers what happens sends its last
 * few entries with each new one.
 * @module
 */
import type { LockReport } from './target.ts';

export interface Opening {
  readonly slot: number;
  /** The lock's own, where it numbers what happens. */
  readonly number?: number;
}

/** What was heard of a lock's openings. */
export interface OpeningsHeard {
  /** The last number of the lock's own. */
  readonly upTo: number | null;
  /** Whether all that came after that number would have been heard. */
  readonly isFollowed: boolean;
  /** When each slot opened last, of a lock that does not number. */
  readonly openedAtMs: ReadonlyMap<number, number>;
}

/** Nobody types a PIN twice in this time. */
const SAME_MS = 1_000;
/** So far back no late copy of a list lies: the lock began to count anew. Nor does a lock tell of more at once: each is kept for good. */
const LATE_NUMBERS = 32;

/** @param upTo the last number that is on record, `null` for none */
export function beginOpenings(upTo: number | null): OpeningsHeard {
  return { upTo, isFollowed: false, openedAtMs: new Map() };
}

/** The new ones among what a lock said, in the order in which it said them; of a list the last 32 at most. */
export function siftOpenings(
  before: OpeningsHeard,
  reports: readonly LockReport[],
  nowMs: number,
): { readonly openings: readonly Opening[]; readonly heard: OpeningsHeard } {
  const openings: Opening[] = [];
  let heard = before;
  for (const report of reports) {
    if (report.report === 'opened') {
      const { slot } = report;
      const isSame = (heard.openedAtMs.get(slot) ?? -Infinity) > nowMs - SAME_MS;
      if (!isSame) openings.push({ slot });
      heard = { ...heard, openedAtMs: new Map(heard.openedAtMs).set(slot, nowMs) };
    }
    if (report.report === 'log') {
      const fromNumber = knownUpTo(heard, report);
      openings.push(...report.openings.filter(({ number }) => number > fromNumber).slice(-LATE_NUMBERS));
      heard = { ...heard, upTo: Math.max(fromNumber, report.upTo), isFollowed: true };
    }
  }
  return { openings, heard };
}

/** Of what happened while nobody listened only the last can be of now, and of what the broker kept nothing. */
function knownUpTo(
  { upTo, isFollowed }: OpeningsHeard,
  report: LockReport & { readonly report: 'log' },
): number {
  if (report.isKept) return report.upTo;
  const isCountedAnew = upTo !== null && report.upTo < upTo - LATE_NUMBERS;
  if (upTo === null || isCountedAnew) return report.upTo - 1;
  return isFollowed ? upTo : Math.max(upTo, report.upTo - 1);
}
