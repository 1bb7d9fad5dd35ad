/** One simulated unit through the desk, held against what is true. The house is in UTC. */
import type { BeliefChange } from '../../core/src/reservations/belief/belief.ts';
import type { FeedReading, LockRules, Reservation } from '@staycode/core';
import { Desk } from './desk.ts';
import { DAY_MS, HOUR_MS } from './ledger.ts';
import { readOrRefuse } from './replay-listing.ts';
import type { Ota } from './simulated-calendar.ts';
import { type Booking, type SimulatedPoll, SimulatedUnit } from './simulated-unit.ts';

const HOUSE = { zone: 'UTC', checkIn: '15:00', checkOut: '11:00' };
/** Longer than the engine doubts any vanishing that happens here, and than any outage. */
const DOUBT_MS = 12 * DAY_MS;
/** A unit's feeds are read one after the other: only then is it known whether two stays of two feeds are rivals. */
const ROUND_MS = 1000;

/** When the guest of a booking may come: at the time of the house, or at that of the event. */
function checkInOf({ ota, from }: Booking): number {
  return from * DAY_MS + (ota === 'ownerrez' ? 16 : 15) * HOUR_MS;
}

/** Counts of what must not be; each is 0 where all is well. */
export interface DecadeResult {
  polls: number;
  stays: number;
  /** Stays that were called off though they are on. */
  wrongfulRevocations: number;
  /** Digits that changed while the booking did not. */
  unforcedChanges: number;
  /** Guests without a good code at check-in, or once the feeds were read that first tell of them. */
  withoutCode: number;
  sharedDigits: number;
  /** Codes that are good on nights that nobody has booked for long. */
  ghosts: number;
  /** Guests with two good codes: an echo that was taken for a stay. */
  doubled: number;
}

export class DecadeUnit {
  readonly result: DecadeResult = {
    ...{ polls: 0, stays: 0, wrongfulRevocations: 0, unforcedChanges: 0 },
    ...{ withoutCode: 0, sharedDigits: 0, ghosts: 0, doubled: 0 },
  };
  /** What went wrong, for people. */
  readonly log: string[] = [];
  readonly #unit: SimulatedUnit;
  readonly #desk: Desk;
  readonly #listedMs = new Map<string, number>();
  readonly #arrived = new Set<string>();
  /** Guests who had come before any feed told of them, until the round is over. */
  #late: Booking[] = [];
  readonly #digits = new Map<string, { digits: string; changedAtMs: number }>();
  readonly #owners = new Map<string, string>();
  /** By feed: the same body reads the same. */
  readonly #readings = new Map<Ota, { body: string; reading: FeedReading | null }>();
  readonly #startMs: number;

  constructor(seed: number, otas: readonly Ota[], rules: LockRules, startMs: number) {
    this.#unit = new SimulatedUnit(seed, otas, startMs);
    this.#startMs = startMs;
    const feeds = Object.fromEntries(otas.map((ota, at) => [ota, { imports: at > 0 }]));
    this.#desk = new Desk(`unit-${seed}`, { house: HOUSE, feeds }, rules);
  }

  run(days: number): DecadeResult {
    let lastMs = this.#startMs;
    for (const poll of this.#unit.run(this.#startMs, days)) {
      if (poll.atMs - lastMs > ROUND_MS) this.#checkLate(lastMs);
      this.#checkArrivals(lastMs, poll.atMs);
      this.#poll(poll);
      this.#noteFirstSeen(poll);
      this.#checkDigits();
      if (Math.floor(lastMs / DAY_MS) < Math.floor(poll.atMs / DAY_MS)) this.#checkDay(poll.atMs);
      lastMs = poll.atMs;
    }
    return this.result;
  }

