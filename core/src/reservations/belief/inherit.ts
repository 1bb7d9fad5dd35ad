/**
 * A feed that the flow has no more, and the one that took its place: its node was made anew, or copied and the old one deleted, and
 * so has another id. What was believed of the old one is the new one's, else its guests' changes would be nobody's to tell of.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import type { HouseOptions, Reservation } from '../reservation.ts';
import type { Belief, BelievedStay } from './belief.ts';
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
 * Gives the heir what was believed of each feed that is not there any more and of which it lists a stay, by UID or, where the OTA
 * makes these anew at each poll, by its nights. What the heir had of the same stays under an id of its own is gone.
 */
export function inherit(belief: Belief, { feedId, reading, hasFeed, house, nowMs }: Heir): Belief {
  const left = new Set(belief.stays.map((stay) => stay.feedId).filter((id) => id !== feedId && !hasFeed(id)));
  const lists = ({ reservation }: BelievedStay): boolean =>
    reading.reservations.some((other) => isSameStay(other, reservation));
  const heirOf = new Set(
    [...left].filter((id) => belief.stays.some((stay) => stay.feedId === id && lists(stay))),
  );
  if (heirOf.size === 0) return belief;
  const inherited = belief.stays.filter((stay) => heirOf.has(stay.feedId));
  const isTwice = (stay: BelievedStay): boolean =>
    stay.feedId === feedId && inherited.some(({ reservation }) => isSameStay(reservation, stay.reservation));
  const nights = nightCalendar(house);
  const gone = belief.stays
    .filter(isTwice)
    .map(({ reservation }) => ({ id: reservation.id, goneAtMs: nowMs, ...nights.nightsOf(reservation) }));
  const isGone = (id: string): boolean => gone.some((one) => one.id === id);
  return {
    ...belief,
    feeds: Object.fromEntries(Object.entries(belief.feeds).filter(([id]) => !heirOf.has(id))),
    stays: belief.stays
      .filter((stay) => !isTwice(stay))
      .map((stay) => (heirOf.has(stay.feedId) ? { ...stay, feedId } : stay))
      .map((stay) => (stay.echoOf !== null && isGone(stay.echoOf) ? { ...stay, echoOf: null } : stay)),
    gone: [...belief.gone, ...gone],
    conflicts: belief.conflicts.filter((pair) => !pair.some(isGone)),
  };
}

function isSameStay(a: Reservation, b: Reservation): boolean {
  const isOneUid = a.uid !== null && a.uid === b.uid;
  return (
    a.dialect === b.dialect && (isOneUid || (a.startsAtMs === b.startsAtMs && a.endsAtMs === b.endsAtMs))
  );
}
