/**
 * A feed that the flow has no more, and the one that took its place: its node was made anew, or copied and the old one deleted, and
 * so has another id. What was believed of the old one is the new one's, else its guests' changes would be nobody's to tell of.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import type { HouseOptions, Reservation } from '../reservation.ts';
import type { Belief, BelievedStay } from './belief.ts';
import { matchStays } from './match-stays.ts';
import { nightCalendar } from './nights.ts';

export interface Heir {
  readonly feedId: string;
  /** What it lists. */
  readonly reading: FeedReading;
  /** Whether the flow has a feed of that id. */
  readonly hasFeed: (feedId: string) => boolean;
  readonly house: HouseOptions;
  readonly nowMs: number;
}

/**
 * Gives the heir what was believed of each feed that is not there any more and of which it lists a stay: by UID or reservation code, or,
 * where the heir is new, by the nights of Booking.com, whose UIDs change. Else the same nights may be another calendar's copy, or
 * another guest's. What the heir had of the same stays under an id of its own is gone.
 */
export function inherit(belief: Belief, { feedId, reading, hasFeed, house, nowMs }: Heir): Belief {
  const isNew = belief.feeds[feedId] === undefined;
  const left = Map.groupBy(
    belief.stays.filter((stay) => stay.feedId !== feedId && !hasFeed(stay.feedId)),
    (stay) => stay.feedId,
  );
  const heirOf = new Set(
    [...left].flatMap(([id, stays]) =>
      sameStays(stays, reading.reservations, isNew).length > 0 ? [id] : [],
    ),
  );
  if (heirOf.size === 0) return belief;
  const own = belief.stays.filter((stay) => stay.feedId === feedId).map(({ reservation }) => reservation);
  const inherited = belief.stays.filter((stay) => heirOf.has(stay.feedId));
  const nights = nightCalendar(house);
  const gone = sameStays(inherited, own, isNew).map((reservation) => ({
    ...{ id: reservation.id, goneAtMs: nowMs },
    ...nights.nightsOf(reservation),
  }));
  const isGone = (id: string): boolean => gone.some((one) => one.id === id);
  return {
    ...belief,
    feeds: Object.fromEntries(Object.entries(belief.feeds).filter(([id]) => !heirOf.has(id))),
    stays: belief.stays
      .filter(({ reservation }) => !isGone(reservation.id))
      .map((stay) => (heirOf.has(stay.feedId) ? { ...stay, feedId } : stay))
      .map((stay) => (stay.echoOf !== null && isGone(stay.echoOf) ? { ...stay, echoOf: null } : stay)),
    gone: [...belief.gone, ...gone],
    conflicts: belief.conflicts.filter((pair) => !pair.some(isGone)),
  };
}

/** Those of the reservations that are one of the stays for certain. */
function sameStays(
  stays: readonly BelievedStay[],
  reservations: readonly Reservation[],
  byNights: boolean,
): Reservation[] {
  const agree = (x: string | null, y: string | null): boolean => x !== null && x === y;
  const isCertain = (a: Reservation, b: Reservation): boolean =>
    a.dialect === b.dialect &&
    (a.dialect === 'booking' ? byNights : agree(a.uid, b.uid) || agree(a.reservationCode, b.reservationCode));
  return [...matchStays(stays, reservations)].flatMap(([{ reservation }, other]) =>
    isCertain(reservation, other) ? [other] : [],
  );
}