  #poll({ atMs, feedId, body }: SimulatedPoll): void {
    this.result.polls++;
    let last = this.#readings.get(feedId);
    if (last?.body !== body)
      this.#readings.set(feedId, (last = { body, reading: readOrRefuse(body, HOUSE) }));
    const { reading } = last;
    const change = this.#desk.take(
      reading ? { kind: 'poll', feedId, atMs, reading } : { kind: 'failed', feedId, atMs },
    );
    this.#checkOff(change, feedId, atMs);
    for (const alert of change.alerts) {
      if (alert.alert !== 'ask') continue;
      const { reservation } = alert;
      const word = this.#isOn(reservation, feedId, atMs) ? 'stay' : 'no-stay';
      this.#desk.take({ kind: 'word', atMs, reservationId: reservation.id, word });
    }
  }

  #checkOff({ events }: BeliefChange, feedId: Ota, atMs: number): void {
    for (const event of events) {
      if (event.event === 'new') this.result.stays++;
      if (event.event !== 'cancelled' || event.reason === 'echo') continue;
      const { reservation } = event;
      if (this.#isOn(reservation, feedId, atMs)) this.#wrong('wrongfulRevocations', atMs, reservation.id);
    }
  }

  /** Whether a stay of a feed is booked, for any of its nights to come. */
  #isOn(reservation: Reservation, feedId: Ota, atMs: number): boolean {
    const { startsAtMs, endsAtMs } = reservation;
    const [first, to] = [Math.floor(startsAtMs / DAY_MS), Math.floor(endsAtMs / DAY_MS)];
    const from = Math.max(first, Math.floor(atMs / DAY_MS));
    return this.#unit.active(feedId).some((one) => {
      if (feedId === 'by-hand') return one.from === first && one.to === to;
      return (feedId === 'booking' || isAbout(reservation, one)) && one.from < to && from < one.to;
    });
  }

  #checkArrivals(fromMs: number, toMs: number): void {
    for (const booking of this.#unit.active()) {
      const atMs = checkInOf(booking);
      if (atMs <= fromMs || atMs > toMs || !this.#isKnown(booking)) continue;
      this.#checkCode(booking, atMs);
    }
  }

  #noteFirstSeen({ atMs, feedId, today, told }: SimulatedPoll): void {
    for (const booking of told) {
      this.#listedMs.set(booking.uid, atMs);
      // From midnight on, Booking.com's ranges do not tell that the guest came the day before.
      const isCut = feedId === 'booking' && booking.from < today;
      const isLate = !isCut && checkInOf(booking) <= atMs && atMs < booking.to * DAY_MS;
      if (isLate && !this.#arrived.has(booking.uid)) this.#late.push(booking);
    }
  }

  #checkLate(atMs: number): void {
    for (const booking of this.#late) this.#checkCode(booking, atMs);
    this.#late = [];
  }

  /** Whether a good poll has had it as it is now. */
  #isKnown({ uid, changedAtMs }: Booking): boolean {
    return (this.#listedMs.get(uid) ?? 0) > changedAtMs;
  }

  #checkCode(booking: Booking, atMs: number): void {
    this.#arrived.add(booking.uid);
    const codes = this.#desk.liveAt(atMs);
    // A stay that vanished so late keeps its code until the host is asked and has answered.
    const vanished = this.#desk.belief.stays.filter(({ missing }) => missing !== null);
    const ids = new Set(vanished.map(({ reservation }) => reservation.id));
    if (codes.length === 0) this.#wrong('withoutCode', atMs, booking.uid);
    const listed = codes.filter(({ reservationId }) => !ids.has(reservationId));
    if (listed.length > 1) this.#wrong('doubled', atMs, booking.uid);
  }

  #checkDigits(): void {
    for (const { reservation, told, missing } of this.#desk.belief.stays) {
      const booking = this.#unit.active().find((one) => isAbout(reservation, one));
      const digits = this.#desk.codeOf(reservation.id)?.digits;
      if (!told || missing !== null || booking === undefined || digits === undefined) continue;
      const { uid } = booking;
      const before = this.#digits.get(uid);
      if (before && before.digits !== digits && booking.changedAtMs === before.changedAtMs) {
        this.#wrong('unforcedChanges', booking.changedAtMs, uid);
      }
      if (before?.digits !== digits) this.#digits.set(uid, { digits, changedAtMs: booking.changedAtMs });
    }
  }

  /** Once a day: nights that are nobody's, digits that are two people's, and what can be forgotten. */
  #checkDay(atMs: number): void {
    const today = Math.floor(atMs / DAY_MS);
    const isBooked = this.#unit.bookings.some(
      ({ from, to, cancelledAtMs }) =>
        from <= today && today < to && (cancelledAtMs === null || cancelledAtMs > atMs - DOUBT_MS),
    );
    const isSettled = this.#unit.awayUntilMs < atMs - DOUBT_MS;
    const isFree =
      isSettled && !isBooked && !this.#unit.bookings.some(({ changedAtMs }) => changedAtMs > atMs - DOUBT_MS);
    if (isFree && this.#desk.liveAt(today * DAY_MS + 20 * HOUR_MS).length > 0)
      this.#wrong('ghosts', atMs, 'a night');
    for (const { digits, reservationId } of this.#desk.codes) {
      if ((this.#owners.get(digits) ?? reservationId) !== reservationId)
        this.#wrong('sharedDigits', atMs, reservationId);
      this.#owners.set(digits, reservationId);
    }
    this.#unit.forgetBefore(today - 3);
    this.#desk.codes = this.#desk.codes.filter(({ endsAtMs }) => endsAtMs > atMs - 40 * DAY_MS);
  }

  #wrong(kind: keyof DecadeResult, atMs: number, what: string): void {
    this.result[kind]++;
    this.log.push(`${new Date(atMs).toISOString().slice(0, 16)} ${kind} ${what}`);
  }
}

/** By what its calendar says of it; Booking.com's says nothing. */
function isAbout({ uid, summary }: Reservation, booking: Booking): boolean {
  if (booking.ota === 'booking') return false;
  return booking.ota === 'by-hand'
    ? summary === `Guest ${booking.uid}`
    : uid === `${booking.uid}@${booking.ota}.com`;
}
