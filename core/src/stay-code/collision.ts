/**
 * When two windows of a unit are too much alike for two parties. Lock and issuer share this rule: what the issuer
 * counts a revision up for is exactly what the lock lets die. Source: spec, rule 3.
 * @module
 */
import { EPOCH_MS, SLOT_MS } from './payload.ts';

/** Milliseconds since 1970 UTC; the start belongs to the window, the end does not. */
export interface TimeWindow {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** A late check-out beside an early check-in shares up to this many slots without colliding. */
const TURNOVER_SLOTS = 8;

/** Whether two windows, rounded outward to half-hour slots, share more than eight slots or more than half of the shorter. */
export function collide(a: TimeWindow, b: TimeWindow): boolean {
  const [first, second] = [toSlots(a), toSlots(b)];
  const shared = Math.min(first.end, second.end) - Math.max(first.start, second.start);
  const shorter = Math.min(first.end - first.start, second.end - second.start);
  return shared > TURNOVER_SLOTS || (shared > 0 && shared * 2 > shorter);
}

function toSlots(window: TimeWindow): { start: number; end: number } {
  return {
    start: Math.floor((window.startsAtMs - EPOCH_MS) / SLOT_MS),
    end: Math.ceil((window.endsAtMs - EPOCH_MS) / SLOT_MS),
  };
}
