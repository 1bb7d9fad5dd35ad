/**
 * The lines of one event to its fields, line by line: the plain ones here, the others with ical.js, which takes several times
 * as long. A line that cannot be read is dropped and counted.
 * @module
 */
import ICAL from 'ical.js';
import { isOverlong, type RawEvent } from './scan-calendar.ts';
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
type TextName = 'uid' | 'summary' | 'description' | 'status';
type Draft = { -readonly [K in keyof EventFields]: EventFields[K] } & {
  addedDates: EventTime[];
  excludedDates: EventTime[];
  rules: RecurrenceRule[];
};

/** Longer texts are nobody's words; what reads them must not take its time over megabytes. */
const MAX_SUMMARY = 500;
const MAX_DESCRIPTION = 4000;
/** What nearly all lines begin with, as it is nearly always written. */
const PLAIN_TEXTS: ReadonlyMap<string, TextName> = new Map([
  ['UID', 'uid'],
  ['SUMMARY', 'summary'],
  ['DESCRIPTION', 'description'],
  ['STATUS', 'status'],
]);
const PLAIN_TIMES: ReadonlyMap<string, 'start' | 'end'> = new Map([
  ['DTSTART;VALUE=DATE', 'start'],
  ['DTSTART', 'start'],
  ['DTEND;VALUE=DATE', 'end'],
  ['DTEND', 'end'],
]);
const PLAIN_DATE = /^\d{8}$/;
const PLAIN_TIME = /^(\d{8})T(\d\d)(\d\d)(\d\d)(Z?)$/;
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
      if (!readPlainLine(draft, line)) {
        if (isOverlong(line)) throw new Error('more parameters than a calendar has');
        readProperty(draft, ICAL.parse.property(quoteZoneName(line)) as Property);
      }
    } catch {
      if (DATE_LINE.test(line)) draft.badDates = true;
      else if (RULE_LINE.test(line)) draft.badRules = true;
      else draft.junkLines++;
    }
  }
  return draft;
}

/** A text, start or end without parameters that matter (RFC 5545 §3.3.4, §3.3.5, §3.3.11). @throws Error as readTime */
function readPlainLine(draft: Draft, line: string): boolean {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1);
  const text = PLAIN_TEXTS.get(name);
  if (text) {
    readText(draft, text, value.includes('\\') ? value.replace(/\\([\\;,nN])/g, unescape) : value);
    return true;
  }
  const end = PLAIN_TIMES.get(name);
  const time = end && readPlainTime(value);
  if (end && time) draft[end] = keepOne(draft, draft[end], time);
  return Boolean(time);
}

function unescape(_: string, character: string): string {
  return character.toLowerCase() === 'n' ? '\n' : character;
}

function readPlainTime(value: string): EventTime | null {
  if (PLAIN_DATE.test(value)) return { wallMs: readDay(Number(value)), form: 'date', tzid: null };
  const [, day, hour, minute, second, utc] = PLAIN_TIME.exec(value) ?? [];
  if (day === undefined) return null;
  const wallMs = readDay(Number(day)) + readTimeOfDay(Number(hour), Number(minute), Number(second));
  return { wallMs, form: utc === 'Z' ? 'utc' : 'floating', tzid: null };
}

/** Outlook writes `TZID=(UTC-05:00) Eastern Time:2026…` without the quotes that its colon needs. */
function quoteZoneName(line: string): string {
  return line.includes('=(') ? line.replace(/^([\w-]+);TZID=(\([^";]*):([^:]*)$/i, '$1;TZID="$2":$3') : line;
}

function readProperty(draft: Draft, property: Property): void {
  const [name, , , value] = property;
  const text = PLAIN_TEXTS.get(name.toUpperCase());
  if (text) readText(draft, text, textOf(value));
  else if (name !== 'sequence') readTimeProperty(draft, property);
  else if (typeof value === 'number' && Number.isFinite(value)) draft.sequence = value;
}

function readText(draft: Draft, name: TextName, value: string): void {
  const text = value.trim();
  switch (name) {
    case 'uid':
      draft.uid ??= text || null;
      return;
    case 'summary':
      draft.summary ||= text.slice(0, MAX_SUMMARY).normalize('NFC');
      return;
    case 'description':
      draft.description ||= text.slice(0, MAX_DESCRIPTION);
      return;
    case 'status':
      draft.status = text.toUpperCase();
      return;
  }
}

/** @throws Error for a time that is none */
function readTimeProperty(draft: Draft, property: Property): void {
  const [name, , , value] = property;
  switch (name) {
    case 'dtstart':
      draft.start = keepOne(draft, draft.start, readTime(property, value));
      return;
    case 'dtend':
      draft.end = keepOne(draft, draft.end, readTime(property, value));
      return;
    case 'recurrence-id':
      draft.recurrenceId = keepOne(draft, draft.recurrenceId, readTime(property, value));
      return;
    case 'duration':
      draft.duration = ICAL.Duration.fromString(textOf(value).trim().toUpperCase());
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
function keepOne(draft: Draft, before: EventTime | null, time: EventTime): EventTime {
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
  const [, year, month, day, hour, minute, second, utc] = parts;
  const dayMs = readDay(Number(year) * 10_000 + Number(month) * 100 + Number(day));
  if (hour === undefined) return { wallMs: dayMs, form: 'date', tzid: null };
  const wallMs = dayMs + readTimeOfDay(Number(hour), Number(minute), Number(second ?? 0));
  if (utc !== undefined) return { wallMs, form: 'utc', tzid: null };
  return typeof params.tzid === 'string'
    ? { wallMs, form: 'zoned', tzid: params.tzid }
    : { wallMs, form: 'floating', tzid: null };
}

/** A day written as the number YYYYMMDD. @throws Error for a day that is none */
function readDay(digits: number): number {
  const month = Math.floor(digits / 100) % 100;
  const dayMs = Date.UTC(Math.floor(digits / 10_000), month - 1, digits % 100);
  // Date.UTC would turn the 31st of February into the 2nd or 3rd of March.
  if (new Date(dayMs).getUTCDate() !== digits % 100 || month > 12) throw new Error('no such day');
  return dayMs;
}

/** @throws Error for a time that is none */
function readTimeOfDay(hour: number, minute: number, second: number): number {
  const timeMs = (hour * 3600 + minute * 60 + second) * 1000;
  if (timeMs > DAY_MS) throw new Error('no such time');
  return timeMs;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
