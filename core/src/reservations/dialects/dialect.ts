/**
 * What a dialect is: a table of what an OTA writes. One file per OTA holds one table.
 * @module
 */
import type { DialectName, ReservationStatus } from '../reservation.ts';

/** What a SUMMARY means; the pattern's group `guest`, where it has one, is the guest's name. */
export interface SummaryRule {
  readonly pattern: RegExp;
  readonly status: Exclude<ReservationStatus, 'cancelled'>;
  /** The OTA writes the same for a closure. */
  readonly mayBeClosure?: true;
  /** Longer than so many nights it is a block. */
  readonly maxNights?: number;
}

export interface Dialect {
  readonly name: DialectName;
  /** UIDs and PRODIDs that nobody else writes; the UID tells more, as in a merged feed each keeps its own. */
  readonly uid: RegExp;
  readonly prodId: RegExp;
  /** In order, the first that matches holds; then come those of the generic dialect. */
  readonly summaries: readonly SummaryRule[];
  /** Looked for in SUMMARY and DESCRIPTION; the first group is the value. */
  readonly reservationCode?: RegExp;
  readonly phoneLast4?: RegExp;
  /** What stays the same while a reservation does; see identity.ts. */
  readonly identity: 'uid' | 'check-out';
}
