/**
 * A feed's body to a line of the replay form: what the engine decides by, without what it does not need.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { decodeFeed } from '../reservations/decode-feed.ts';
import { readDetails } from '../reservations/dialects/details.ts';
import { readEventFields } from '../reservations/event-fields.ts';
import { type RawEvent, scanCalendar } from '../reservations/scan-calendar.ts';
import type { Redactor } from './pseudonyms.ts';

/** An event of the replay form. What follows `summary` is there only where the event has it. */
export interface RecordedEvent {
  readonly uid: string;
  /** Values of DTSTART and DTEND. */
  readonly start: string;
  readonly end: string;
  readonly summary: string;
  /** Airbnb's reservation code. */
  readonly hm?: string;
  /** The last digits of a phone number. */
  readonly last4?: string;
  /** From a description: the guest's name, another site's reservation code, the party's size. */
  readonly guest?: string;
  readonly code?: string;
  readonly party?: number;
  /** Lines of properties that start and end do not say: zones, durations, recurrences, status, revision. */
  readonly lines?: readonly string[];
}

/** What a poll brought: a calendar, or which kind of something else. */
export interface RecordedPoll {
  readonly kind: 'ok' | 'empty-vcalendar' | 'empty-body' | 'json-500' | 'html' | 'truncated';
  readonly prodid?: string;
  /** Lines of the calendar that its times need: X-WR-TIMEZONE, and VTIMEZONEs with names that only they explain. */
  readonly lines?: readonly string[];
  readonly events: readonly RecordedEvent[];
}

/** Reads a body without judging it: a replay is to show what the engine makes of it. */
export function recordPoll(body: Uint8Array, redactor: Redactor): RecordedPoll {
  const text = decodeFeed(body);
  const raws: RawEvent[] = [];
  try {
    const { timezones } = scanCalendar(text, (raw) => raws.push(raw));
    const heads = [...new Set(raws.map(({ head }) => head))];
    const zone = heads.find((head) => head.zone !== null)?.zone;
    const prodid = heads.flatMap(({ prodIds }) => prodIds).map(redactor.prodId)[0] ?? '';
    const lines = [
      ...(zone ? [`X-WR-TIMEZONE:${zone}`] : []),
      ...[...new Set(timezones.values())]
        .flat()
        .filter((line) => !/^(?:tzname|x-(?!lic-location))/i.test(line)),
    ];
    return {
      kind: raws.length === 0 ? 'empty-vcalendar' : 'ok',
      ...(prodid !== '' && { prodid }),
      ...(lines.length > 0 && { lines }),
      events: raws.map((raw) => recordEvent(raw, redactor)),
    };
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    return { kind: kindOf(text), events: [] };
  }
}

/** Of a body that is no whole calendar. */
function kindOf(text: string): RecordedPoll['kind'] {
  if (text.trim() === '') return 'empty-body';
  if (/^[{[]/.test(text)) return 'json-500';
  return /^BEGIN:VCALENDAR/im.test(text) ? 'truncated' : 'html';
}

const TIMES = /^(?:dtstart|dtend|duration|rrule|rdate|exdate|recurrence-id|status|sequence)[;:]/i;
/** As the replay form says it with `start` and `end`, or with no word at all. */
const PLAIN = /^(?:(?:DTSTART|DTEND)(?:;VALUE=DATE:\d{8}|:\d{8}T\d{6}Z)|STATUS:CONFIRMED)$/;

function recordEvent(raw: RawEvent, redactor: Redactor): RecordedEvent {
  const { uid, summary, description } = readEventFields(raw);
  const { guestName, reservationCode, phoneLast4, partySize } = readDetails(description);
  const hm = /\bHM[A-Z0-9]{8}\b/.exec(description)?.[0];
  const code = hm === undefined && reservationCode !== null ? reservationCode : undefined;
  const times = raw.lines.filter((line) => TIMES.test(line));
  return {
    uid: redactor.uid(uid ?? ''),
    start: valueOf(times, 'DTSTART'),
    end: valueOf(times, 'DTEND'),
    summary: redactor.words(summary),
    ...(hm !== undefined && { hm: redactor.code(hm) }),
    ...(phoneLast4 !== null && { last4: redactor.digits(phoneLast4) }),
    ...(guestName !== null && { guest: redactor.words(guestName) }),
    ...(code !== undefined && { code: redactor.code(code) }),
    ...(partySize !== null && { party: partySize }),
    ...(!isPlain(times) && { lines: times }),
  };
}

function isPlain(times: readonly string[]): boolean {
  const names = new Set(times.map((line) => /^[^;:]*/.exec(line)?.[0].toUpperCase()));
  return names.size === times.length && times.every((line) => PLAIN.test(line));
}

/** The value of a property's first line; a colon in a quoted parameter is none of the value's. */
function valueOf(lines: readonly string[], name: string): string {
  const pattern = new RegExp(`^${name}(?:;(?:"[^"]*"|[^":])*)?:(.*)$`, 'i');
  return lines.map((line) => pattern.exec(line)?.[1]?.trim()).find((value) => value !== undefined) ?? '';
}
