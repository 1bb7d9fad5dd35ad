/**
 * Booking.com's ranges by their nights. Adjacent ranges merge and split, and a running one begins anew at each midnight, so
 * neither UID nor dates tell who is who: a stay is believed as long as its nights to come are covered, by whatever range.
 * What a range covers beyond the known stays is a stay of its own: were it the neighbour's extension, both codes are that
 * guest's; taken for one wrongly, a guest would have no code and the neighbour one for too long. Source: feed rule 3.
 * @module
 */
import { LONGEST_STAY_NIGHTS } from '../dialects/dialect.ts';
import type { Reservation } from '../reservation.ts';
import { DAY_MS } from '../zones.ts';
import type { BelievedStay, Nights } from './belief.ts';
import { hasNight, isSameNights, type NightCalendar, runsWhere } from './nights.ts';

/** Further ahead nobody books. */
const HORIZON_NIGHTS = 365;

/** Whether it is of an OTA that has no other identity. */
export function isByNights({ dialect }: Pick<Reservation, 'dialect'>): boolean {
  return dialect === 'booking';
}

export interface RangeContext {
  readonly calendar: NightCalendar;
  readonly nowMs: number;
  /** Closures that the last poll had. */
  readonly closures: readonly Nights[];
  /** Nights of stays in feeds that this OTA imports. */
  readonly claimed: readonly Nights[];
}

interface Range {
  readonly reservation: Reservation;
  readonly nights: Nights;
}

/** The ranges of a poll. */
export function toRanges(polled: readonly Reservation[], calendar: NightCalendar): Range[] {
  return polled
    .filter(({ status }) => status !== 'cancelled')
    .map((reservation) => ({ reservation, nights: calendar.nightsOf(reservation) }));
}

/** The nights to come of a believed stay that no range covers. */
export function findMissingNights(
  { reservation }: BelievedStay,
  ranges: readonly Range[],
  { calendar, nowMs }: RangeContext,
): number[] {
  const { from, to } = calendar.nightsOf(reservation);
  const missing: number[] = [];
  for (let night = Math.max(from, calendar.dayOf(nowMs)); night < to; night++) {
    if (!ranges.some(({ nights }) => hasNight(nights, night))) missing.push(night);
  }
  return missing;
}

/**
 * A stay without the nights that are `off`: of one that has begun what goes on from tonight, else the first part, for its guest
 * comes first; what comes after a gap is another's. `null` where nothing of that is left.
 */
export function withoutNights(
  { reservation }: BelievedStay,
  off: readonly number[],
  { calendar, nowMs }: RangeContext,
): Reservation | null {
  const { from, to } = calendar.nightsOf(reservation);
  const today = calendar.dayOf(nowMs);
  const left = { from: Math.max(from, today), to };
  const rest = runsWhere(left, (night) => !off.includes(night))[0];
  if (rest === undefined || (from <= today && rest.from !== left.from)) return null;
  const { startsAtMs, endsAtMs } = calendar.timesOf(rest);
  return {
    ...reservation,
    startsAtMs: rest.from === left.from ? reservation.startsAtMs : startsAtMs,
    endsAtMs: rest.to === left.to ? reservation.endsAtMs : endsAtMs,
  };
}

/** What the ranges hold beside the stays that are `believed`. */
export function findFresh(
  believed: readonly BelievedStay[],
  ranges: readonly Range[],
  context: RangeContext,
): { fresh: Reservation[]; closures: Nights[] } {
  const { calendar, claimed, nowMs } = context;
  const taken = [...believed.map(({ reservation }) => calendar.nightsOf(reservation)), ...claimed];
  const isFree = (night: number): boolean => !taken.some((nights) => hasNight(nights, night));
  const closures = ranges.flatMap((range) => closuresOf(range, isFree, context));
  const isOpen = (night: number): boolean =>
    isFree(night) && !closures.some((nights) => hasNight(nights, night));
  const fresh = ranges.flatMap(({ reservation, nights }) =>
    runsWhere(nights, isOpen).map((run) => toStay(reservation, run, context)),
  );
  return { fresh: fresh.filter(({ endsAtMs }) => endsAtMs > nowMs), closures };
}

/** What of a range is nobody's: all of it where its words say so, else what is too long for a guest. */
function closuresOf(
  { reservation: { status, mayBeClosure }, nights }: Range,
  isFree: (night: number) => boolean,
  context: RangeContext,
): Nights[] {
  if (status === 'blocked' && !mayBeClosure) return [nights];
  return runsWhere(nights, isFree).flatMap((run) =>
    isLong(run) ? longClosures(run, context) : leftOf(run, context),
  );
}

function isLong({ from, to }: Nights): boolean {
  return to - from > LONGEST_STAY_NIGHTS;
}

/**
 * A closure that has grown has got a neighbour. Only beyond a year it grows of itself: some programs keep all closed that
 * cannot be booked yet.
 */
function longClosures(run: Nights, { closures, calendar, nowMs }: RangeContext): Nights[] {
  const old = closures.find(({ from, to }) => from < run.to && run.from < to && to <= run.to);
  if (old === undefined) return [run];
  const horizon = calendar.dayOf(nowMs) + HORIZON_NIGHTS;
  const core = { from: Math.max(run.from, old.from), to: run.to > horizon ? run.to : old.to };
  const gains = [
    { from: run.from, to: core.from },
    { from: core.to, to: run.to },
  ];
  return [core, ...gains.filter(isLong)];
}

/**
 * What is left of a closure that rolled on to today's midnight, which may be tomorrow's in UTC. A range that ends sooner may be
 * a guest's, in nights that were opened again.
 */
function leftOf(run: Nights, { closures, calendar, nowMs }: RangeContext): Nights[] {
  if (run.from > calendar.dayOf(nowMs) + 1) return [];
  const old = closures.find((closure) => hasNight(closure, run.from) && closure.to <= run.to);
  return old ? [{ from: run.from, to: old.to }] : [];
}

function toStay(reservation: Reservation, run: Nights, { calendar }: RangeContext): Reservation {
  if (isSameNights(run, calendar.nightsOf(reservation))) return reservation;
  const checkOut = new Date(run.to * DAY_MS).toISOString().slice(0, 10);
  const id = `${reservation.dialect} ${checkOut}`;
  // All of it may have been too long for one guest.
  return { ...reservation, ...calendar.timesOf(run), id, status: 'confirmed' };
}
