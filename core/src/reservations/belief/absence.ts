/**
 * What a stay's absence means: nothing, a question to the host, or that it is off. A feed is a rumour, so what it leaves out
 * is believed late, and never on its word alone once the guest is about to come. Source: feed rules 1 and 2.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import type { FeedProblem, FeedProblemCode } from '../reservation.ts';
import type { BelievedStay, Missing, MissingNight } from './belief.ts';
import { isByNights } from './match-ranges.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Good polls that must leave a stay out: every outage in the crawled feeds lasted one. */
const MISSES_NEEDED = 3;
/** For how long, where one stay is out and others are there. */
const ALONE_MS = 6 * HOUR_MS;
/** And where it looks odd: a day, less what may lie between two polls. Booking.com's ranges came back after up to 15 hours. */
const ODD_MS = 20 * HOUR_MS;
/** Several stays gone at once wait that long for each of them but one, at most so many times. */
const MOST_ODD = 7;
/** A host is asked sooner than a stay is dropped: the guest may be on the way. */
const ASK_MS = 2 * HOUR_MS;
/** From a day before arrival on, only the host's word cancels. */
const ARRIVAL_MS: number = DAY_MS;
/** OTAs list a year. A stay in its last days may be out of it by the time of day, so it is not missed there. */
const HORIZON_MS = 364 * DAY_MS;

export interface Absence {
  readonly nowMs: number;
  /** Stays of the feed that went missing at the same poll, this one included. */
  readonly together: number;
}

type MissCount = Pick<Missing, 'sinceMs' | 'polls'>;

export type AbsenceVerdict = 'wait' | 'ask' | 'off';

/** Judges a missing stay. */
export function judgeAbsence(stay: BelievedStay, absence: Absence): AbsenceVerdict {
  const { missing, reservation, word } = stay;
  if (missing === null || word === 'stay' || missing.polls < MISSES_NEEDED) return 'wait';
  const missingMs = absence.nowMs - missing.sinceMs;
  if (isNear(stay, absence.nowMs)) return missingMs >= ASK_MS ? 'ask' : 'wait';
  return missingMs >= patienceMs(absence, isByNights(reservation)) ? 'off' : 'wait';
}

/** Nights of a range that have been out for long enough to be believed; the rest of the stay goes on, so nobody is asked. */
export function nightsOff({ missing, word }: BelievedStay, { nowMs, together }: Absence): number[] {
  if (missing === null || word === 'stay') return [];
  const patience = patienceMs({ together }, true);
  return missing.nights
    .filter(({ polls, sinceMs }) => polls >= MISSES_NEEDED && nowMs - sinceMs >= patience)
    .map(({ night }) => night);
}

function patienceMs({ together }: Pick<Absence, 'together'>, isOdd: boolean): number {
  if (together > 1) return ODD_MS * Math.min(together - 1, MOST_ODD);
  return isOdd ? ODD_MS : ALONE_MS;
}

/** Whether the stay runs or begins within a day. */
export function isNear({ reservation }: BelievedStay, nowMs: number): boolean {
  return reservation.startsAtMs <= nowMs + ARRIVAL_MS;
}

/** One more good poll without the stay; of a range without those nights. */
export function countMiss(stay: BelievedStay, nights: readonly number[], nowMs: number): BelievedStay {
  if (stay.reservation.startsAtMs > nowMs + HORIZON_MS) return stay;
  const count = (before: MissCount | null | undefined): MissCount =>
    before ? { sinceMs: before.sinceMs, polls: before.polls + 1 } : { sinceMs: nowMs, polls: 1 };
  const before = new Map(stay.missing?.nights.map((one) => [one.night, one]));
  const counted = nights.map((night): MissingNight => ({ night, ...count(before.get(night)) }));
  return { ...stay, missing: toMissing(counted) ?? { ...count(stay.missing), nights: [] } };
}

/** Of a range: a stay is out since the last of its nights is. */
export function toMissing(nights: readonly MissingNight[]): Missing | null {
  if (nights.length === 0) return null;
  const sinceMs = Math.max(...nights.map((one) => one.sinceMs));
  return { sinceMs, polls: Math.min(...nights.map(({ polls }) => polls)), nights };
}

/** Problems that leave no reservation behind: what seems absent may be what could not be read. */
const LOSSES: ReadonlySet<FeedProblemCode> = new Set([
  'bad-date',
  'bad-length',
  'not-closed',
  'recurrence-cut',
]);

/** The problems of a reading that may hide a stay. */
export function lossesOf({ problems }: FeedReading): FeedProblem[] {
  return problems.filter(({ code }) => LOSSES.has(code));
}

/** Which stays a reading can be a witness against. */
export function makeWitness(reading: FeedReading): (stay: BelievedStay) => boolean {
  const losses = lossesOf(reading);
  const uids = new Set(losses.map(({ uid }) => uid));
  if (uids.has(null)) return () => false;
  return ({ reservation }) => losses.length === 0 || (!isByNights(reservation) && !uids.has(reservation.uid));
}
