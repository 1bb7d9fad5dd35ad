/**
 * What a host says of a feed that the tables do not know, or know wrongly.
 * @module
 */
import { StaycodeError } from '../../errors.ts';
import type { ReservationStatus } from '../reservation.ts';
import type { SummaryRule } from './dialect.ts';

export interface SummaryMapping {
  /**
   * Text that the summary has somewhere in it, in any case; or a regular expression between slashes, whose groups `guest`
   * and `code` are the guest's name and the reservation's code.
   */
  readonly pattern: string;
  readonly status: Exclude<ReservationStatus, 'cancelled'>;
}

export interface FeedMapping {
  /** In order, the first that matches holds, before all that is known of the dialect. */
  readonly summaries?: readonly SummaryMapping[];
  /** Whether the times of events are those of check-in and check-out (the default), or only their days count. */
  readonly eventTimes?: 'use' | 'ignore';
  /** DTEND is the last night, not the day of check-out, as with some settings of Beds24. */
  readonly lastNightEnds?: boolean;
}

const REGEX = /^\/(.+)\/[iu]*$/s;

/** @throws StaycodeError `bad-config` for a regular expression that is none */
export function compileSummaries(summaries: readonly SummaryMapping[] = []): SummaryRule[] {
  return summaries.map(({ pattern, status }) => ({ pattern: compilePattern(pattern), status }));
}

function compilePattern(pattern: string): RegExp {
  const source = REGEX.exec(pattern)?.[1] ?? pattern.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  try {
    if (source === '') throw new SyntaxError('it is empty');
    return new RegExp(source, 'iu');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StaycodeError(
      'bad-config',
      `mapping: expected a text or a /regular expression/, got ${pattern} (${why})`,
    );
  }
}
