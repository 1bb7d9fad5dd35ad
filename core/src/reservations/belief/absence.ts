/**
 * What a stay's absence means: nothing, a question to the host, or that it is off. A feed is a rumour, so what it leaves out
 * is believed late, and never on its word alone once the guest is about to come. Source: feed rules 1 and 2.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import type { FeedProblemCode, Reservation } from '../reservation.ts';
import type { BelievedStay } from './belief.ts';
import { isByNights } from './match-ranges.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Good polls that must leave a stay out: every outage in the crawled feeds lasted one. */
export const MISSES_NEEDED = 3;
/** For how long, where one stay is out and others are there. */
const ALONE_MS = 6 * HOUR_MS;
/** And where it looks odd: a day, less what may lie between two polls. Booking.com's ranges came back after up to 15 hours. */
const ODD_MS = 20 * HOUR_MS;
/** Several stays gone at once wait that long for each of them but one, at most so many times. */
const MOST_ODD = 7;
/** A host is asked sooner than a stay is dropped: the guest may be on the way. */
const ASK_MS = 2 * HOUR_MS;
/** From a day before arrival on, only the host's word cancels. */
export const ARRIVAL_MS: number = DAY_MS;
/** OTAs list a year. A stay in its last days may be out of it by the time of day, so it is not missed there. */
const HORIZON_MS = 364 * DAY_MS;

export interface Absence {
  readonly nowMs: number;
  /** Stays of the feed that went missing at the same poll, this one included. */
  readonly together: number;
}

export type AbsenceVerdict = 'wait' | 'ask' | 'off';

/** Judges a missing stay. */
export function judgeAbsence(stay: BelievedStay, absence: Absence): AbsenceVerdict {
  const { missing, reservation, word } = stay;
  if (missing === null || word === 'stay' || missing.polls < MISSES_NEEDED) return 'wait';
  const missingMs = absence.nowMs - missing.sinceMs;
  if (isNear(stay, absence.nowMs)) return missingMs >= ASK_MS ? 'ask' : 'wait';
  return missingMs >= patienceMs(absence, isByNights(reservation)) ? 'off' : 'wait';
}

/** Whether part of a range has been out for long enough to be believed; the rest of the stay goes on, so nobody is asked. */
export function isPartOff({ missing, word }: BelievedStay, absence: Absence): boolean {
  if (missing === null || word === 'stay' || missing.polls < MISSES_NEEDED) return false;
  return absence.nowMs - missing.sinceMs >= patienceMs(absence, true);
}

function patienceMs({ together }: Absence, isOdd: boolean): number {
  if (together > 1) return ODD_MS * Math.min(together - 1, MOST_ODD);
  return isOdd ? ODD_MS : ALONE_MS;
}

/** Whether the stay runs or begins within a day. */
export function isNear({ reservation }: BelievedStay, nowMs: number): boolean {
  return reservation.startsAtMs <= nowMs + ARRIVAL_MS;
}

/** One more good poll without the stay, or with `rest` of it. */
export function countMiss(stay: BelievedStay, rest: Reservation | null, nowMs: number): BelievedStay {
  if (stay.reservation.startsAtMs > nowMs + HORIZON_MS) return stay;
  const before = stay.missing;
  const isSame = before?.rest?.startsAtMs === rest?.startsAtMs && before?.rest?.endsAtMs === rest?.endsAtMs;
  const { sinceMs, polls } = before && isSame ? before : { sinceMs: nowMs, polls: 0 };
  const left = rest && { startsAtMs: rest.startsAtMs, endsAtMs: rest.endsAtMs };
  return { ...stay, missing: { sinceMs, polls: polls + 1, rest: left } };
}

/** Problems that leave no reservation behind: what seems absent may be what could not be read. */
const LOSSES: ReadonlySet<FeedProblemCode> = new Set([
  'bad-date',
  'bad-length',
  'not-closed',
  'recurrence-cut',
]);

/** Which stays a reading can be a witness against. */
export function makeWitness({ problems }: FeedReading): (stay: BelievedStay) => boolean {
  const losses = problems.filter(({ code }) => LOSSES.has(code));
  const uids = new Set(losses.map(({ uid }) => uid));
  if (uids.has(null)) return () => false;
  return ({ reservation }) => losses.length === 0 || (!isByNights(reservation) && !uids.has(reservation.uid));
}
