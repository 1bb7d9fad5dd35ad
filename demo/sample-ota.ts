/**
 * The demo's stand-in for the world outside: an OTA whose calendar feed has bookings around today, and a guest's phone that
 * shows the messages. Bookings can be added on its page, as guests would.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Temporal } from 'temporal-polyfill';

export interface Booking {
  readonly uid: string;
  /** `Reserved` for a stay; anything else is a block. */
  readonly summary: string;
  /** ISO dates; the last is the check-out day. */
  readonly from: string;
  readonly to: string;
}

/** A message as the flow delivers it. */
export interface GuestMessage {
  readonly text: string;
  readonly code: { readonly digits: string; readonly startsAt: string; readonly endsAt: string };
}

export interface SampleOta {
  /** Without a slash at the end. */
  readonly url: string;
  readonly bookings: Booking[];
  readonly messages: GuestMessage[];
  close(): Promise<void>;
}

/** A stay that is running, ones before and after it with same-day turnovers, and a block. */
export function sampleBookings(today: Temporal.PlainDate): Booking[] {
  const spans: [string, number, number, string][] = [
    ['past', -4, -1, 'Reserved'],
    ['running', -1, 3, 'Reserved'],
    ['next', 3, 5, 'Reserved'],
    ['block', 5, 8, 'Airbnb (Not available)'],
    ['later', 9, 16, 'Reserved'],
  ];
  return spans.map(([uid, from, to, summary]) => ({
    uid: `${uid}-${today.toString()}@sample.example`,
    summary,
    from: today.add({ days: from }).toString(),
    to: today.add({ days: to }).toString(),
  }));
}

export async function startSampleOta(options: {
  port: number;
  today: Temporal.PlainDate;
}): Promise<SampleOta> {
  const bookings = sampleBookings(options.today);
  const messages: GuestMessage[] = [];
  const server = createServer((request, response) => {
    answer(request, response, { bookings, messages }).catch((error: unknown) => {
      send(response, 400, 'text/plain', error instanceof Error ? error.message : 'bad request');
    });
  });
  server.listen(options.port, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bookings,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The feed in the form of Airbnb's. */
export function formatFeed(bookings: readonly Booking[]): string {
  const compact = (date: string): string => date.replaceAll('-', '');
  const events = bookings.flatMap(({ uid, summary, from, to }) => [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTART;VALUE=DATE:${compact(from)}`,
    `DTEND;VALUE=DATE:${compact(to)}`,
    `SUMMARY:${summary}`,
    'END:VEVENT',
  ]);
  const head = [
    'BEGIN:VCALENDAR',
    'PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN',
    'CALSCALE:GREGORIAN',
    'VERSION:2.0',
  ];
  return [...head, ...events, 'END:VCALENDAR', ''].join('\r\n');
}

type World = Pick<SampleOta, 'bookings' | 'messages'>;

async function answer(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const { bookings, messages } = world;
  switch (`${request.method ?? ''} ${request.url ?? ''}`) {
    case 'GET /':
      send(response, 200, 'text/html; charset=utf-8', page(world));
      return;
    case 'GET /feed.ics':
      send(response, 200, 'text/calendar; charset=utf-8', formatFeed(bookings));
      return;
    case 'POST /bookings': {
      bookings.push(readBooking(new URLSearchParams(await readBody(request)), bookings.length));
      response.writeHead(303, { location: '/' }).end();
      return;
    }
    case 'POST /messages':
      messages.push(JSON.parse(await readBody(request)) as GuestMessage);
      send(response, 200, 'text/plain', 'delivered');
      return;
    default:
      send(response, 404, 'text/plain', 'not here');
  }
}

function readBooking(form: URLSearchParams, count: number): Booking {
  const from = Temporal.PlainDate.from(form.get('from') ?? '').toString();
  const to = Temporal.PlainDate.from(form.get('to') ?? '').toString();
  if (to <= from) throw new Error('expected a check-out day after the check-in day');
  return { uid: `added-${count}-${from}@sample.example`, summary: 'Reserved', from, to };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function page({ bookings, messages }: World): string {
  const rows = bookings.map(({ summary, from, to }) => `<tr><td>${summary}<td>${from}<td>${to}`).join('');
  const texts = messages.map(({ text }) => `<li><pre>${escapeHtml(text)}</pre>`).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sample OTA</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:44rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse}td,th{padding:.2rem 1.5rem .2rem 0;text-align:left}
pre{white-space:pre-wrap;font:inherit;border:1px solid #8888;border-radius:.6rem;padding:1rem}ol{list-style:none;padding:0}</style>
<h1>Sample OTA</h1><p>The calendar that Node-RED reads: <a href="/feed.ics">/feed.ics</a>. Add a booking, then press the button of
<b>check now</b> in the flow.</p>
<table><tr><th>Event<th>From<th>To${rows}</table>
<form method="post" action="/bookings"><p><label>From <input type="date" name="from" required></label>
<label>to <input type="date" name="to" required></label> <button>Book</button></form>
<h2>The guests' phones</h2><ol>${texts}</ol></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
