/**
 * One good poll against what is believed of its feed: what is there, what is missing, what is off, what is new.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import { isStay, type Reservation } from '../reservation.ts';
import {
  type Absence,
  countMiss,
  isNear,
  judgeAbsence,
  makeWitness,
  nightsOff,
  toMissing,
} from './absence.ts';
import type { BelievedStay, CancelReason, Nights } from './belief.ts';
import {
  findFresh,
  findMissingNights,
  isByNights,
  type RangeContext,
  toRanges,
  withoutNights,
} from './match-ranges.ts';
import { matchStays } from './match-stays.ts';

/** A feed after a poll. */
export interface PollResult {
  readonly stays: readonly BelievedStay[];
  readonly off: ReadonlyMap<BelievedStay, CancelReason>;
  /** Stays that vanished when only the host may say what that means. */
  readonly asked: readonly BelievedStay[];
  /** Stays that were there at the last good poll and are not now. */
  readonly vanished: readonly BelievedStay[];
  /** Not matched with any stay; their ids may be taken. */
  readonly fresh: readonly Reservation[];
  readonly closures: readonly Nights[];
}

/** A stay that the feed does not list, or lists in part. */
interface Absent {
  readonly stay: BelievedStay;
  /** Of a range the nights to come that are out. */
  readonly nights: readonly number[];
  /** Whether the feed says itself that it is cancelled. */
  readonly isSaid: boolean;
}

/** Compares a reading with the stays of its feed that are not over. */
export function readPoll(
  believed: readonly BelievedStay[],
  reading: FeedReading,
  context: RangeContext,
): PollResult {
  const ranged = Map.groupBy(reading.reservations, isByNights);
  const listed = (ranged.get(false) ?? []).filter(isStay);
  const matches = matchStays(
    believed.filter(({ reservation }) => !isByNights(reservation)),
    listed,
  );
  const ranges = toRanges(ranged.get(true) ?? [], context.calendar);
  const saidOff = new Set<string | null>(
    reading.reservations.flatMap(({ status, uid }) => (status === 'cancelled' && uid !== null ? [uid] : [])),
  );
  const present: BelievedStay[] = [];
  const absent: Absent[] = [];
  for (const stay of believed) {
    const { reservation } = stay;
    const nights = isByNights(reservation) ? findMissingNights(stay, ranges, context) : [];
    const match = isByNights(reservation) ? nights.length === 0 && reservation : matches.get(stay);
    if (match) present.push(asListed(stay, match));
    else absent.push({ stay, nights, isSaid: saidOff.has(reservation.uid) });
  }
  const judged = judgeAbsent(absent, reading, context);
  const stays = [...present, ...judged.stays];
  const matched = new Set(matches.values());
  const { fresh, closures } = findFresh(stays, ranges, context);
  return {
    ...judged,
    stays,
    fresh: [...listed.filter((one) => !matched.has(one) && one.endsAtMs > context.nowMs), ...fresh],
    closures,
  };
}

function asListed(stay: BelievedStay, match: Reservation): BelievedStay {
  const { id } = stay.reservation;
  const asked = stay.asked === 'gone' ? null : stay.asked;
  return { ...stay, reservation: { ...match, id }, missing: null, asked };
}

function judgeAbsent(
  absent: readonly Absent[],
  reading: FeedReading,
  context: RangeContext,
): Pick<PollResult, 'stays' | 'off' | 'asked' | 'vanished'> {
  const { nowMs } = context;
  const isWitness = makeWitness(reading);
  const missed = absent.map((one) =>
    isWitness(one.stay) ? { ...one, stay: countMiss(one.stay, one.nights, nowMs) } : one,
  );
  const since = Map.groupBy(missed, ({ stay }) => stay.missing?.sinceMs);
  const stays: BelievedStay[] = [];
  const asked: BelievedStay[] = [];
  const off = new Map<BelievedStay, CancelReason>();
  for (const { stay, nights, isSaid } of missed) {
    const absence: Absence = { nowMs, together: since.get(stay.missing?.sinceMs)?.length ?? 0 };
    if (nights.length > 0 && withoutNights(stay, nights, context)) {
      stays.push(takeOff(stay, nightsOff(stay, absence), context));
      continue;
    }
    const verdict = isSaid ? (isNear(stay, nowMs) ? 'ask' : 'off') : judgeAbsence(stay, absence);
    if (verdict === 'off') off.set(stay, isSaid ? 'said' : 'absent');
    else stays.push(verdict === 'ask' ? { ...stay, asked: 'gone' } : stay);
    if (verdict === 'ask' && stay.asked !== 'gone' && stay.told) asked.push(stay);
  }
  const vanished = missed.map(({ stay }) => stay).filter(({ missing }) => missing?.polls === 1);
  return { stays, off, asked, vanished };
}

/** A range without those of its nights that are off; the others that are out are still counted. */
function takeOff(stay: BelievedStay, off: readonly number[], context: RangeContext): BelievedStay {
  const rest = off.length > 0 ? withoutNights(stay, off, context) : null;
  if (rest === null) return stay;
  const { from, to } = context.calendar.nightsOf(rest);
  const nights = stay.missing?.nights.filter(({ night }) => from <= night && night < to) ?? [];
  return { ...asListed(stay, rest), missing: toMissing(nights) };
}
