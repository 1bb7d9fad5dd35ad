/**
 * From when until when an event lasts, as instants.
 * @module
 */
import type { EventFields, EventTime } from './event-fields.ts';
import type { HouseOptions } from './reservation.ts';
import {
  DAY_MS,
  type IanaZone,
  type Preference,
  readWallTime,
  requireZone,
  UTC,
  type Zone,
} from './zones.ts';

/** The property's zone, and its house times in milliseconds into the wall day. */
export interface House {
  readonly zone: IanaZone;
  readonly checkInMs: number;
  readonly checkOutMs: number;
}

/** What a time means in one calendar of a feed. */
export interface SpanContext {
  readonly house: House;
  /** The zone of a `TZID`. */
  zoneOf(tzid: string): Zone;
  /** The zone of times that name none. */
  readonly floating: Zone;
}

/** Start and end as they are written, and the instants that they mean. */
export interface Span {
  readonly start: EventTime;
  readonly end: EventTime;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** @throws StaycodeError `bad-zone` or `bad-time` */
export function readHouse(options: HouseOptions): House {
  return {
    zone: requireZone(options.zone),
    checkInMs: readWallTime(options.checkIn),
    checkOutMs: readWallTime(options.checkOut),
  };
}

/**
 * The span of an event, or of an instance of it `shiftMs` of wall time later. Dates take the house times, DTEND being the
 * check-out day (RFC 5545 §3.6.1); times are taken as they are. `null` for an event that does not end after its start.
 */
export function findSpan(
  start: EventTime,
  fields: EventFields,
  context: SpanContext,
  shiftMs = 0,
): Span | null {
  const from = shift(start, shiftMs);
  const to = findEnd(from, fields, context, shiftMs);
  // Where the clocks skip or repeat a time, the wider window: it shuts nobody out.
  const startsAtMs = resolveTime(from, context, 'earlier');
  const endsAtMs = resolveTime(to, context, 'later');
  const ends = from.form === 'date' && to.form === 'date' ? to.wallMs > from.wallMs : endsAtMs > startsAtMs;
  return ends ? { start: from, end: to, startsAtMs, endsAtMs } : null;
}

function findEnd(from: EventTime, fields: EventFields, context: SpanContext, shiftMs: number): EventTime {
  if (fields.end) return shift(fields.end, shiftMs);
  if (fields.duration) return addDuration(from, fields.duration, context);
  if (from.form === 'date') return shift(from, DAY_MS);
  // A time alone is an arrival: RFC 5545 makes it an event of no length, which no guest books. One night, then.
  const wallMs = from.form === 'utc' ? context.house.zone.toWall(from.wallMs) : from.wallMs;
  return { wallMs: (Math.floor(wallMs / DAY_MS) + 1) * DAY_MS, form: 'date', tzid: null };
}

/** Weeks and days are days on the wall, hours and less are exact (RFC 5545 §3.3.6); a date has whole days only. */
function addDuration(
  from: EventTime,
  duration: NonNullable<EventFields['duration']>,
  context: SpanContext,
): EventTime {
  const sign = duration.isNegative ? -1 : 1;
  const daysMs = sign * (duration.weeks * 7 + duration.days) * DAY_MS;
  const timeMs = sign * (duration.hours * 3600 + duration.minutes * 60 + duration.seconds) * 1000;
  const to = shift(from, daysMs);
  if (from.form === 'date') return shift(to, Math.ceil(timeMs / DAY_MS) * DAY_MS);
  return timeMs === 0
    ? to
    : { wallMs: resolveTime(to, context, 'earlier') + timeMs, form: 'utc', tzid: null };
}

/** The instant of a time; a date means check-in, or check-out where the later instant is preferred. */
export function resolveTime(time: EventTime, context: SpanContext, preference: Preference): number {
  const { house } = context;
  switch (time.form) {
    case 'date':
      return house.zone.toInstant(
        time.wallMs + (preference === 'earlier' ? house.checkInMs : house.checkOutMs),
        preference,
      );
    case 'utc':
      return UTC.toInstant(time.wallMs, preference);
    case 'zoned':
      return context.zoneOf(time.tzid ?? '').toInstant(time.wallMs, preference);
    case 'floating':
      return context.floating.toInstant(time.wallMs, preference);
  }
}

function shift(time: EventTime, byMs: number): EventTime {
  return byMs === 0 ? time : { ...time, wallMs: time.wallMs + byMs };
}
