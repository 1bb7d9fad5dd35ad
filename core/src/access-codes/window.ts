/**
 * The window that a stay's code gets: the house's times, widened to what the lock takes. Source: spec, "Payload".
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { type LockRules, ruleBroken } from '../lock/rules.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import { SLOT_MS } from '../stay-code/payload.ts';

/** Which of the lock's rules a stay does not fit: what the host has to widen. */
export type BrokenRule = NonNullable<ReturnType<typeof ruleBroken>>;

export type FittedWindow =
  ({ readonly ok: true } & TimeWindow) | { readonly ok: false; readonly rule: BrokenRule };

/** A guest may be let in this much before check-in, and out this much after check-out, for the sake of the rules. */
export const MAX_MOVE_MS: number = 2 * 60 * 60_000;

/** How long before check-in a code already opens, and after check-out still does, in whole minutes from 0 to 120. */
export interface Buffers {
  readonly beforeMinutes: number;
  readonly afterMinutes: number;
}

export const NO_BUFFERS: Buffers = { beforeMinutes: 0, afterMinutes: 0 };
const MAX_BUFFER_MINUTES = 120;

/** @throws StaycodeError `out-of-range` for buffers that are not whole minutes from 0 to 120 */
export function checkBuffers({ beforeMinutes, afterMinutes }: Buffers): void {
  for (const minutes of [beforeMinutes, afterMinutes]) {
    // More could make neighbours of one day collide, and one of them would have no code.
    if (!Number.isInteger(minutes) || minutes < 0 || minutes > MAX_BUFFER_MINUTES) {
      throw new StaycodeError(
        'out-of-range',
        `buffer: expected whole minutes from 0 to ${MAX_BUFFER_MINUTES}, got ${minutes}`,
      );
    }
  }
}

/** @throws StaycodeError `out-of-range` as `checkBuffers` */
export function widen({ startsAtMs, endsAtMs }: TimeWindow, buffers: Buffers): TimeWindow {
  checkBuffers(buffers);
  const { beforeMinutes, afterMinutes } = buffers;
  return { startsAtMs: startsAtMs - beforeMinutes * 60_000, endsAtMs: endsAtMs + afterMinutes * 60_000 };
}

/**
 * The latest permitted start slot at or before check-in, to the earliest permitted end slot at or after check-out.
 * Refuses where that moves either end by more than two hours, and where the length is none that the rules take.
 */
export function fitWindow(stay: TimeWindow, rules: LockRules): FittedWindow {
  const startsAtMs = latestStart(stay, rules);
  if (startsAtMs === undefined) return { ok: false, rule: 'start' };
  const endsAtMs = earliestEnd({ startsAtMs, endsAtMs: stay.endsAtMs }, rules);
  if (endsAtMs === undefined) return { ok: false, rule: 'end' };
  const window = { startsAtMs, endsAtMs };
  const rule = ruleBroken(rules, window);
  return rule === null ? { ok: true, ...window } : { ok: false, rule };
}

function latestStart(stay: TimeWindow, rules: LockRules): number | undefined {
  const { startsAtMs, endsAtMs } = stay;
  let atMs = Math.floor(startsAtMs / SLOT_MS) * SLOT_MS;
  // A window's start is the first thing that the rules name, so any end will do to ask about it.
  for (; startsAtMs - atMs <= MAX_MOVE_MS; atMs -= SLOT_MS) {
    if (ruleBroken(rules, { startsAtMs: atMs, endsAtMs }) !== 'start') return atMs;
  }
  return undefined;
}

function earliestEnd(stay: TimeWindow, rules: LockRules): number | undefined {
  const { startsAtMs, endsAtMs } = stay;
  let atMs = Math.ceil(endsAtMs / SLOT_MS) * SLOT_MS;
  for (; atMs - endsAtMs <= MAX_MOVE_MS; atMs += SLOT_MS) {
    if (ruleBroken(rules, { startsAtMs, endsAtMs: atMs }) !== 'end') return atMs;
  }
  return undefined;
}
