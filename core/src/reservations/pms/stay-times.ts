/**
 * From when until when a room is booked: dates, times on the wall and instants as PMSs write them, resolved in the
 * property's zone.
 * @module
 */
import { parseInstant } from '../../instant.ts';
import { type House, readHouse } from '../event-span.ts';
import type { HouseOptions } from '../reservation.ts';
import { DAY_MS, readWallTime } from '../zones.ts';
import { badField, readText, requireText, type Source } from './fields.ts';
import type { Path, RoomMapping } from './mapping.ts';

interface Times {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** A written moment: an instant, or a day of the wall with or without a time (milliseconds into the day). */
type Moment = { readonly atMs: number } | { readonly dayMs: number; readonly timeMs: number | null };

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/u;

/**
 * Start and end of a room's stay. A time of its own counts first, then an instant, then a time on the wall, then the
 * house times.
 * @throws StaycodeError `bad-message` naming the field; `bad-zone` or `bad-time` for the host's own settings
 */
export function readTimes(source: Source, room: RoomMapping, options: HouseOptions): Times {
  const house = readHouse(options);
  const arrival = readMoment(source, room.arrival);
  const departure = readMoment(source, room.departure);
  // Where the clocks skip or repeat a time, the wider window: it shuts nobody out.
  const startsAtMs = resolve(arrival, readClock(source, room.arrivalTime), house, 'earlier');
  const endsAtMs = resolve(departure, readClock(source, room.departureTime), house, 'later');
  if (endsAtMs <= startsAtMs) throw badField(source, room.departure, 'a time after the arrival');
  return { startsAtMs, endsAtMs };
}

function resolve(
  moment: Moment,
  ownTimeMs: number | null,
  house: House,
  preference: 'earlier' | 'later',
): number {
  if ('atMs' in moment && ownTimeMs === null) return moment.atMs;
  const dayMs =
    'atMs' in moment ? Math.floor(house.zone.toWall(moment.atMs) / DAY_MS) * DAY_MS : moment.dayMs;
  const written = 'atMs' in moment ? null : moment.timeMs;
  const houseMs = preference === 'earlier' ? house.checkInMs : house.checkOutMs;
  return house.zone.toInstant(dayMs + (ownTimeMs ?? written ?? houseMs), preference);
}

function readMoment(source: Source, path: Path): Moment {
  const expected = 'a date such as 2026-11-27';
  const text = requireText(source, path, expected);
  const [, day, time, offset] = MOMENT.exec(text) ?? [];
  if (day === undefined) throw badField(source, path, expected);
  try {
    if (offset !== undefined) return { atMs: parseInstant(text.replace(' ', 'T')) };
    // Midnight on the wall is how a date looks in a field made for times.
    const timeMs = time === undefined || time === '00:00' ? null : readWallTime(time);
    return { dayMs: parseInstant(`${day}T00:00:00Z`), timeMs };
  } catch {
    throw badField(source, path, expected);
  }
}

/** `HH:MM`, with seconds or without, or a whole hour from 0 to 23, as milliseconds into the day. */
function readClock(source: Source, path: Path | undefined): number | null {
  const text = readText(source, path);
  if (text === null || path === undefined) return null;
  const [, hour = '', minute = '00'] = /^(\d{1,2})(?::(\d{2})(?::\d{2})?)?$/u.exec(text) ?? [];
  try {
    return readWallTime(`${hour.padStart(2, '0')}:${minute}`);
  } catch {
    throw badField(source, path, 'a time from 00:00 to 23:59 or a whole hour from 0 to 23');
  }
}
