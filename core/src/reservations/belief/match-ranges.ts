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
import { hasNight, type NightCalendar, runsWhere } from './nights.ts';

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

export interface RangeMatch {
  /** Stays all of whose nights to come are there. */
  readonly present: ReadonlySet<BelievedStay>;
  /** What is left of those of which a part is there, ready to take its place. */
  readonly shrunk: ReadonlyMap<BelievedStay, Reservation>;
  readonly fresh: readonly Reservation[];
  readonly closures: readonly Nights[];
}

interface Range {
  readonly reservation: Reservation;
  readonly nights: Nights;
  readonly isClosure: boolean;
}

/** Reads the ranges of a poll against the stays that are believed of the feed. */
export function matchRanges(
  believed: readonly BelievedStay[],
  polled: readonly Reservation[],
  context: RangeContext,
): RangeMatch {
  const { calendar, nowMs } = context;
  const today = calendar.dayOf(nowMs);
  const ranges = toRanges(polled, calendar);
  const isCovered = (night: number): boolean => ranges.some(({ nights }) => hasNight(nights, night));
  const present = new Set<BelievedStay>();
  const shrunk = new Map<BelievedStay, Reservation>();
  for (const stay of believed) {
    const { from, to } = calendar.nightsOf(stay.reservation);
    const left = { from: Math.max(from, today), to };
    const runs = runsWhere(left, isCovered);
    const rest = pickRest(runs, left, from <= today);
    if (left.from >= to || (rest?.from === left.from && rest.to === to)) present.add(stay);
    else if (rest) shrunk.set(stay, shrink(stay.reservation, rest, left, calendar));
  }
  const closures = ranges.flatMap((range) => closureOf(range, context.closures, today));
  const taken = [...believed.map(({ reservation }) => calendar.nightsOf(reservation)), ...context.claimed];
  const isFree = (night: number): boolean =>
    ![...taken, ...closures].some((nights) => hasNight(nights, night));
  const fresh = ranges
    .filter(({ isClosure }) => !isClosure)
    .flatMap((range) => freshOf(range, isFree, calendar))
    .filter(({ endsAtMs }) => endsAtMs > nowMs);
  return { present, shrunk, fresh, closures };
}

function toRanges(polled: readonly Reservation[], calendar: NightCalendar): Range[] {
  return polled
    .filter(({ status }) => status !== 'cancelled')
    .map((reservation) => {
      const nights = calendar.nightsOf(reservation);
      return { reservation, nights, isClosure: reservation.status === 'blocked' };
    });
}

/** Of a stay that has begun what goes on from tonight, else the longest part, the first of equals. */
function pickRest(runs: readonly Nights[], left: Nights, hasBegun: boolean): Nights | null {
  const fit = hasBegun ? runs.filter(({ from }) => from === left.from) : runs;
  const longest = Math.max(...fit.map(({ from, to }) => to - from));
  return fit.find(({ from, to }) => to - from === longest) ?? null;
}

function shrink(reservation: Reservation, rest: Nights, left: Nights, calendar: NightCalendar): Reservation {
  const { startsAtMs, endsAtMs } = calendar.timesOf(rest);
  return {
    ...reservation,
    startsAtMs: rest.from === left.from ? reservation.startsAtMs : startsAtMs,
    endsAtMs: rest.to === left.to ? reservation.endsAtMs : endsAtMs,
  };
}

/**
 * A closure, or what is left of one that rolled on to today's midnight, which may be tomorrow's in UTC. A range that ends
 * sooner may be a guest's, in nights that were opened again.
 */
function closureOf({ nights, isClosure }: Range, before: readonly Nights[], today: number): Nights[] {
  if (isClosure) return [nights];
  if (nights.from > today + 1) return [];
  const old = before.find((closure) => hasNight(closure, nights.from) && closure.to <= nights.to);
  return old ? [{ from: nights.from, to: old.to }] : [];
}

function freshOf(
  { reservation, nights }: Range,
  isFree: (night: number) => boolean,
  calendar: NightCalendar,
): Reservation[] {
  return runsWhere(nights, isFree)
    .filter(({ from, to }) => to - from <= LONGEST_STAY_NIGHTS)
    .map((run) => {
      const isWhole = run.from === nights.from && run.to === nights.to;
      if (isWhole) return reservation;
      const checkOut = new Date(run.to * DAY_MS).toISOString().slice(0, 10);
      return { ...reservation, ...calendar.timesOf(run), id: `${reservation.dialect} ${checkOut}` };
    });
}
