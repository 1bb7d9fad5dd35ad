/**
 * The host's own words on a stay: an early check-in, a late check-out, some nights more, a code though it is not paid, none for
 * now, another one. Each stays on record with who said it, when and why; the latest of its kind counts.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { type Gate, type GateOverride, overrideGate } from '../reservations/pms/gate.ts';
import { DAY_MS, readWallTime, requireZone } from '../reservations/zones.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import type { WantedStay } from './wanted-stay.ts';

/** What can be overridden; `null` and `false` take an earlier word back. */
export type OverrideWord =
  /**
   * On the wall, `HH:MM`, so many days after the booked one, on it unless told: a booking that moves takes its early check-in
   * along.
   */
  | { readonly kind: 'check-in' | 'check-out'; readonly time: string | null; readonly days?: number }
  | { readonly kind: 'pay' | 'hold'; readonly on: boolean }
  /** No code that was made before this word is the stay's any more, as one that strangers have read. */
  | { readonly kind: 'new-code' };

/** One word of the host's. */
export interface HostOverride extends GateOverride {
  /** The unit of a stay; `null` where the word is on a PMS's booking as a whole. */
  readonly unitId: string | null;
  /** The stay's id, or the `bookingId`. */
  readonly reservationId: string;
  readonly word: OverrideWord;
}

/** What the host's words make of a stay. */
export interface OverriddenStay {
  readonly window: TimeWindow;
  readonly gate: Gate;
  readonly isOnHold: boolean;
  /** Codes made before are not the stay's any more; `null` where none was asked for anew. */
  readonly freshFromMs: number | null;
}

const MAX_DAYS = 366;

/** @throws StaycodeError `bad-time` for a time that is none, `out-of-range` for days, `bad-message` for a word without who or why */
export function checkOverride(override: HostOverride): HostOverride {
  const { by, why, word } = override;
  if (by.trim() === '' || why.trim() === '') {
    throw new StaycodeError('bad-message', 'override: expected who decided and why');
  }
  if ('time' in word && word.time !== null) readWallTime(word.time);
  if ('days' in word && !(Number.isInteger(word.days) && Math.abs(word.days) <= MAX_DAYS)) {
    throw new StaycodeError(
      'out-of-range',
      `override: expected whole days, at most ${MAX_DAYS}, got ${word.days}`,
    );
  }
  return override;
}

/** Words by what they are about, the latest of each kind. */
export class Overrides {
  readonly #latest = new Map<string, HostOverride>();
  readonly #zone: ReturnType<typeof requireZone>;

  /** Oldest first. @throws StaycodeError `bad-zone` */
  constructor(overrides: readonly HostOverride[], zone: string) {
    this.#zone = requireZone(zone);
    for (const one of overrides) this.#latest.set(keyOf(one, one.word.kind), one);
  }

  /** A word on the stay counts before one on its booking. */
  apply(stay: WantedStay, unitId: string): OverriddenStay {
    const find = (kind: OverrideWord['kind']): HostOverride | undefined =>
      this.#latest.get(keyOf({ unitId, reservationId: stay.id }, kind)) ??
      (stay.bookingId === null
        ? undefined
        : this.#latest.get(keyOf({ unitId: null, reservationId: stay.bookingId }, kind)));
    const pay = find('pay');
    return {
      window: this.#move(stay, find('check-in')?.word, find('check-out')?.word),
      gate: overrideGate(stay.gate, isOn(pay) ? pay : null),
      isOnHold: isOn(find('hold')),
      freshFromMs: find('new-code')?.atMs ?? null,
    };
  }

  #move(stay: TimeWindow, checkIn: OverrideWord | undefined, checkOut: OverrideWord | undefined): TimeWindow {
    const window = {
      startsAtMs: this.#at(stay.startsAtMs, checkIn, 'earlier'),
      endsAtMs: this.#at(stay.endsAtMs, checkOut, 'later'),
    };
    // Within one day the words may cross, once the booking changes: then they were not meant for it.
    const { startsAtMs, endsAtMs } = window.endsAtMs > window.startsAtMs ? window : stay;
    return { startsAtMs, endsAtMs };
  }

  #at(bookedMs: number, word: OverrideWord | undefined, preference: 'earlier' | 'later'): number {
    if (word === undefined || !('time' in word) || word.time === null) return bookedMs;
    const dayMs = Math.floor(this.#zone.toWall(bookedMs) / DAY_MS) * DAY_MS;
    return this.#zone.toInstant(dayMs + (word.days ?? 0) * DAY_MS + readWallTime(word.time), preference);
  }
}

function isOn(override: HostOverride | undefined): override is HostOverride {
  return override !== undefined && 'on' in override.word && override.word.on;
}

function keyOf(
  { unitId, reservationId }: Pick<HostOverride, 'unitId' | 'reservationId'>,
  kind: OverrideWord['kind'],
): string {
  return JSON.stringify([unitId, reservationId, kind]);
}
