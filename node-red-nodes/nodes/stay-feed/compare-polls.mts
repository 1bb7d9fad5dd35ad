/**
 * What a poll says against what the feed was known to hold: new, changed and cancelled stays. A feed is a rumour, so what it
 * leaves out is believed late and never once the guest is about to come.
 * @module
 */
import { isStay, type Reservation } from '@staycode/core';

/** A stay that was told to the flow. */
export interface KnownStay {
  readonly reservation: Reservation;
  /** Good polls in a row that left it out, and the time of the first of them. */
  readonly misses: number;
  readonly missingSinceMs: number | null;
}

export interface StayEvent {
  readonly event: 'new' | 'changed' | 'cancelled';
  readonly reservation: Reservation;
}

export interface Comparison {
  readonly known: readonly KnownStay[];
  /** In the order in which to act: what frees nights comes before what takes them. */
  readonly events: readonly StayEvent[];
}

const HOUR_MS = 60 * 60_000;
/** Measured over crawled feeds: every outage lasted one poll, and one miss believed locks guests out. */
const MISSES_NEEDED = 3;
const ALONE_MS = HOUR_MS;
/** Two stays that vanish at once look like a fault of the feed. */
const TOGETHER_MS = 24 * HOUR_MS;
/** From a day before arrival on, only the host's word cancels. */
const ARRIVAL_MS = 24 * HOUR_MS;
/** Airbnb lists nothing further ahead than a year, so a stay moved there is silent, not cancelled. */
const HORIZON_MS = 360 * 24 * HOUR_MS;

export interface Poll {
  /** All that a whole calendar held, blocks and all. */
  readonly reservations: readonly Reservation[];
  /** Whether every event could be read: otherwise what seems absent may be what could not. */
  readonly isComplete: boolean;
  readonly atMs: number;
}

/** Compares a good poll with what was known before. */
export function comparePolls(before: readonly KnownStay[], poll: Poll): Comparison {
  const { reservations: polled, atMs: nowMs } = poll;
  const stays = polled.filter((reservation) => isStay(reservation) && reservation.endsAtMs > nowMs);
  const byId = new Map(before.map((stay) => [stay.reservation.id, stay.reservation]));
  const isEvidence = poll.isComplete && stays.length > 0;
  const present = new Set(stays.map((reservation) => reservation.id));
  const absent = before
    .filter(({ reservation }) => !present.has(reservation.id) && reservation.endsAtMs > nowMs)
    .map((stay) => (isEvidence ? countMiss(stay, nowMs) : stay));
  const gone = new Set(absent.filter((stay) => isCancelled(stay, absent, poll)));
  return {
    known: [...stays.map(asPresent), ...absent.filter((stay) => !gone.has(stay))],
    events: [
      ...[...gone].map(({ reservation }) => ({ event: 'cancelled' as const, reservation })),
      ...stays.filter((stay) => isMoved(stay, byId)).map(asEvent('changed')),
      ...stays.filter((stay) => !byId.has(stay.id)).map(asEvent('new')),
    ],
  };
}

function asPresent(reservation: Reservation): KnownStay {
  return { reservation, misses: 0, missingSinceMs: null };
}

const asEvent =
  (event: StayEvent['event']) =>
  (reservation: Reservation): StayEvent => ({ event, reservation });

function countMiss(stay: KnownStay, nowMs: number): KnownStay {
  return { ...stay, misses: stay.misses + 1, missingSinceMs: stay.missingSinceMs ?? nowMs };
}

/** Only the times make another code; a corrected name or phone number is no news to a door. */
function isMoved(now: Reservation, byId: ReadonlyMap<string, Reservation>): boolean {
  const before = byId.get(now.id);
  return before !== undefined && (before.startsAtMs !== now.startsAtMs || before.endsAtMs !== now.endsAtMs);
}

function isCancelled(
  stay: KnownStay,
  absent: readonly KnownStay[],
  { reservations, atMs: nowMs }: Poll,
): boolean {
  const { startsAtMs, id } = stay.reservation;
  if (startsAtMs <= nowMs) return false;
  if (reservations.some((reservation) => reservation.id === id && reservation.status === 'cancelled'))
    return true;
  if (startsAtMs <= nowMs + ARRIVAL_MS || startsAtMs > nowMs + HORIZON_MS) return false;
  if (stay.missingSinceMs === null || stay.misses < MISSES_NEEDED) return false;
  const together = absent.filter((other) => other.missingSinceMs === stay.missingSinceMs).length > 1;
  return nowMs - stay.missingSinceMs >= (together ? TOGETHER_MS : ALONE_MS);
}
