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

/** A stretch between two changes of the clocks, the end not within. */
interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

// Nobody's stay is outside of these, and each year that a feed names would cost another look into the zone database.
const FIRST_MS = Date.UTC(1970, 0, 1);
const LAST_MS = Date.UTC(2150, 0, 1);

function makeZone(id: string): IanaZone {
  // Asking the zone database takes milliseconds; a feed of thousands of events falls into few periods.
  const periods: Period[] = [];
  const periodAt = (anyMs: number): Period => {
    const atMs = Math.min(Math.max(anyMs, FIRST_MS), LAST_MS);
    let period = periods.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
    if (!period) periods.push((period = findPeriod(id, atMs)));
    return period;
  };
  return {
    toInstant(wallMs, preference) {
      // No zone is a day away from UTC, so the instant lies within a day of the wall time.
      const { offsetMs, untilMs } = periodAt(wallMs - DAY_MS);
      const before = wallMs - offsetMs;
      if (wallMs + DAY_MS < untilMs) return before;
      const after = wallMs - periodAt(untilMs).offsetMs;
      // Where just one of them is in its own period, it is meant; where the clocks repeat or skip the time, both may be.
      if (before < untilMs && after < untilMs) return before;
      if (before >= untilMs && after >= untilMs) return after;
      return preference === 'earlier' ? Math.min(before, after) : Math.max(before, after);
    },
    toWall: (atMs) => atMs + periodAt(atMs).offsetMs,
  };
}

function findPeriod(id: string, atMs: number): Period {
  const at = (ms: number): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(id);
  return {
    // "Previous" leaves out the instant itself, with which a period may begin.
    fromMs: at(atMs + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    untilMs: at(atMs).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offsetMs: at(atMs).offsetNanoseconds / 1e6,
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
