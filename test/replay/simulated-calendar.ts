/** The calendars that OTAs and property systems make of a world's bookings, each in its own way. */
import { type CrawledEvent, toBody } from './crawl.ts';
import { DAY_MS } from './ledger.ts';
import type { Booking } from './simulated-unit.ts';

/**
 * Where a unit is let. Each tells in another way who is who: Airbnb by UID and reservation code, Vrbo by UID, OwnerRez by UID with
 * real times, Smoobu by UID with each stay three times, a calendar kept by hand by nothing but dates, Booking.com by nights.
 */
export type Ota = 'airbnb' | 'vrbo' | 'ownerrez' | 'smoobu' | 'by-hand' | 'booking';

const PRODUCTS: Readonly<Partial<Record<Ota, string>>> = {
  vrbo: '-//HomeAway.com, Inc.//EN',
  ownerrez: '-//OwnerRez//EN',
  smoobu: '-//Smoobu//EN',
};
/** What a site leaves in its calendar of a stay that is over. */
const KEPT_DAYS = 2;
const HORIZON_DAYS = 365;

/** Whether its calendar may show a booking on a day: not long past, and not beyond what it shows. */
export function isShown({ ota, from, to }: Booking, today: number): boolean {
  if (ota === 'booking') return to > today;
  return to >= today - KEPT_DAYS && from <= today + HORIZON_DAYS;
}

/** The body of a feed; `kind` is of the replay form. */
export function writeCalendar(ota: Ota, kind: string, events: readonly CrawledEvent[]): string {
  return toBody(kind, kind === 'empty-vcalendar' ? [] : events, { prodid: PRODUCTS[ota] });
}

/** The events of a booking, for all OTAs but Booking.com. */
export function eventsOf(ota: Ota, { uid, from, to }: Booking): CrawledEvent[] {
  const own = { uid: `${uid}@${ota}.com`, ...dates(from, to), summary: 'Reserved' };
  switch (ota) {
    case 'airbnb':
      return [{ ...own, hm: `HM${uid.padStart(8, '0').slice(-8)}`, last4: uid.slice(-4).padStart(4, '0') }];
    case 'ownerrez':
      return [{ ...own, start: timed(from, 16), end: timed(to, 10), summary: 'Booked' }];
    case 'smoobu': {
      const guest = `Guest ${uid}`;
      const extra = (name: string, day: number, hour: number): CrawledEvent => {
        return {
          uid: `${name}-${uid}@smoobu.com`,
          start: timed(day, hour),
          end: timed(day, hour + 1),
          summary: `${name} ${guest}`,
        };
      };
      return [
        { ...own, summary: `${guest} (direct)` },
        extra('Check-in', from, 15),
        extra('Check-out', to, 10),
      ];
    }
    case 'by-hand':
      return [{ ...own, uid: '', summary: `Guest ${uid}` }];
    case 'vrbo':
      return [own];
    case 'booking':
      return [];
  }
}

interface Days {
  readonly from: number;
  readonly to: number;
}

/** Booking.com's ranges: they begin today at the earliest, and where `isMerged` neighbours are one. */
export function rangesOf(held: readonly Days[], today: number, isMerged: boolean): CrawledEvent[] {
  const ranges: { from: number; to: number }[] = [];
  const sorted = held.filter(({ to }) => to > today).sort((a, b) => a.from - b.from);
  for (const { from, to } of sorted) {
    const last = ranges.at(-1);
    if (isMerged && last && last.to >= from) last.to = Math.max(last.to, to);
    else ranges.push({ from: Math.max(from, today), to });
  }
  return ranges.map(({ from, to }) => ({
    ...{ uid: `${from}@booking.com`, ...dates(from, to), summary: 'CLOSED - Not available' },
  }));
}

/** Days are few and come at every poll. */
const written = new Map<number, string>();

function date(day: number): string {
  let text = written.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
    written.set(day, text);
  }
  return text;
}

function dates(from: number, to: number): { start: string; end: string } {
  return { start: date(from), end: date(to) };
}

function timed(day: number, hour: number): string {
  return `${date(day)}T${String(hour).padStart(2, '0')}0000Z`;
}
