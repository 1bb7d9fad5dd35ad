/**
 * A unit of a made-up world: bookings, cancellations and changes as they happen, and the calendars that its OTAs make of them,
 * with their outages. What is true is known here, so the engine can be held against it.
 */
import { Random } from '../support/random.ts';
import { type CrawledEvent, toBody } from './crawl.ts';
import { DAY_MS, HOUR_MS } from './ledger.ts';

export type Ota = 'airbnb' | 'vrbo' | 'booking';

/** A booking as it is true at some time; `from` and `to` are days from 1970-01-01. */
export interface Booking {
  readonly uid: string;
  readonly ota: Ota;
  from: number;
  to: number;
  /** Of the last change, the first being the booking itself. */
  changedAtMs: number;
  cancelledAtMs: number | null;
}

export interface SimulatedPoll {
  readonly atMs: number;
  readonly feedId: Ota;
  readonly body: string;
  /** Whether the body says all there is. */
  readonly isGood: boolean;
}

/** Which OTAs a unit is let on. Where there are two, the second imports the first. */
export const UNIT_KINDS: readonly (readonly Ota[])[] = [
  ['airbnb'],
  ['vrbo'],
  ['booking'],
  ['airbnb', 'booking'],
];

/** An OTA's own imports are three hours old at most. */
const IMPORT_MS = 3 * HOUR_MS;
const POLL_MS = 6 * HOUR_MS;
/** Sold again sooner, nights on Booking.com would be two guests' without a trace in the feed. */
const COOLING_MS = 2 * DAY_MS;

type Task = { readonly atMs: number } & (
  | { readonly kind: 'book' }
  | { readonly kind: 'cancel' | 'change'; readonly booking: Booking }
  | { readonly kind: 'poll'; readonly feedId: Ota }
);

export class SimulatedUnit {
  readonly bookings: Booking[] = [];
  readonly #random: Random;
  readonly #otas: readonly Ota[];
  #tasks: Task[] = [];
  #outage: { untilMs: number; kind: string } = { untilMs: 0, kind: 'ok' };
  #isMerged = false;

  constructor(seed: number, otas: readonly Ota[]) {
    this.#random = new Random(seed);
    this.#otas = otas;
  }

