/**
 * The whole way from the body of a feed to its reservations.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { decodeFeed, MAX_FEED_BYTES } from './decode-feed.ts';
import { classify, type EventWords, findDialect } from './dialects/classify.ts';
import type { SummaryRule } from './dialects/dialect.ts';
import { compileSummaries, type FeedMapping } from './dialects/mapping.ts';
import { type EventFields, type EventTime, readEventFields } from './event-fields.ts';
import { findSpan, readHouse, resolveTime, type Span, type SpanContext } from './event-span.ts';
import { type Identifiable, identify, timeKey } from './identity.ts';
import {
  expandInstances,
  type InstanceSet,
  makeInstanceSet,
  MAX_INSTANCES,
  MAX_STEPS,
  type StepBudget,
} from './recurrence.ts';
import type { FeedProblem, FeedProblemCode, HouseOptions, Reservation } from './reservation.ts';
import { splitRevisions } from './revisions.ts';
import { type CalendarHead, type RawEvent, scanCalendar, type ScannedFeed } from './scan-calendar.ts';
import { makeZoneFinder } from './zone-names.ts';
import { DAY_MS } from './zones.ts';

export interface ReadOptions extends HouseOptions {
  /** A longer body is refused unread; 64 MiB unless set. */
  readonly maxBytes?: number;
  readonly mapping?: FeedMapping;
  /** A calendar of more is refused; as many as there are unless set. */
  readonly maxReservations?: number;
}

export interface FeedReading {
  /** Of every status, by start. */
  readonly reservations: Reservation[];
  readonly problems: FeedProblem[];
}

interface DatedEvent extends Pick<RawEvent, 'number' | 'head'> {
  readonly fields: EventFields;
  readonly start: EventTime;
}

interface Found extends Identifiable {
  readonly words: EventWords;
}

/** What is the same for all events of one reading. */
interface Reading {
  readonly problems: FeedProblem[];
  readonly budget: StepBudget;
  readonly mapped: readonly SummaryRule[];
  readonly contextOf: (head: CalendarHead) => SpanContext;
  /** The instances of a UID that have an event of their own. */
  readonly overridesOf: (uid: string | null, context: SpanContext) => InstanceSet;
}

/**
 * Reads the body of an iCal feed. What is wrong with one event spoils that event only and is told in `problems`.
 * @throws StaycodeError `not-a-calendar` for a body that is no whole calendar or one of too many reservations, `bad-zone`, `bad-time`, `bad-config`
 * @example
 * const { reservations } = readReservations(body, { zone: 'Europe/Berlin', checkIn: '15:00', checkOut: '11:00' });
 * const stays = reservations.filter(isStay);
 */
export function readReservations(body: Uint8Array | string, options: ReadOptions): FeedReading {
  const house = readHouse(options, options.mapping);
  const mapped = compileSummaries(options.mapping?.summaries);
  const problems: FeedProblem[] = [];
  const dated: DatedEvent[] = [];
  const feed = scanCalendar(decodeFeed(body, options.maxBytes ?? MAX_FEED_BYTES), (raw) => {
    const event = readDatedEvent(raw, problems);
    if (event) dated.push(event);
  });
  if (feed.junkLines > 0) problems.push(junkProblem(feed.junkLines, null, null));
  const { current, older } = splitRevisions(dated);
  for (const event of older) {
    report(problems, event, 'older-revision', 'a newer revision of this event is in the feed');
  }
  const reading: Reading = {
    problems,
    budget: { left: MAX_STEPS },
    mapped,
    contextOf: makeContexts(house, options.zone, feed, problems),
    overridesOf: makeOverrides(current),
  };
  const found = current.flatMap((event) => findReservations(event, reading));
  const { maxReservations = Infinity } = options;
  if (found.length > maxReservations) {
    const expected = `expected a unit's calendar, with at most ${maxReservations} entries and repetitions`;
    throw new StaycodeError('not-a-calendar', `${expected}, got ${found.length}`);
  }
  const reservations = identify(found).map(({ id, reservation }) => toReservation(reservation, id));
  return { reservations: reservations.sort((a, b) => a.startsAtMs - b.startsAtMs), problems };
}

function readDatedEvent(raw: RawEvent, problems: FeedProblem[]): DatedEvent | null {
  const fields = readEventFields(raw);
  const { number, head, closed } = raw;
  const event = { number, fields };
  if (fields.junkLines > 0) problems.push(junkProblem(fields.junkLines, number, fields.uid));
  if (!closed) report(problems, event, 'not-closed', 'expected END:VEVENT after this event');
  if (fields.start && !fields.badDates) return { number, head, fields, start: fields.start };
  report(problems, event, 'bad-date', 'expected a start and an end, each one valid date or time');
  return null;
}

