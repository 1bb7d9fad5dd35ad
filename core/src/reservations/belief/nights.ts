/**
 * Stays as nights of the house's calendar: where an OTA rolls, merges and splits its ranges, the nights are what stays.
 * @module
 */
import { type House, readHouse } from '../event-span.ts';
import type { HouseOptions, Reservation } from '../reservation.ts';
import { DAY_MS } from '../zones.ts';
import type { Nights } from './belief.ts';

type Times = Pick<Reservation, 'startsAtMs' | 'endsAtMs'>;

/** Between instants and nights at a house. */
export interface NightCalendar {
  /** The day that the wall shows. */
  dayOf(atMs: number): number;
  /** At least one night, also for a stay that leaves on the day it came. */
  nightsOf(times: Times): Nights;
  /** Check-in of the first night, check-out after the last. */
  timesOf(nights: Nights): Times;
}

const MAX_REMEMBERED = 10_000;
const calendars = new Map<string, NightCalendar>();

/** The calendar of a house. @throws StaycodeError `bad-zone` or `bad-time` */
export function nightCalendar(options: HouseOptions): NightCalendar {
  const key = JSON.stringify([options.zone, options.checkIn, options.checkOut]);
  let calendar = calendars.get(key);
  if (calendar === undefined) calendars.set(key, (calendar = makeCalendar(readHouse(options))));
  return calendar;
}

function makeCalendar(house: House): NightCalendar {
  const days = new Map<number, number>();
  // Asking the zone database takes tens of microseconds, and the same stays come at every poll.
  const dayOf = (atMs: number): number => {
    let day = days.get(atMs);
    if (day !== undefined) return day;
    if (days.size >= MAX_REMEMBERED) days.clear();
    days.set(atMs, (day = Math.floor(house.zone.toWall(atMs) / DAY_MS)));
    return day;
  };
  return {
    dayOf,
    nightsOf({ startsAtMs, endsAtMs }) {
      const from = dayOf(startsAtMs);
      return { from, to: Math.max(from + 1, dayOf(endsAtMs)) };
    },
    timesOf: ({ from, to }) => ({
      startsAtMs: house.zone.toInstant(from * DAY_MS + house.checkInMs, 'earlier'),
      endsAtMs: house.zone.toInstant(to * DAY_MS + house.checkOutMs, 'later'),
    }),
  };
}

export function hasNight({ from, to }: Nights, night: number): boolean {
  return from <= night && night < to;
}

export function isSameNights(a: Nights, b: Nights): boolean {
  return a.from === b.from && a.to === b.to;
}

/** The runs of nights of a range for which `isIn` holds, in order. */
export function runsWhere({ from, to }: Nights, isIn: (night: number) => boolean): Nights[] {
  const runs: Nights[] = [];
  let start: number | null = null;
  for (let night = from; night <= to; night++) {
    const inside = night < to && isIn(night);
    if (inside) start ??= night;
    if (inside || start === null) continue;
    runs.push({ from: start, to: night });
    start = null;
  }
  return runs;
}
