/**
 * What a crawl shows by itself, without the engine: which stays there were, when each was due, which were gone for good.
 * Each ledger keeps one listing. Days are numbered from 1970-01-01.
 */
import type { Reservation } from '../../core/src/reservations/reservation.ts';
import type { CrawledEvent } from './crawl.ts';

export const HOUR_MS: number = 60 * 60_000;
export const DAY_MS: number = 24 * HOUR_MS;
/** When a check-out day begins in the east of the earth: a crawl does not say in which zone its midnights are. */
const FIRST_ZONE_MS: number = -14 * HOUR_MS;
export const HORIZON_MS: number = 365 * DAY_MS;
/** No suspicion lasts longer. */
export const LONGEST_DOUBT_MS: number = 8 * DAY_MS;

/** A stay of the ledger. */
export interface Entry {
  readonly name: string;
  readonly firstSeenMs: number;
  /** The nights that it has, as days. */
  nights: ReadonlySet<number>;
  /** The first poll that leaves it out for good; `null` while it is there. */
  goneAtMs: number | null;
  /** Whether it was taken again so soon that nobody can say by whom. */
  isRetaken?: true;
}

export interface Listed {
  readonly entry: Entry;
  readonly nights: ReadonlySet<number>;
}

export interface Ledger {
  /** Takes in a good poll, or at another time what the last good poll said. */
  see(events: readonly CrawledEvent[], atMs: number): void;
  readonly entries: readonly Entry[];
  /** Stays that the last good poll lists, with the nights for which it does. */
  listed(): readonly Listed[];
  /** The stays that a reservation of the engine's is about. */
  find(reservation: Reservation): Entry[];
}

export function dayOf(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6))) / DAY_MS;
}

export function daysFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** Whether it counts as a cancellation: gone for good before its end and inside the 365-day horizon. */
export function isCancellation({ nights, goneAtMs, isRetaken }: Entry): boolean {
  if (goneAtMs === null || isRetaken) return false;
  const last = Math.max(...nights) + 1;
  const isBeforeEnd = goneAtMs < last * DAY_MS + FIRST_ZONE_MS;
  return isBeforeEnd && Math.min(...nights) * DAY_MS <= goneAtMs + HORIZON_MS;
}
