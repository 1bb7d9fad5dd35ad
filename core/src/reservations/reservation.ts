/**
 * What a feed says is booked, as plain data.
 * @module
 */

/** Whose way of writing a calendar it is. */
export type DialectName =
  | ('airbnb' | 'vrbo' | 'booking' | 'expedia' | 'agoda' | 'tripadvisor')
  | ('ownerrez' | 'smoobu' | 'guesty' | 'hospitable' | 'hostaway' | 'lodgify' | 'beds24')
  | ('google' | 'generic');

/** Only `confirmed` is a stay; `blocked` is time that nobody booked. */
export type ReservationStatus = 'confirmed' | 'tentative' | 'cancelled' | 'blocked';

/** One range of a feed. Times are milliseconds since 1970 UTC, the start within and the end not. */
export interface Reservation {
  /** The same at every poll, different for every reservation of one feed; see identity.ts. */
  readonly id: string;
  readonly uid: string | null;
  readonly dialect: DialectName;
  readonly status: ReservationStatus;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly summary: string;
  readonly guestName: string | null;
  readonly reservationCode: string | null;
  readonly phoneLast4: string | null;
  /** 1 to 99 and above where children are counted apart; `null` where the feed does not say. */
  readonly partySize: number | null;
  /** The OTA writes stays and closures alike, so it may be either, whatever the status. */
  readonly mayBeClosure: boolean;
}

/** Stable codes of what was wrong with a part of a feed; all but the first three leave a reservation behind. */
export type FeedProblemCode =
  | 'bad-date'
  | 'bad-length'
  | 'older-revision'
  | 'junk-line'
  | 'not-closed'
  | 'unknown-zone'
  | 'bad-recurrence'
  | 'recurrence-cut';

/** What a host is told about a feed that was read all the same. */
export interface FeedProblem {
  readonly code: FeedProblemCode;
  readonly message: string;
  /** The event's number in the feed, from 1; `null` for what stands outside of events. */
  readonly event: number | null;
  readonly uid: string | null;
}

/** The property's IANA zone and its house times, `HH:MM` on the wall, used where an event has dates only. */
export interface HouseOptions {
  readonly zone: string;
  readonly checkIn: string;
  readonly checkOut: string;
}

/** Whether somebody sleeps there, so that a code is due. */
export function isStay(reservation: Pick<Reservation, 'status'>): boolean {
  return reservation.status === 'confirmed';
}
