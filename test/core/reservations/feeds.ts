/** Feeds for the tests of this room, written here; and a short way to read them. */
import {
  readReservations,
  type FeedReading,
  type ReadOptions,
} from '../../../core/src/reservations/read-reservations.ts';
import type { Reservation } from '../../../core/src/reservations/reservation.ts';

export const HOUSE: ReadOptions = { zone: 'Europe/Berlin', checkIn: '15:00', checkOut: '11:00' };

/** A calendar of these lines, CRLF between them. */
export function calendar(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

export function event(...lines: string[]): string {
  return ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
}

/** An event of whole days, given as YYYYMMDD. */
export function days(uid: string, from: string, to: string, ...lines: string[]): string {
  return event(`UID:${uid}`, `DTSTART;VALUE=DATE:${from}`, `DTEND;VALUE=DATE:${to}`, ...lines);
}

export function read(body: string | Uint8Array, options: Partial<ReadOptions> = {}): FeedReading {
  return readReservations(body, { ...HOUSE, ...options });
}

/** The windows of a feed, `start/end` in UTC to the minute. */
export function windows(body: string | Uint8Array, options: Partial<ReadOptions> = {}): string[] {
  return read(body, options).reservations.map(windowOf);
}

export function windowOf({ startsAtMs, endsAtMs }: Reservation): string {
  const minute = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16)}Z`;
  return `${minute(startsAtMs)}/${minute(endsAtMs)}`;
}

/** The codes of what was wrong with a feed. */
export function problems(body: string | Uint8Array): string[] {
  return read(body).problems.map(({ code }) => code);
}
