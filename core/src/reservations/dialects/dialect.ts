/**
 * What a dialect is: a table of what a site or a program writes. One file per dialect holds one table. Where nothing else is
 * said, its bytes were seen; (D) marks what is known from documents and other people's reports only.
 * @module
 */
import type { DialectName, ReservationStatus } from '../reservation.ts';

/**
 * What a SUMMARY means, blanks in it being single. The pattern's groups `guest` and `code`, where it has them, are the
 * guest's name and the reservation's code.
 */
export interface SummaryRule {
  readonly pattern: RegExp;
  readonly status: Exclude<ReservationStatus, 'cancelled'>;
  /** The same is written for a closure. */
  readonly mayBeClosure?: true;
  /** Longer than so many nights it is a block. */
  readonly maxNights?: number;
}

export interface Dialect {
  readonly name: DialectName;
  /** UIDs that nobody else writes; they tell most, as in a merged feed each keeps its own. */
  readonly uid?: RegExp;
  /** PRODIDs of the calendar. */
  readonly prodId?: RegExp;
  /** Summaries that nobody else writes, for calendars that passed through another program. */
  readonly summary?: RegExp;
  /** In order, the first that matches holds; then come those of the generic dialect. */
  readonly summaries: readonly SummaryRule[];
  /** Summaries of events that only repeat what another event says. */
  readonly extras?: RegExp;
  /** A summary that no rule knows is the guest's name. */
  readonly namesGuests?: true;
  /** Looked for in SUMMARY and DESCRIPTION; the first group is the value. */
  readonly reservationCode?: RegExp;
  /** What stays the same while a reservation does; see identity.ts. */
  readonly identity: 'uid' | 'check-out';
}

/** Hardly a guest stays longer, and closures of a whole season or year are common. */
export const LONGEST_STAY_NIGHTS = 31;
