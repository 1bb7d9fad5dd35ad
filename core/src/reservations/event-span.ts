/**
 * From when until when an event lasts, as instants.
 * @module
 */
import type { FeedMapping } from './dialects/mapping.ts';
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

/** The property's zone, its house times in milliseconds into the wall day, and what the host said of the feed's times. */
export interface House {
  readonly zone: IanaZone;
  readonly checkInMs: number;
  readonly checkOutMs: number;
  readonly eventTimes: 'use' | 'ignore';
  readonly lastNightEnds: boolean;
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
export function readHouse(options: HouseOptions, mapping: FeedMapping = {}): House {
  return {
    zone: requireZone(options.zone),
    checkInMs: readWallTime(options.checkIn),
    checkOutMs: readWallTime(options.checkOut),
    eventTimes: mapping.eventTimes ?? 'use',
    lastNightEnds: mapping.lastNightEnds ?? false,
  };
}

/**
 * The span of an event, or of an instance of it `shiftMs` of wall time later. Dates take the house times, DTEND being the
 * check-out day (RFC 5545 §3.6.1) unless the host says otherwise; times are taken as they are, but for midnights and where
 * the host has them ignored. `null` for an event that does not end after its start.
 */
export function findSpan(
  start: EventTime,
  fields: EventFields,
  context: SpanContext,
  shiftMs = 0,
): Span | null {
  const begin = shift(start, shiftMs);
  const [from, until] = toDays(begin, findEnd(begin, fields, context, shiftMs), context);
  const isLastNight = context.house.lastNightEnds && fields.end !== null && until.form === 'date';
  const to = isLastNight ? shift(until, DAY_MS) : until;
  // Where the clocks skip or repeat a time, the wider window: it shuts nobody out.
  const startsAtMs = resolveTime(from, context, 'earlier');
  const endsAtMs = resolveTime(to, context, 'later');
  const ends = from.form === 'date' && to.form === 'date' ? to.wallMs > from.wallMs : endsAtMs > startsAtMs;
  return ends ? { start: from, end: to, startsAtMs, endsAtMs } : null;
}

/**
 * Start and end as dates where their times mean nothing. From midnight to midnight, as written or on the property's wall,
 * is how programs write days that know instants only: nobody checks in or out then.
 */
function toDays(from: EventTime, to: EventTime, context: SpanContext): [EventTime, EventTime] {
  if (from.form === 'date' && to.form === 'date') return [from, to];
  const both = [from, to] as const;
  const walls = both.map((time) => wallOf(time, context));
  const written = both.map(({ wallMs }) => wallMs);
  const days = [written, walls].find((times) => times.every((wallMs) => wallMs % DAY_MS === 0));
  const found = days ?? (context.house.eventTimes === 'ignore' ? walls : []);
  const [first = 0, last = 0] = found.map((wallMs) => Math.floor(wallMs / DAY_MS) * DAY_MS);
  // What begins and ends on one day has no night to be dated by.
  return last > first ? [asDate(first), asDate(last)] : [from, to];
}

/** On the wall of the property. */
function wallOf(time: EventTime, context: SpanContext): number {
  if (time.form === 'date') return time.wallMs;
  return context.house.zone.toWall(resolveTime(time, context, 'earlier'));
}

function asDate(wallMs: number): EventTime {
  return { wallMs, form: 'date', tzid: null };
}

function findEnd(from: EventTime, fields: EventFields, context: SpanContext, shiftMs: number): EventTime {
  if (fields.end) return shift(fields.end, shiftMs);
  if (fields.duration) return addDuration(from, fields.duration, context);
  if (from.form === 'date') return shift(from, DAY_MS);
  // A time alone is an arrival: RFC 5545 makes it an event of no length, which no guest books. One night, then.
  const wallMs = from.form === 'utc' ? context.house.zone.toWall(from.wallMs) : from.wallMs;
  return asDate((Math.floor(wallMs / DAY_MS) + 1) * DAY_MS);
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
