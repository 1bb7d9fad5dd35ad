/**
 * When a webhook is tried again, and when no more. The times are Svix's (docs.svix.com, "Retry Schedule"), and so is the end: Svix
 * gives a message up after 28 hours and a receiver after five days; we have no one to press its button that sends the lost
 * ones again, so each message is tried for the five days. Then it tells of nothing that reading would not tell better.
 * @module
 */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait after the first failure, the second, and so on; the last is used from there on. */
export const WEBHOOK_RETRY_MS: readonly number[] = [
  ...[5_000, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS],
];
export const WEBHOOK_GIVE_UP_MS: number = 5 * 24 * HOUR_MS;
/** A receiver may ask for more time, but not for ever. */
const MAX_ASKED_MS = 24 * HOUR_MS;

export interface FailedAttempts {
  /** With the one that just failed, from 1. */
  readonly tries: number;
  /** When the message was made. */
  readonly madeAtMs: number;
  /** What the receiver asked for in Retry-After. */
  readonly retryAfterMs: number | null;
  readonly nowMs: number;
}

/** When to try again; `null` where it is given up. */
export function nextAttemptAtMs({ tries, madeAtMs, retryAfterMs, nowMs }: FailedAttempts): number | null {
  if (nowMs - madeAtMs >= WEBHOOK_GIVE_UP_MS) return null;
  const waitMs = WEBHOOK_RETRY_MS[Math.min(tries, WEBHOOK_RETRY_MS.length) - 1] ?? 0;
  return nowMs + Math.max(waitMs, Math.min(retryAfterMs ?? 0, MAX_ASKED_MS));
}
