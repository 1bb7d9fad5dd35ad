/**
 * Stays of a unit beside each other: two that share nights, and two that share a day of coming and going.
 * @module
 */
import type { Reservation } from '../reservation.ts';
import type { BelievedStay } from './belief.ts';
import { overlap } from './match-stays.ts';
import type { NightCalendar } from './nights.ts';

/** Pairs of ids of stays that share time, the earlier one first: the host has sold some nights twice. */
export function findConflicts(reservations: readonly Reservation[]): [string, string][] {
  const sorted = [...reservations].sort((a, b) => a.startsAtMs - b.startsAtMs);
  return sorted.flatMap((one, at) => {
    const pairs: [string, string][] = [];
    for (const other of sorted.slice(at + 1)) {
      if (other.startsAtMs >= one.endsAtMs) break;
      if (overlap(one, other)) pairs.push([one.id, other.id]);
    }
    return pairs;
  });
}

/** Whether another party of the unit leaves on the day that this one comes. */
export function isTurnover(
  reservation: Reservation,
  others: readonly Reservation[],
  calendar: NightCalendar,
): boolean {
  const { from } = calendar.nightsOf(reservation);
  return others.some((other) => other.id !== reservation.id && calendar.nightsOf(other).to === from);
}

/** Ids of the stays among those `missing` whose nights this one has now. */
export function displacedBy(
  { reservation, missing: own }: BelievedStay,
  missing: readonly BelievedStay[],
): string[] {
  if (own !== null) return [];
  return missing
    .filter((other) => overlap(other.reservation, reservation))
    .map((other) => other.reservation.id);
}
