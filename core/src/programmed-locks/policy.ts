/**
 * When a lock is told, asked and asked again; all in milliseconds.
 * @module
 */

export interface SlotPolicy {
  /** How long before check-in a code is set where the lock keeps the window: time for the host to act. */
  readonly leadWithWindowMs: number;
  /** The same where the lock does not: from then on the code opens, though never while another guest has the unit. */
  readonly leadMs: number;
  /** So long before a code is due a place for it is looked for. */
  readonly prepareMs: number;
  /** So long before check-in the host hears of a code that the lock does not have, */
  readonly tellBeforeMs: number;
  /** after so many commands or reads in vain at the least. */
  readonly minTries: number;
  /** After so many the host hears of it earlier: */
  readonly maxTries: number;
  /** so long before check-in at the earliest, for most outages end by themselves. */
  readonly tellEarliestMs: number;
  /** How long to wait after the first try, the second, and so on; the last is used from there on. */
  readonly retryAfterMs: readonly number[];
  /** How long after it was sent a late copy of a command may still arrive. */
  readonly settleMs: number;
  /** How old the news may be that a slot is free, or whose it is, when it is written. */
  readonly freshMs: number;
  /** Where answers may be old: how long an answer to something else may be on its way, */
  readonly apartMs: number;
  /** and how far apart two reads may be that bear each other out. */
  readonly rowMs: number;
  /** How often another's slot is looked at while someone waits for a place in a full lock. */
  readonly recheckMs: number;
  /** How often a slot of ours is looked at. */
  readonly readEveryMs: number;
}

const MINUTE_MS = 60_000;

/**
 * A week ahead where the lock keeps the window: longer than lock or host are out in a row, and no more slots than a week has stays. Else
 * an hour, for from then on the code opens.
 */
export const DEFAULT_SLOT_POLICY: SlotPolicy = {
  leadWithWindowMs: 7 * 24 * 60 * MINUTE_MS,
  leadMs: 60 * MINUTE_MS,
  prepareMs: 3 * MINUTE_MS,
  tellBeforeMs: 30 * MINUTE_MS,
  minTries: 3,
  maxTries: 6,
  tellEarliestMs: 24 * 60 * MINUTE_MS,
  retryAfterMs: [15_000, 30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS],
  settleMs: 5 * MINUTE_MS,
  freshMs: 2 * MINUTE_MS,
  apartMs: 2 * MINUTE_MS,
  rowMs: 10 * MINUTE_MS,
  recheckMs: 5 * MINUTE_MS,
  readEveryMs: 6 * 60 * MINUTE_MS,
};

/** How long to wait after so many tries. */
export function waitAfter({ retryAfterMs }: SlotPolicy, tries: number): number {
  return retryAfterMs[Math.min(tries, retryAfterMs.length) - 1] ?? 0;
}