function makeContexts(
  house: SpanContext['house'],
  houseZoneId: string,
  feed: ScannedFeed,
  problems: FeedProblem[],
): Reading['contextOf'] {
  const findZone = makeZoneFinder(feed.timezones);
  const unknown = new Set<string>();
  const zoneOf: SpanContext['zoneOf'] = (tzid) => {
    const zone = findZone(tzid);
    if (!zone && !unknown.has(tzid)) {
      unknown.add(tzid);
      const message = `time zone ${JSON.stringify(tzid)} is not known, its times are taken for ${houseZoneId}`;
      problems.push({ code: 'unknown-zone', message, event: null, uid: null });
    }
    return zone ?? house.zone;
  };
  const contexts = new Map<CalendarHead, SpanContext>();
  return (head) => {
    let context = contexts.get(head);
    if (!context) {
      context = { house, zoneOf, floating: head.zone === null ? house.zone : zoneOf(head.zone) };
      contexts.set(head, context);
    }
    return context;
  };
}

function makeOverrides(events: readonly DatedEvent[]): Reading['overridesOf'] {
  const times = new Map<string, EventTime[]>();
  for (const { fields } of events) {
    if (!fields.recurrenceId || fields.uid === null) continue;
    const known = times.get(fields.uid);
    if (known) known.push(fields.recurrenceId);
    else times.set(fields.uid, [fields.recurrenceId]);
  }
  const sets = new Map<string | null, InstanceSet>();
  return (uid, context) => {
    let set = sets.get(uid);
    if (!set) sets.set(uid, (set = makeInstanceSet(times.get(uid ?? '') ?? [], context)));
    return set;
  };
}

function findReservations(event: DatedEvent, reading: Reading): Found[] {
  const { fields, head, start } = event;
  const context = reading.contextOf(head);
  const recurs = fields.rules.length > 0 || fields.addedDates.length > 0 || fields.badRules;
  if (recurs && !fields.recurrenceId) return findInstances(event, context, reading);
  const span = findSpan(start, fields, context);
  if (!span) {
    report(reading.problems, event, 'bad-length', 'expected an end after the start');
    return [];
  }
  const original = fields.recurrenceId;
  const instance = original && timeKey(original, resolveTime(original, context, 'earlier'));
  return makeFound(event, span, instance, reading);
}

function findInstances(event: DatedEvent, context: SpanContext, reading: Reading): Found[] {
  const { fields, start } = event;
  const { shiftsMs, cut, bad } = expandInstances(start, fields, context, reading.budget);
  if (bad) {
    const message = 'its recurrence cannot be read, it is taken to happen once';
    report(reading.problems, event, 'bad-recurrence', message);
  }
  if (cut) {
    const message = `it recurs longer than is read: at most ${MAX_INSTANCES} times and ten years`;
    report(reading.problems, event, 'recurrence-cut', message);
  }
  const overridden = reading.overridesOf(fields.uid, context);
  const instances = shiftsMs.map((shiftMs) => ({
    original: { ...start, wallMs: start.wallMs + shiftMs },
    span: findSpan(start, fields, context, shiftMs),
  }));
  if (instances.some(({ span }) => span === null)) {
    report(reading.problems, event, 'bad-length', 'expected an end after the start');
  }
  return instances.flatMap(({ original, span }) => {
    if (span === null || overridden.has(original)) return [];
    const instance = timeKey(original, resolveTime(original, context, 'earlier'));
    return makeFound(event, span, instance, reading);
  });
}

function makeFound(
  { head, fields }: DatedEvent,
  span: Span,
  instance: string | null,
  { mapped }: Reading,
): Found[] {
  const { uid, summary } = fields;
  const dialect = findDialect({ uid, summary, prodIds: head.prodIds });
  const nights = Math.floor(span.end.wallMs / DAY_MS) - Math.floor(span.start.wallMs / DAY_MS);
  const words = classify(fields, { dialect, mapped, nights });
  return words === null ? [] : [{ uid, summary, span, instance, dialect, words }];
}

function toReservation({ uid, summary, span, dialect, words }: Found, id: string): Reservation {
  const { startsAtMs, endsAtMs } = span;
  return { id, uid, dialect: dialect.name, startsAtMs, endsAtMs, summary, ...words };
}

function junkProblem(lines: number, event: number | null, uid: string | null): FeedProblem {
  const message = lines === 1 ? 'one line could not be read' : `${lines} lines could not be read`;
  return { code: 'junk-line', message, event, uid };
}

function report(
  problems: FeedProblem[],
  { number, fields }: Pick<DatedEvent, 'number' | 'fields'>,
  code: FeedProblemCode,
  message: string,
): void {
  problems.push({ code, message, event: number, uid: fields.uid });
}
