/**
 * When to fetch a feed again.
 * @module
 */

/** Longer than so, a booking for tonight would be missed. */
const MAX_BACK_OFF_MS = 2 * 60 * 60_000;
/** A server may ask for more time, but not for ever. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

export interface Refusals {
  /** Fetches in a row that ended on 429 or 5xx, up to now. */
  readonly busyInARow: number;
  /** What the last of them asked for in Retry-After, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** Milliseconds until the next fetch: the host's interval, twice as long after each refusal up to two hours, or as asked up to a day. */
export function nextPollMs(intervalMs: number, { busyInARow, retryAfterMs }: Refusals): number {
  const backedOffMs = Math.min(intervalMs * 2 ** busyInARow, Math.max(intervalMs, MAX_BACK_OFF_MS));
  return Math.max(backedOffMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}
