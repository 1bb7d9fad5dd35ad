/**
 * One good poll against what is believed of its feed: what is there, what is missing, what is off, what is new.
 * @module
 */
import type { FeedReading } from '../read-reservations.ts';
import { isStay, type Reservation } from '../reservation.ts';
import { type Absence, countMiss, isNear, isPartOff, judgeAbsence, makeWitness } from './absence.ts';
import type { BelievedStay, CancelReason, Nights } from './belief.ts';
import { isByNights, matchRanges, type RangeContext } from './match-ranges.ts';
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

/** A stay that the feed does not list, or lists in part: `rest` is that part. */
interface Absent {
  readonly stay: BelievedStay;
  readonly rest: Reservation | null;
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
  const own = Map.groupBy(believed, ({ reservation }) => isByNights(reservation));
  const listed = (ranged.get(false) ?? []).filter(isStay);
  const matches = matchStays(own.get(false) ?? [], listed);
  const matched = new Set(matches.values());
  const ranges = matchRanges(own.get(true) ?? [], ranged.get(true) ?? [], context);
  const present = believed.flatMap((stay): BelievedStay[] => {
    const match = matches.get(stay) ?? (ranges.present.has(stay) ? stay.reservation : undefined);
    return match ? [asListed(stay, match)] : [];
  });
  const saidOff = new Set<string | null>(
    reading.reservations.flatMap(({ status, uid }) => (status === 'cancelled' && uid !== null ? [uid] : [])),
  );
  const absent = believed
    .filter((stay) => !matches.has(stay) && !ranges.present.has(stay))
    .map((stay) => ({
      stay,
      rest: ranges.shrunk.get(stay) ?? null,
      isSaid: saidOff.has(stay.reservation.uid),
    }));
  const judged = judgeAbsent(absent, reading, context.nowMs);
  const fresh = listed.filter((one) => !matched.has(one) && one.endsAtMs > context.nowMs);
  return {
    ...judged,
    stays: [...present, ...judged.stays],
    fresh: [...fresh, ...ranges.fresh],
    closures: ranges.closures,
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
  nowMs: number,
): Pick<PollResult, 'stays' | 'off' | 'asked' | 'vanished'> {
  const isWitness = makeWitness(reading);
  const missed = absent.map((one) =>
    isWitness(one.stay) ? { ...one, stay: countMiss(one.stay, one.rest, nowMs) } : one,
  );
  const since = Map.groupBy(missed, ({ stay }) => stay.missing?.sinceMs);
  const stays: BelievedStay[] = [];
  const asked: BelievedStay[] = [];
  const off = new Map<BelievedStay, CancelReason>();
  for (const { stay, rest, isSaid } of missed) {
    const { missing } = stay;
    const absence: Absence = {
      nowMs,
      together: since.get(missing?.sinceMs)?.length ?? 0,
    };
    if (rest) {
      stays.push(isPartOff(stay, absence) ? asListed(stay, rest) : stay);
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
