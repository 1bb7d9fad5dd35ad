/**
 * Text of a feed to the lines of each event, so that whatever is wrong with one event stays within it.
 * @module
 */
import { StaycodeError } from '../errors.ts';

/** What stands at the top of a VCALENDAR; a merged one may name several products. */
export interface CalendarHead {
  readonly prodIds: string[];
  /** X-WR-TIMEZONE: the zone of times that name none. */
  zone: string | null;
}

/** The lines of one VEVENT that a reservation is made of, unparsed. */
export interface RawEvent {
  /** from 1 */
  readonly number: number;
  readonly head: CalendarHead;
  readonly lines: string[];
  junkLines: number;
  /** Whether its END came. */
  readonly closed: boolean;
}

export interface ScannedFeed {
  /** The lines of each VTIMEZONE by its TZID. */
  readonly timezones: ReadonlyMap<string, readonly string[]>;
  readonly junkLines: number;
}

interface Scan {
  readonly onEvent: (event: RawEvent) => void;
  events: number;
  readonly timezones: Map<string, readonly string[]>;
  junkLines: number;
  /** VCALENDARs that are open; more than one where a program wrapped a calendar into another. */
  open: number;
  calendars: number;
  head: CalendarHead;
  event: RawEvent | null;
  timezone: string[] | null;
  /** Components that are open and not ours: a VALARM within an event, a VTODO beside it. */
  others: number;
}

/** A busy property has hundreds; empty events by the million would take up all memory. */
const MAX_EVENTS = 250_000;
/** Parsing takes the square of the time for a line with thousands of parameters; some hundred dates are shorter. */
const MAX_PARSED_LINE = 16_384;
const CONTENT_LINE = /^([A-Za-z0-9-]+)[;:]/;
const EVENT_PROPERTIES: ReadonlySet<string> = new Set(
  'UID DTSTART DTEND DURATION SUMMARY DESCRIPTION STATUS SEQUENCE RECURRENCE-ID RRULE RDATE EXDATE'.split(
    ' ',
  ),
);

/**
 * Reads unfolded text and hands over each event at its end; kept all at once, their lines would double the memory and the
 * time. Several calendars in one text are read as one.
 * @throws StaycodeError `not-a-calendar` unless every BEGIN:VCALENDAR has its END, and for more than 250,000 events
 */
export function scanCalendar(text: string, onEvent: (event: RawEvent) => void): ScannedFeed {
  const scan: Scan = {
    onEvent,
    events: 0,
    timezones: new Map(),
    junkLines: 0,
    open: 0,
    calendars: 0,
    head: { prodIds: [], zone: null },
    event: null,
    timezone: null,
    others: 0,
  };
  // One line at a time: a list of all lines would double the memory of a large feed.
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    scanLine(scan, text.slice(at, end));
    at = end + 1;
  }
  if (scan.calendars === 0) throw new StaycodeError('not-a-calendar', sayWhatCame(text));
  if (scan.open > 0) {
    throw new StaycodeError('not-a-calendar', 'the calendar is cut off: expected END:VCALENDAR at its end');
  }
  return scan;
}

/** Whether a line is too long to be parsed; texts that need no parsing may be longer. */
export function isOverlong(line: string): boolean {
  return line.length > MAX_PARSED_LINE;
}

function scanLine(scan: Scan, line: string): void {
  const name = nameOf(line);
  if (name === 'BEGIN') begin(scan, line);
  else if (name === 'END') end(scan, line);
  else if (scan.timezone && isOverlong(line)) scan.junkLines++;
  else if (scan.timezone) scan.timezone.push(line);
  else if (scan.others > 0 || scan.open === 0) return;
  else if (name === undefined) countJunk(scan, line);
  else if (scan.event) {
    if (EVENT_PROPERTIES.has(name)) scan.event.lines.push(line);
  } else if (name === 'PRODID') scan.head.prodIds.push(valueOf(line));
  else if (name === 'X-WR-TIMEZONE') scan.head.zone = valueOf(line);
}

/** In upper case; `undefined` for a line that has none. */
function nameOf(line: string): string | undefined {
  // Most lines are of an event and without parameters, and a regular expression takes its time over each.
  const plain = line.slice(0, line.indexOf(':'));
  if (EVENT_PROPERTIES.has(plain)) return plain;
  return CONTENT_LINE.exec(line)?.[1]?.toUpperCase();
}

function begin(scan: Scan, line: string): void {
  const component = valueOf(line).toUpperCase();
  if (component === 'VCALENDAR') {
    scan.open++;
    scan.calendars++;
    scan.head = { prodIds: [], zone: null };
    scan.others = 0;
  } else if (scan.open === 0) {
    return;
  } else if (component === 'VEVENT') {
    // An event within an event is one whose END was lost.
    closeEvent(scan, false);
    if (++scan.events > MAX_EVENTS) {
      throw new StaycodeError('not-a-calendar', `expected at most ${MAX_EVENTS} events, the feed has more`);
    }
    scan.others = 0;
    scan.timezone = null;
    scan.event = { number: scan.events, head: scan.head, lines: [], junkLines: 0, closed: false };
  } else if (component === 'VTIMEZONE' && !scan.event) {
    scan.timezone = [line];
  } else if (scan.timezone) {
    scan.timezone.push(line);
  } else {
    scan.others++;
  }
}

function end(scan: Scan, line: string): void {
  const component = valueOf(line).toUpperCase();
  if (component === 'VCALENDAR') {
    closeEvent(scan, false);
    scan.timezone = null;
    scan.open = Math.max(0, scan.open - 1);
  } else if (component === 'VEVENT') {
    closeEvent(scan, true);
  } else if (scan.timezone) {
    scan.timezone.push(line);
    if (component === 'VTIMEZONE') closeTimezone(scan, scan.timezone);
  } else {
    scan.others = Math.max(0, scan.others - 1);
  }
}

function closeEvent(scan: Scan, closed: boolean): void {
  const { event } = scan;
  scan.event = null;
  if (event) scan.onEvent({ ...event, closed });
}

function closeTimezone(scan: Scan, lines: readonly string[]): void {
  for (const line of lines) {
    if (/^tzid[;:]/i.test(line)) scan.timezones.set(valueOf(line), lines);
  }
  scan.timezone = null;
}

function countJunk(scan: Scan, line: string): void {
  if (line.trim() === '') return;
  if (scan.event) scan.event.junkLines++;
  else scan.junkLines++;
}

/** Good for values of properties whose parameters hold no colon. */
function valueOf(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}

function sayWhatCame(text: string): string {
  const head = text.slice(0, 1000).trim();
  if (head === '') return 'expected a calendar, the feed is empty';
  if (/^[{[]/.test(head)) return 'expected a calendar, the feed is JSON, perhaps an error of the service';
  if (/^<(!doctype|html|\?xml)/i.test(head)) {
    return 'expected a calendar, the feed is a web page: the address may be wrong or ask for a login';
  }
  return 'expected a calendar, the feed has no BEGIN:VCALENDAR';
}
