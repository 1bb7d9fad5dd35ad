/**
 * What is believed of a unit's feeds, as data: it can be kept as JSON, and together with the next poll or the host's word it
 * is all that believe() looks at. Source: the six rules for feeds that drop stays, roll ranges on and echo each other.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import type { FeedProblem, HouseOptions, Reservation } from '../reservation.ts';

/** A guest may book on the day of arrival, so half a working day without news is worth a word. */
export const FEED_STALE_MS: number = 6 * 60 * 60_000;

/** Good polls in a row that left a stay out, and the time of the first of them. */
export interface Missing {
  readonly sinceMs: number;
  readonly polls: number;
  /** Of a range each night that is out, counted for itself; what is above is of the latest. */
  readonly nights: readonly MissingNight[];
}

/** A night of a range, and the good polls in a row that left it out. */
export interface MissingNight {
  readonly night: number;
  readonly sinceMs: number;
  readonly polls: number;
}

/** What only the host can answer: whether a stay that vanished is off, whether a range is somebody's or a closure. */
export type Question = 'gone' | 'closure';

/** The host's word: somebody comes, or nobody does. */
export type HostWord = 'stay' | 'no-stay';

/** One stay of one feed. */
export interface BelievedStay {
  readonly feedId: string;
  /** As the feed last had it; its `id` is the unit's own for the stay, kept while UIDs and ranges change. */
  readonly reservation: Reservation;
  /** `null` while the feed lists it. */
  readonly missing: Missing | null;
  /** The id of the stay of another feed that this one repeats. */
  readonly echoOf: string | null;
  /** What the host was asked. */
  readonly asked: Question | null;
  readonly word: HostWord | null;
  /** Whether it was given out as an event, so that somebody may hold a code for it. */
  readonly told: boolean;
}

/** Whole days from `from` to before `to`, numbered from 1970-01-01; a night has the number of its evening. */
export interface Nights {
  readonly from: number;
  readonly to: number;
}

/** How a feed does. */
export interface FeedHealth {
  /** The last poll that was evidence; `null` before the first. */
  readonly lastGoodMs: number | null;
  /** The first poll of all. */
  readonly sinceMs: number;
  /** What the host was told of. */
  readonly suspect: 'empty' | 'together' | null;
  readonly isStale: boolean;
  /** Events that could not be read, by UID or by what was wrong: each is told once. */
  readonly unread: readonly string[];
  /** Booking.com's long closures: what is left of one is no stay, however short it gets. */
  readonly closures: readonly Nights[];
}

/** A stay that was cancelled: its echo may take hours to follow, and its id is not for the next guest. */
export interface GoneStay extends Nights {
  readonly id: string;
  /** When the feed stopped listing it, else when it was called off. */
  readonly goneAtMs: number;
}

/** All that is believed of one unit. */
export interface Belief {
  readonly version: 2;
  readonly feeds: Readonly<Record<string, FeedHealth>>;
  readonly stays: readonly BelievedStay[];
  readonly gone: readonly GoneStay[];
  /** Pairs of stays that the host was told of. */
  readonly conflicts: readonly (readonly [string, string])[];
}

/** The belief about a unit of which nothing was read yet. */
export const NO_BELIEF: Belief = { version: 2, feeds: {}, stays: [], gone: [], conflicts: [] };

/** A belief as it was kept, JSON; one of another version is read anew from the feeds. */
export function parseBelief(json: string): Belief {
  const belief = JSON.parse(json) as { readonly version: unknown };
  return belief.version === NO_BELIEF.version ? (belief as Belief) : NO_BELIEF;
}

/** What can change a belief; `atMs` is when it came. */
export type BeliefInput =
  | { readonly kind: 'poll'; readonly feedId: string; readonly atMs: number; readonly reading: FeedReading }
  /** A fetch that failed, or a body that is no whole calendar. */
  | { readonly kind: 'failed'; readonly feedId: string; readonly atMs: number }
  | {
      readonly kind: 'word';
      readonly reservationId: string;
      readonly atMs: number;
      readonly word: HostWord;
    };

/** What the host says of a feed. */
export interface FeedOptions {
  /** Booking.com's ranges that may be closures: a code for `all` of them unless set, for those the host names, or for none. */
  readonly closures?: 'all' | 'ask' | 'none';
  /** Its OTA imports other calendars, and so repeats their stays. */
  readonly imports?: boolean;
}

export interface BeliefOptions {
  readonly house: HouseOptions;
  /** By feed id; a feed that is not there has no options set. */
  readonly feeds?: Readonly<Record<string, FeedOptions>>;
}

/** Why a stay is off: left out for long enough, cancelled in the feed's own words or the host's, or said by two feeds. */
export type CancelReason = 'absent' | 'said' | 'host' | 'echo';

export type StayEvent = { readonly reservation: Reservation } & (
  | {
      readonly event: 'new' | 'changed';
      /** Another party leaves on the day of arrival. */
      readonly isTurnover: boolean;
      /**
       * Ids of stays that their feed has stopped listing and whose nights this one has. They may not be called off yet, for
       * only the host may do that so late, but they are no reason to leave this one without a code.
       */
      readonly displaces: readonly string[];
    }
  | { readonly event: 'cancelled'; readonly reason: CancelReason }
);

/** What the host should know or answer; each is said once, when it begins. */
export type BeliefAlert =
  | {
      readonly alert: 'suspect';
      readonly feedId: string;
      /** No events at all, or several stays gone at once. */
      readonly why: 'empty' | 'together';
      readonly reservationIds: readonly string[];
    }
  | { readonly alert: 'stale'; readonly feedId: string; readonly lastGoodMs: number | null }
  | { readonly alert: 'recovered'; readonly feedId: string }
  /** Events that may be stays, and could not be read: nobody gets a code for them. */
  | { readonly alert: 'unreadable'; readonly feedId: string; readonly problems: readonly FeedProblem[] }
  | { readonly alert: 'ask'; readonly question: Question; readonly reservation: Reservation }
  | { readonly alert: 'conflict'; readonly reservationIds: readonly [string, string] };

export interface BeliefChange {
  readonly belief: Belief;
  /** In the order in which to act: what frees nights comes before what takes them. */
  readonly events: readonly StayEvent[];
  readonly alerts: readonly BeliefAlert[];
}
