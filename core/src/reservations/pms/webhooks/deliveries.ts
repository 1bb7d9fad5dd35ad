/**
 * Which webhooks were taken before, as plain data for the caller to keep.
 * @module
 */

export interface Delivery {
  /** The sender's id, or `sha256:` and the body's hash where it gives none. */
  readonly id: string;
  readonly atMs: number;
}

/** Oldest first. */
export type Deliveries = readonly Delivery[];

/** Senders give up after a day or two. */
const REMEMBER_MS = 48 * 3_600_000;
/**
 * Equal bodies without an id are the same delivery only for as long as a sender hurries: later they may be a booking that
 * was changed and changed back.
 */
const REMEMBER_BODY_MS = 5 * 60_000;
const MOST = 2000;

export function isRepeated(seen: Deliveries, id: string, nowMs: number): boolean {
  const keptMs = id.startsWith('sha256:') ? REMEMBER_BODY_MS : REMEMBER_MS;
  return seen.some((delivery) => delivery.id === id && nowMs - delivery.atMs <= keptMs);
}

/**
 * The deliveries with one more, at most 2,000 and none older than 48 hours. Call it once the delivery's content is stored:
 * what fails before then may be sent again.
 */
export function rememberDelivery(seen: Deliveries, id: string, nowMs: number): Deliveries {
  const kept = seen.filter((delivery) => delivery.id !== id && nowMs - delivery.atMs <= REMEMBER_MS);
  return [...kept, { id, atMs: nowMs }].slice(-MOST);
}
