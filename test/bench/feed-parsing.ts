/** Reading a feed, from its bytes to reservations, beside node-ical, which stops at events; and whether it stays linear. */
import ical from 'node-ical';
import { readReservations } from '@staycode/core';
import type { Contest } from './measure.ts';

const HOUSE = { zone: 'Europe/Berlin', checkIn: '15:00', checkOut: '11:00' };
const DAY_MS = 86_400_000;

export function feedParsing(): Contest {
  const body = writeFeed(20_000);
  return {
    name: 'reading 20,000 events, 20 of them bad, beside node-ical',
    goal: 0.6,
    ours: () => readReservations(body, HOUSE),
    peer: () => ical.sync.parseICS(new TextDecoder().decode(body)),
    calls: 1,
    rounds: 9,
  };
}

export function feedLinearity(): Contest {
  const many = writeFeed(200_000);
  const few = writeFeed(20_000);
  return {
    name: 'reading 200,000 events, beside 20,000 ten times',
    goal: 1.5,
    ours: () => readReservations(many, HOUSE),
    peer: () => {
      for (let i = 0; i < 10; i++) readReservations(few, HOUSE);
    },
    calls: 1,
    rounds: 3,
  };
}

/** A feed in Airbnb's form, over ten years of days. */
function writeFeed(events: number): Uint8Array {
  const body = [
    'BEGIN:VCALENDAR',
    'PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN',
    'CALSCALE:GREGORIAN',
    'VERSION:2.0',
    ...Array.from({ length: events }, (_, number) => writeEvent(number)),
    'END:VCALENDAR',
    '',
  ];
  return new TextEncoder().encode(body.join('\r\n'));
}

function writeEvent(number: number): string {
  const day = (offset: number): string =>
    new Date(Date.UTC(2026, 0, 1) + (((number * 2) % 3650) + offset) * DAY_MS)
      .toISOString()
      .slice(0, 10)
      .replaceAll('-', '');
  const code = `HM${String(number).padStart(8, 'A')}`;
  return [
    'BEGIN:VEVENT',
    'DTSTAMP:20260101T000000Z',
    `DTSTART;VALUE=DATE:${day(0)}`,
    // One in a thousand ends before it starts.
    `DTEND;VALUE=DATE:${day(number % 1000 === 500 ? -2 : 2)}`,
    'SUMMARY:Reserved',
    `UID:1418fb94e984-${String(number).padStart(32, '0')}@airbnb.com`,
    'DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/d',
    ` etails/${code}\\nPhone Number (Last 4 Digits): ${String(number % 10_000).padStart(4, '0')}`,
    'END:VEVENT',
  ].join('\r\n');
}
