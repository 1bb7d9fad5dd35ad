/**
 * Wall clocks to instants. A wall time is a number, too: the milliseconds since 1970 that UTC would have if its clocks
 * showed that time. So a wall day is 86,400,000 long whatever the clocks do, and nights are counted by subtraction.
 * @module
 */
import { Temporal } from 'temporal-polyfill';
import { StaycodeError } from '../errors.ts';

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Of a wall time that the clocks show twice or skip: the earlier or the later of the two instants in question. */
export type Preference = 'earlier' | 'later';

export interface Zone {
  /** An instant in milliseconds since 1970 UTC for a wall time. */
  toInstant(wallMs: number, preference: Preference): number;
}

/** A zone of the IANA database; it also knows the wall time of an instant. */
export interface IanaZone extends Zone {
  toWall(atMs: number): number;
}

export const UTC: Zone = { toInstant: (wallMs) => wallMs };

/** `null` where this machine knows no such zone. Takes ids of any case, aliases and offsets such as `+02:00`. */
export function findZone(id: string): IanaZone | null {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
  } catch {
    return null;
  }
  return makeZone(id);
}

/**
 * The zone of a property. An offset is refused: it would be wrong after the next change of the clocks.
 * @throws StaycodeError `bad-zone`
 */
export function requireZone(id: string): IanaZone {
  const zone = /^[A-Za-z]/.test(id) ? findZone(id) : null;
  if (zone) return zone;
  throw new StaycodeError(
    'bad-zone',
    `expected an IANA time zone such as Europe/Berlin, got ${JSON.stringify(id)}`,
  );
}

function makeZone(id: string): IanaZone {
  const offsets = new Map<number, number>();
  const offsetMs = (atMs: number): number =>
    Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(id).offsetNanoseconds / 1e6;
  // Asking the zone database takes tens of microseconds; a feed of thousands of events falls on few days.
  const offsetAtMidnightUtc = (day: number): number => {
    let offset = offsets.get(day);
    if (offset === undefined) offsets.set(day, (offset = offsetMs(day * DAY_MS)));
    return offset;
  };
  return {
    toInstant(wallMs, preference) {
      // No zone is a day away from UTC, so the instant lies between these two midnights.
      const day = Math.floor(wallMs / DAY_MS);
      const offset = offsetAtMidnightUtc(day - 1);
      return offset === offsetAtMidnightUtc(day + 2)
        ? wallMs - offset
        : Temporal.Instant.fromEpochMilliseconds(wallMs)
            .toZonedDateTimeISO('UTC')
            .toPlainDateTime()
            .toZonedDateTime(id, { disambiguation: preference }).epochMilliseconds;
    },
    toWall: (atMs) => atMs + offsetMs(atMs),
  };
}

/** `HH:MM` from 00:00 to 23:59 as milliseconds into the wall day. @throws StaycodeError `bad-time` */
export function readWallTime(time: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new StaycodeError('bad-time', `expected a time from 00:00 to 23:59, got ${JSON.stringify(time)}`);
  }
  return Number(hour) * HOUR_MS + Number(minute) * 60_000;
}
