/**
 * How often a caller may call: a bucket for each, which fills evenly. Times in milliseconds.
 * @module
 */
export interface RateLimit {
  /** 0 where the caller may call now, else how long to wait. */
  take(caller: string, nowMs: number): number;
}

/** Callers without a key are told apart by their address; an attacker with many of them must not fill the memory. */
const MOST_CALLERS = 1_000;

/** @param perMinute from 1; so many may also come at once */
export function createRateLimit(perMinute: number): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const tokenMs = 60_000 / perMinute;
  return {
    take(caller, nowMs) {
      const known = buckets.get(caller) ?? { tokens: perMinute, atMs: nowMs };
      const filled = Math.min(perMinute, known.tokens + Math.max(0, nowMs - known.atMs) / tokenMs);
      buckets.delete(caller);
      buckets.set(caller, { tokens: filled < 1 ? filled : filled - 1, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > MOST_CALLERS && oldest !== undefined) buckets.delete(oldest);
      return filled < 1 ? (1 - filled) * tokenMs : 0;
    },
  };
}
