/**
 * A unit of a made-up world: bookings, cancellations and changes as they happen, and what a host's polls see of them, with every
 * kind of outage. What is true is known here, so the engine can be held against it.
 */
import { Random } from '../support/random.ts';
import { DAY_MS, HOUR_MS } from './ledger.ts';
import { eventsOf, isShown, type Ota, rangesOf, writeCalendar } from './simulated-calendar.ts';

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
  /** The OTA's day. */
  readonly today: number;
  /** The bookings that the body tells of; none where it is no whole calendar. */
  readonly told: ReadonlySet<Booking>;
}

/** Which OTAs a unit is let on. Where there are two, the second imports the first. */
export const UNIT_KINDS: readonly (readonly Ota[])[] = [
  ['airbnb'],
  ['vrbo'],
  ['booking'],
  ['ownerrez'],
  ['smoobu'],
  ['by-hand'],
  ['airbnb', 'booking'],
  ['airbnb', 'smoobu'],
];

/** An OTA's own imports are three hours old at most. */
const IMPORT_MS = 3 * HOUR_MS;
/** Sold again sooner, nights on Booking.com would be two guests' without a trace in the feed. */
const COOLING_MS = 2 * DAY_MS;
/** A host polls every so many hours, now so, now so; each is chosen for a day. */
const EVERY_HOURS = [6, 6, 6, 3];
const RARE_HOURS = [1, 0.25];
const OUTAGES = ['empty-body', 'json-500', 'html', 'truncated', 'empty-vcalendar', 'failed'];

type Task = { readonly atMs: number } & (
  | { readonly kind: 'book' }
  | { readonly kind: 'cancel' | 'change'; readonly booking: Booking }
  | { readonly kind: 'book-again'; readonly like: Booking }
  | { readonly kind: 'poll'; readonly feedId: Ota }
);

export class SimulatedUnit {
  readonly bookings: Booking[] = [];
  /** When the host's program was last away, for weeks; the first polls find stays that have begun. */
  awayUntilMs: number;
  readonly #random: Random;
  readonly #otas: readonly Ota[];
  #tasks: Task[] = [];
  #outage = { untilMs: 0, kind: 'ok' };
  /** A booking that the calendar leaves out though it is on. */
  #blip: { untilMs: number; booking: Booking | null } = { untilMs: 0, booking: null };
  #isMerged = false;
  /** When Booking.com's midnight is, from that of the house. */
  readonly #midnightMs: number;

  constructor(seed: number, otas: readonly Ota[], startMs: number) {
    this.#random = new Random(seed);
    this.#otas = otas;
    this.#midnightMs = this.#hours(-2, 2);
    this.awayUntilMs = startMs + 20 * DAY_MS;
  }