  /** The polls of so many days, in order; the world moves on between them. */
  *run(startMs: number, days: number): Generator<SimulatedPoll> {
    for (let day = 0; day < days; day++) {
      const dayMs = startMs + day * DAY_MS;
      if (this.#random.chance(0.35)) this.#tasks.push({ kind: 'book', atMs: dayMs + this.#hours(0, 24) });
      for (let atMs = dayMs; atMs < dayMs + DAY_MS; atMs += POLL_MS) this.#pollAll(atMs + this.#hours(0, 5));
      this.#tasks.sort((a, b) => a.atMs - b.atMs);
      while ((this.#tasks[0]?.atMs ?? Infinity) < dayMs + DAY_MS) {
        const task = this.#tasks.shift();
        if (task?.kind === 'poll') yield this.#poll(task.feedId, task.atMs);
        else if (task) this.#happen(task);
      }
    }
  }

  /** Bookings that are on at an instant. */
  active(ota?: Ota): Booking[] {
    return this.bookings.filter(
      (one) => one.cancelledAtMs === null && (ota === undefined || one.ota === ota),
    );
  }

  /** Forgets what can matter no more, for a decade is long. */
  forgetBefore(day: number): void {
    for (let at = this.bookings.length - 1; at >= 0; at--) {
      if ((this.bookings[at]?.to ?? 0) < day) this.bookings.splice(at, 1);
    }
  }

  #hours(from: number, to: number): number {
    return Math.floor((from + this.#random.next() * (to - from)) * HOUR_MS);
  }

  #pollAll(atMs: number): void {
    for (const [at, feedId] of this.#otas.entries())
      this.#tasks.push({ kind: 'poll', feedId, atMs: atMs + at });
  }

  #happen(task: Exclude<Task, { kind: 'poll' }>): void {
    if (task.kind === 'book') this.#book(task.atMs);
    else if (task.booking.cancelledAtMs === null && task.booking.to * DAY_MS > task.atMs) {
      if (task.kind === 'cancel') task.booking.cancelledAtMs = task.atMs;
      else this.#change(task.booking, task.atMs);
    }
    for (const hours of [0.7, 1.9, 3.3]) this.#pollAll(task.atMs + hours * HOUR_MS);
    this.#tasks.sort((a, b) => a.atMs - b.atMs);
  }

  #book(atMs: number): void {
    const random = this.#random;
    const today = Math.floor(atMs / DAY_MS);
    const from =
      today + (random.chance(0.1) ? 0 : random.chance(0.6) ? random.whole(0, 20) : random.whole(0, 355));
    const booking: Booking = {
      uid: `${random.whole(0, 2 ** 31)}`,
      ota: random.pick(this.#otas),
      ...{ from, to: from + random.whole(1, 7), changedAtMs: atMs, cancelledAtMs: null },
    };
    if (!this.#isFree(booking, atMs)) return;
    this.bookings.push(booking);
    const untilMs = booking.to * DAY_MS - 20 * HOUR_MS;
    const later = atMs + Math.floor(random.next() * Math.max(0, untilMs - atMs));
    if (random.chance(0.3)) this.#tasks.push({ kind: 'cancel', booking, atMs: later });
    else if (random.chance(0.12)) this.#tasks.push({ kind: 'change', booking, atMs: later });
  }

  #change(booking: Booking, atMs: number): void {
    const today = Math.floor(atMs / DAY_MS);
    const isRunning = booking.from <= today;
    const by = this.#random.whole(-2, 3);
    const moved = {
      ...booking,
      from: booking.from + (isRunning || this.#random.chance(0.5) ? 0 : by),
      to: booking.to + by,
    };
    if (moved.to <= Math.max(moved.from, today + 1) || moved.from < (isRunning ? booking.from : today + 1))
      return;
    if (!this.#isFree(moved, atMs)) return;
    Object.assign(booking, moved, { changedAtMs: atMs });
  }

  #isFree({ uid, from, to }: Booking, atMs: number): boolean {
    return this.bookings.every((other) => {
      const isOff =
        other.cancelledAtMs !== null && (other.ota !== 'booking' || atMs - other.cancelledAtMs > COOLING_MS);
      return other.uid === uid || isOff || other.to <= from || to <= other.from;
    });
  }

  #poll(feedId: Ota, atMs: number): SimulatedPoll {
    const random = this.#random;
    if (atMs >= this.#outage.untilMs) {
      const kind = random.chance(0.01)
        ? random.pick(['empty-body', 'json-500', 'html', 'truncated', 'empty-vcalendar', 'partial'])
        : 'ok';
      // A calendar that is whole but short of some stays is the worst of lies; it was never seen twice in a row.
      this.#outage = {
        kind,
        untilMs: kind === 'ok' || kind === 'partial' ? atMs : atMs + this.#hours(0, 12),
      };
    }
    const { kind } = this.#outage;
    const events = this.#events(feedId, atMs);
    const shown = kind === 'partial' ? events.filter(() => random.chance(0.5)) : events;
    const body = toBody(kind === 'partial' ? 'ok' : kind, kind === 'empty-vcalendar' ? [] : shown);
    return { atMs, feedId, body, isGood: kind === 'ok' };
  }

  #events(ota: Ota, atMs: number): CrawledEvent[] {
    const today = Math.floor(atMs / DAY_MS);
    if (ota === 'booking') return this.#ranges(today, atMs);
    return this.active(ota)
      .filter(({ from, to }) => to >= today - 2 && from <= today + 365)
      .map(({ uid, from, to }) => ({ uid: `${uid}@${ota}.com`, ...dates(from, to), summary: 'Reserved' }));
  }

  /** Booking.com's ranges roll on, and sometimes merge; they hold what it has imported, too. */
  #ranges(today: number, atMs: number): CrawledEvent[] {
    if (this.#random.chance(0.05)) this.#isMerged = !this.#isMerged;
    const held = this.bookings
      .filter((one) => (one.ota === 'booking' ? one.cancelledAtMs === null : isImported(one, atMs)))
      .filter(({ to }) => to > today)
      .map(({ from, to }) => ({ from: Math.max(from, today), to }))
      .sort((a, b) => a.from - b.from);
    const ranges: { from: number; to: number }[] = [];
    for (const range of held) {
      const last = ranges.at(-1);
      if (this.#isMerged && last && last.to >= range.from) last.to = Math.max(last.to, range.to);
      else ranges.push(range);
    }
    return ranges.map(({ from, to }) => ({
      ...{ uid: `${from}@booking.com`, ...dates(from, to), summary: 'CLOSED - Not available' },
    }));
  }
}

function isImported({ changedAtMs, cancelledAtMs }: Booking, atMs: number): boolean {
  return changedAtMs <= atMs - IMPORT_MS && (cancelledAtMs === null || cancelledAtMs > atMs - IMPORT_MS);
}

function dates(from: number, to: number): { start: string; end: string } {
  const date = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  return { start: date(from), end: date(to) };
}
