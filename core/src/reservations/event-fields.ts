/**
 * The lines of one event to its fields, line by line with ical.js: a line that it cannot read is dropped and counted.
 * @module
 */
import ICAL from 'ical.js';
import type { RawEvent } from './scan-calendar.ts';
import { DAY_MS } from './zones.ts';

/** A date or a time as written (RFC 5545 §3.3.4, §3.3.5); what zone it means is told by `form` and `tzid`. */
export interface EventTime {
  /** The wall time; midnight for a date. */
  readonly wallMs: number;
  readonly form: 'date' | 'utc' | 'zoned' | 'floating';
  readonly tzid: string | null;
}

/** An RRULE as ical.js reads it: freq, interval, count, until and the BY parts. */
export type RecurrenceRule = Readonly<Record<string, unknown>>;

export interface EventFields {
  readonly uid: string | null;
  readonly start: EventTime | null;
  readonly end: EventTime | null;
  readonly duration: ICAL.Duration | null;
  readonly summary: string;
  readonly description: string;
  readonly status: string;
  /** `null` where the feed keeps none. */
  readonly sequence: number | null;
  readonly recurrenceId: EventTime | null;
  readonly rules: readonly RecurrenceRule[];
  readonly addedDates: readonly EventTime[];
  readonly excludedDates: readonly EventTime[];
  /** Dates that could not be read or that contradict each other: the event is not to be trusted. */
  readonly badDates: boolean;
  readonly badRules: boolean;
  readonly junkLines: number;
}

/** jCal (RFC 7265 §3.4): name, parameters, type and values. */
type Property = readonly [string, Readonly<Record<string, unknown>>, string, ...unknown[]];
type Draft = { -readonly [K in keyof EventFields]: EventFields[K] } & {
  addedDates: EventTime[];
  excludedDates: EventTime[];
  rules: RecurrenceRule[];
};

const DATE_LINE = /^(dtstart|dtend|duration|recurrence-id)[;:]/i;
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(?:(\d\d):(\d\d):(\d\d)?(Z)?|::))?$/;
const RULE_LINE = /^(rrule|rdate|exdate)[;:]/i;

/** Never throws: what is wrong is in the fields `badDates`, `badRules` and `junkLines`. */
export function readEventFields(raw: RawEvent): EventFields {
  const draft: Draft = {
    uid: null,
    start: null,
    end: null,
    duration: null,
    summary: '',
    description: '',
    status: '',
    sequence: null,
    recurrenceId: null,
    rules: [],
    addedDates: [],
    excludedDates: [],
    badDates: false,
    badRules: false,
    junkLines: raw.junkLines,
  };
  for (const line of raw.lines) {
    try {
      readProperty(draft, ICAL.parse.property(quoteZoneName(line)) as Property);
    } catch {
      if (DATE_LINE.test(line)) draft.badDates = true;
      else if (RULE_LINE.test(line)) draft.badRules = true;
      else draft.junkLines++;
    }
  }
  return draft;
}

/** Outlook writes `TZID=(UTC-05:00) Eastern Time:2026…` without the quotes that its colon needs. */
function quoteZoneName(line: string): string {
  return line.includes('=(') ? line.replace(/^([\w-]+);TZID=(\([^";]*):([^:]*)$/i, '$1;TZID="$2":$3') : line;
}

function readProperty(draft: Draft, property: Property): void {
  const [name, , , value] = property;
  switch (name) {
    case 'uid':
      draft.uid ??= textOf(value) || null;
      return;
    case 'summary':
      draft.summary ||= textOf(value).normalize('NFC');
      return;
    case 'description':
      draft.description ||= textOf(value);
      return;
    case 'status':
      draft.status = textOf(value).toUpperCase();
      return;
    case 'sequence':
      if (typeof value === 'number' && Number.isFinite(value)) draft.sequence = value;
      return;
    default:
      readTimeProperty(draft, property);
  }
}

/** @throws Error for a time that is none */
function readTimeProperty(draft: Draft, property: Property): void {
  const [name, , , value] = property;
  switch (name) {
    case 'dtstart':
      draft.start = readOnce(draft, draft.start, property);
      return;
    case 'dtend':
      draft.end = readOnce(draft, draft.end, property);
      return;
    case 'recurrence-id':
      draft.recurrenceId = readOnce(draft, draft.recurrenceId, property);
      return;
    case 'duration':
      draft.duration = ICAL.Duration.fromString(textOf(value).toUpperCase());
      return;
    case 'rrule':
      draft.rules.push(value as RecurrenceRule);
      return;
    case 'rdate':
      draft.addedDates.push(...readTimes(property));
      return;
    case 'exdate':
      draft.excludedDates.push(...readTimes(property));
      return;
  }
}

/** Two different starts are no start: which one holds cannot be told. */
function readOnce(draft: Draft, before: EventTime | null, property: Property): EventTime {
  const time = readTime(property, property[3]);
  if (before && before.wallMs !== time.wallMs) draft.badDates = true;
  return time;
}

function readTimes(property: Property): EventTime[] {
  // A period's start says when; how long an added instance lasts is taken from the event.
  return property.slice(3).map((value) => readTime(property, Array.isArray(value) ? value[0] : value));
}

/** Also `DTSTART:20261005` without VALUE=DATE, of which ical.js makes `2026-10-05T::`. */
function readTime([, params]: Property, value: unknown): EventTime {
  const parts = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  if (!parts) throw new Error('not a date or a time');
  const day = Number(parts[3]);
  const dayMs = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, day);
  // Date.UTC would turn the 31st of February into the 2nd or 3rd of March.
  if (new Date(dayMs).getUTCDate() !== day || Number(parts[2]) > 12) throw new Error('no such day');
  if (parts[4] === undefined) return { wallMs: dayMs, form: 'date', tzid: null };
  const timeMs = (Number(parts[4]) * 3600 + Number(parts[5]) * 60 + Number(parts[6] ?? 0)) * 1000;
  if (timeMs > DAY_MS) throw new Error('no such time');
  const wallMs = dayMs + timeMs;
  if (parts[7] !== undefined) return { wallMs, form: 'utc', tzid: null };
  return typeof params.tzid === 'string'
    ? { wallMs, form: 'zoned', tzid: params.tzid }
    : { wallMs, form: 'floating', tzid: null };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
