/** Crawls in the replay form: a first line about them, then one poll a line; and the bodies that the feeds must have had. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { RecordedEvent, RecordedPoll } from '../../core/src/cli/record-poll.ts';

export type CrawledEvent = RecordedEvent;

/** What a calendar says of itself. */
export type CrawledHead = { readonly [K in 'prodid' | 'lines']?: RecordedPoll[K] | undefined };

export interface CrawledPoll {
  readonly atMs: number;
  readonly listing: string;
  readonly body: string;
  /** `null` where the body was no calendar with events: no evidence of anything. */
  readonly events: readonly CrawledEvent[] | null;
}

interface Line extends CrawledHead {
  readonly about?: string;
  readonly t: string;
  readonly l: string;
  readonly same?: true;
  readonly kind: string;
  readonly events: readonly CrawledEvent[];
}

/** The polls of a file by listing, in the order in which they were made. */
export function readCrawl(path: string): Map<string, CrawledPoll[]> {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const last = new Map<string, CrawledPoll>();
  const polls = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ about }) => about === undefined)
    .flatMap((line): CrawledPoll[] => {
      const atMs = Date.parse(line.t);
      const before = last.get(line.l);
      if (line.same && before === undefined) return [];
      const poll = line.same && before ? { ...before, atMs } : toPoll(line, atMs);
      last.set(line.l, poll);
      return [poll];
    });
  return Map.groupBy(polls, ({ listing }) => listing);
}

function toPoll({ kind, events, l: listing, ...head }: Line, atMs: number): CrawledPoll {
  const isGood = kind === 'ok' && events.length > 0;
  return { atMs, listing, body: toBody(kind, events, head), events: isGood ? events : null };
}

/** The body of a poll of some kind. */
export function toBody(kind: string, events: readonly CrawledEvent[], head: CrawledHead = {}): string {
  switch (kind) {
    case 'ok':
    case 'empty-vcalendar':
      return toCalendar(events, head);
    case 'json-500':
      return '{"code":500,"message":"an error of the service"}';
    case 'html':
      return '<!doctype html><title>Log in</title>';
    case 'truncated':
      return toCalendar(events, head).slice(0, -20);
    default:
      return '';
  }
}

/** A calendar as the OTA of the events writes it; a crawl that names no PRODID is of one whose UIDs tell enough. */
function toCalendar(
  events: readonly CrawledEvent[],
  { prodid = '-//Crawl//Calendar 1.0//EN', lines = [] }: CrawledHead,
): string {
  return [
    'BEGIN:VCALENDAR',
    `PRODID:${prodid}`,
    'VERSION:2.0',
    ...lines,
    ...events.flatMap((event) => [
      'BEGIN:VEVENT',
      ...(event.lines ?? [
        ...(event.end === '' ? [] : [toTime('DTEND', event.end)]),
        toTime('DTSTART', event.start),
      ]),
      ...(event.uid === '' ? [] : [`UID:${event.uid}`]),
      `SUMMARY:${toText(event.summary)}`,
      ...toDescription(event),
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

function toDescription({ hm, last4, guest, code, party }: CrawledEvent): string[] {
  const said = [
    ...(hm === undefined
      ? []
      : [`Reservation URL: https://www.airbnb.com/hosting/reservations/d\r\n etails/${hm}`]),
    ...(code === undefined ? [] : [`Reservation: ${code}`]),
    ...(guest === undefined ? [] : [`Guest: ${toText(guest)}`]),
    ...(party === undefined ? [] : [`Guests: ${party}`]),
    ...(last4 === undefined ? [] : [`Phone Number (Last 4 Digits): ${last4}`]),
  ];
  return said.length === 0 ? [] : [`DESCRIPTION:${said.join('\\n')}`];
}

function toText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');
}

function toTime(name: string, value: string): string {
  return value.includes('T') ? `${name}:${value}` : `${name};VALUE=DATE:${value}`;
}