  /** The polls of so many days, in order; the world moves on between them. */
  *run(startMs: number, days: number): Generator<SimulatedPoll> {
    for (let day = 0; day < days; day++) {
      const dayMs = startMs + day * DAY_MS;
      if (this.#random.chance(0.35)) this.#tasks.push({ kind: 'book', atMs: dayMs + this.#hours(0, 24) });
      if (this.#random.chance(0.001)) this.awayUntilMs = dayMs + this.#random.whole(5, 40) * DAY_MS;
      const everyMs = this.#random.pick(this.#random.chance(0.01) ? RARE_HOURS : EVERY_HOURS) * HOUR_MS;
      for (let atMs = dayMs; atMs < dayMs + DAY_MS; atMs += everyMs) {
        this.#pollAll(atMs + Math.floor(this.#random.next() * 0.8 * everyMs));
      }
      this.#tasks.sort((a, b) => a.atMs - b.atMs);
      while ((this.#tasks[0]?.atMs ?? Infinity) < dayMs + DAY_MS) {
        const task = this.#tasks.shift();
        if (task === undefined) break;
        if (task.kind !== 'poll') this.#happen(task);
        else if (task.atMs >= this.awayUntilMs) yield this.#poll(task.feedId, task.atMs);
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
    else if (task.kind === 'book-again') this.#bookAgain(task.like, task.atMs);
    else if (task.booking.cancelledAtMs === null && task.booking.to * DAY_MS > task.atMs) {
      if (task.kind === 'cancel') this.#cancel(task.booking, task.atMs);
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
    this.#take({ from, to: from + random.whole(1, 7), ota: random.pick(this.#otas) }, atMs);
  }

  /** Another guest takes the nights that a cancellation left, or some of them. */
  #bookAgain({ ota, from, to }: Booking, atMs: number): void {
    const today = Math.floor(atMs / DAY_MS);
    const first = Math.max(from, today);
    if (first < to) this.#take({ ota, from: first, to: this.#random.whole(first + 1, to) }, atMs);
  }

  #take(wish: Pick<Booking, 'ota' | 'from' | 'to'>, atMs: number): void {
    const random = this.#random;
    const uid = `${random.whole(0, 2 ** 31)}`;
    const booking: Booking = { uid, ...wish, changedAtMs: atMs, cancelledAtMs: null };
    if (!this.#isFree(booking, atMs)) return;
    this.bookings.push(booking);
    const untilMs = booking.to * DAY_MS - 20 * HOUR_MS;
    const later = (): number => atMs + Math.floor(random.next() * Math.max(0, untilMs - atMs));
    if (random.chance(0.3)) this.#tasks.push({ kind: 'cancel', booking, atMs: later() });
    while (random.chance(0.15)) this.#tasks.push({ kind: 'change', booking, atMs: later() });
  }

  #cancel(booking: Booking, atMs: number): void {
    booking.cancelledAtMs = atMs;
    if (this.#random.chance(0.3)) {
      this.#tasks.push({ kind: 'book-again', like: { ...booking }, atMs: atMs + this.#hours(0, 30) });
    }
  }

  /** Longer or shorter, mostly; sometimes to another week, sometimes to the next year, where the calendar ends. */
  #change(booking: Booking, atMs: number): void {
    const today = Math.floor(atMs / DAY_MS);
    const isRunning = booking.from <= today;
    const by = this.#random.chance(0.05) ? this.#random.whole(7, 370) : this.#random.whole(-2, 3);
    const isStretched = isRunning || (by < 7 && this.#random.chance(0.5));
    const moved = { ...booking, from: booking.from + (isStretched ? 0 : by), to: booking.to + by };
    if (moved.to <= Math.max(moved.from, today + 1) || moved.from < (isRunning ? booking.from : today + 1))
      return;
    if (moved.to - moved.from > 20 || !this.#isFree(moved, atMs)) return;
    Object.assign(booking, moved, { changedAtMs: atMs });
  }

  #isFree({ uid, ota, from, to }: Booking, atMs: number): boolean {
    return this.bookings.every((other) => {
      const mustCool = [ota, other.ota].includes('booking');
      const isOff = other.cancelledAtMs !== null && (!mustCool || atMs - other.cancelledAtMs > COOLING_MS);
      return other.uid === uid || isOff || other.to <= from || to <= other.from;
    });
  }

  #poll(feedId: Ota, atMs: number): SimulatedPoll {
    const kind = this.#kindAt(atMs);
    const today = Math.floor((atMs - this.#midnightMs) / DAY_MS);
    const own = this.active(feedId).filter(
      (one) => one !== this.#missedAt(atMs, feedId) && isShown(one, today),
    );
    const isPartial = kind === 'partial';
    const told = isPartial ? own.filter(() => this.#random.chance(0.5)) : own;
    const held = [
      ...told,
      ...this.#importedBy(feedId, atMs).filter((one) => isShown({ ...one, ota: feedId }, today)),
    ];
    if (feedId === 'booking' && this.#random.chance(0.05)) this.#isMerged = !this.#isMerged;
    const events =
      feedId === 'booking'
        ? rangesOf(held, today, this.#isMerged)
        : held.flatMap((booking) => eventsOf(feedId, booking));
    const body = writeCalendar(feedId, isPartial ? 'ok' : kind, events);
    return { atMs, feedId, body, today, told: new Set(kind === 'ok' || isPartial ? told : []) };
  }

  #kindAt(atMs: number): string {
    const random = this.#random;
    if (atMs < this.#outage.untilMs) {
      // What is wrong with a site changes as it is mended.
      return random.chance(0.2) ? random.pick(OUTAGES) : this.#outage.kind;
    }
    // A calendar that is whole but short of some stays is the worst of lies; it was never seen twice in a row.
    const kind = random.chance(0.01) ? random.pick([...OUTAGES, 'partial']) : 'ok';
    const isLong = kind !== 'ok' && kind !== 'partial';
    this.#outage = { kind, untilMs: isLong ? atMs + this.#hours(0, random.chance(0.1) ? 72 : 12) : atMs };
    return kind;
  }

  /** A booking alone is left out of one poll, or on Booking.com for some hours; also just before or after an outage. */
  #missedAt(atMs: number, feedId: Ota): Booking | null {
    const random = this.#random;
    if (atMs >= this.#blip.untilMs) {
      const isLast = atMs < this.#blip.untilMs + DAY_MS;
      const booking = !isLast && random.chance(0.05) ? random.pick([...this.active(feedId), null]) : null;
      const hours = feedId === 'booking' && booking ? this.#hours(0, 15) : 0;
      if (!isLast) this.#blip = { booking, untilMs: atMs + hours };
      else this.#blip.booking = null;
    }
    return this.#blip.booking;
  }

  /** What the second OTA has of the first: as it was some hours ago. */
  #importedBy(feedId: Ota, atMs: number): Booking[] {
    if (feedId === this.#otas[0]) return [];
    return this.bookings.filter(
      ({ ota, changedAtMs, cancelledAtMs }) =>
        ota !== feedId &&
        changedAtMs <= atMs - IMPORT_MS &&
        (cancelledAtMs === null || cancelledAtMs > atMs - IMPORT_MS),
    );
  }
}
