/**
 * The codes of a unit by reservation and by week, so that a change looks only at those that it may touch.
 * @module
 */
import type { TimeWindow } from '../stay-code/collision.ts';
import { type AccessCode, isLive } from './access-code.ts';

const WEEK_MS = 7 * 86_400_000;
/** Windows are rounded outward and widened for the rules by hours; a code within a day of them may still collide. */
const MARGIN_MS = 86_400_000;

/** Changes as the decisions are made that later ones have to see. */
export class CodeIndex {
  readonly #byReservation = new Map<string, Map<string, AccessCode>>();
  readonly #byWeek = new Map<number, Map<string, AccessCode>>();

  constructor(codes: readonly AccessCode[]) {
    for (const code of codes) this.put(code);
  }

  put(code: AccessCode): void {
    for (const shelf of this.#shelves(code)) shelf.set(code.id, code);
  }

  forget(code: AccessCode): void {
    for (const shelf of this.#shelves(code)) shelf.delete(code.id);
  }

  /** A reservation's codes that are in force. */
  liveOf(reservationId: string): AccessCode[] {
    return [...(this.#byReservation.get(reservationId)?.values() ?? [])].filter(isLive);
  }

  /** All of a reservation's codes, and everybody's that could collide with the window: each once. */
  around(reservationId: string, { startsAtMs, endsAtMs }: TimeWindow): AccessCode[] {
    const found = new Map(this.#byReservation.get(reservationId));
    for (const week of weeksOf({ startsAtMs: startsAtMs - MARGIN_MS, endsAtMs: endsAtMs + MARGIN_MS })) {
      for (const [id, code] of this.#byWeek.get(week) ?? []) found.set(id, code);
    }
    return [...found.values()];
  }

  #shelves(code: AccessCode): Map<string, AccessCode>[] {
    return [
      shelfOf(this.#byReservation, code.reservationId),
      ...weeksOf(code).map((week) => shelfOf(this.#byWeek, week)),
    ];
  }
}

function shelfOf<K>(shelves: Map<K, Map<string, AccessCode>>, key: K): Map<string, AccessCode> {
  const shelf = shelves.get(key) ?? new Map<string, AccessCode>();
  shelves.set(key, shelf);
  return shelf;
}

function weeksOf({ startsAtMs, endsAtMs }: TimeWindow): number[] {
  const first = Math.floor(startsAtMs / WEEK_MS);
  return Array.from({ length: Math.floor(endsAtMs / WEEK_MS) - first + 1 }, (_, i) => first + i);
}
