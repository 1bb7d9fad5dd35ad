/** One listing of a crawl through the desk, watched by its ledger. */
import type { BeliefChange } from '../../core/src/reservations/belief/belief.ts';
import { type FeedReading, type HouseOptions, readReservations, StaycodeError } from '@staycode/core';
import type { believe } from '../../core/src/reservations/belief/believe.ts';
import { readHouse } from '../../core/src/reservations/event-span.ts';
import type { CrawledPoll } from './crawl.ts';
import { Desk, type DeskCode, replayRules } from './desk.ts';
import {
  DAY_MS,
  type Entry,
  HOUR_MS,
  isCancellation,
  type Ledger,
  type Listed,
  LONGEST_DOUBT_MS,
} from './ledger.ts';
import { NightLedger } from './night-ledger.ts';
import { UidLedger } from './uid-ledger.ts';

/** What went wrong, as lines for people, and the cancellations. */
export interface ListingResult {
  readonly wrongfulRevocations: string[];
  readonly unforcedChanges: string[];
  readonly withoutCode: string[];
  readonly sharedDigits: string[];
  /** Gone for good by the ledger, and neither revoked nor asked about where only the host may say. */
  readonly missed: string[];
  /** Came back with none of the nights for which they were revoked: moved while nobody could see it. */
  readonly returned: string[];
  readonly revokedHours: number[];
  readonly asked: number;
  readonly of: number;
  readonly codes: number;
}

interface Revocation {
  readonly entry: Entry;
  readonly nights: ReadonlySet<number>;
  readonly name: string;
  readonly atMs: number;
}

/** What an entry's code was, and for which nights. */
interface Held {
  readonly digits: string;
  readonly nights: string;
}

export class ListingReplay {
  readonly #house: HouseOptions;
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  readonly #instantOf: (night: number) => number;
  readonly #endOf: (nights: ReadonlySet<number>) => number;
  readonly #revocations: Revocation[] = [];
  readonly #asked = new Set<Entry>();
  readonly #checked = new Map<Entry, Set<number>>();
  readonly #held = new Map<Entry, Map<number, Held>>();
  readonly #owners = new Map<string, string>();
  readonly #wrong = {
    wrongfulRevocations: new Set<string>(),
    unforcedChanges: new Set<string>(),
    withoutCode: new Set<string>(),
    sharedDigits: new Set<string>(),
    returned: new Set<string>(),
  };
  #reading: { body: string; reading: FeedReading | null } = { body: '', reading: null };

  constructor(listing: string, polls: readonly CrawledPoll[], house: HouseOptions, engine?: typeof believe) {
    const { zone, checkInMs, checkOutMs } = readHouse(house);
    const isByNights = polls.some(({ events }) => events?.some(({ uid }) => uid.endsWith('@booking.com')));
    const dayAt = (atMs: number): number => Math.floor(zone.toWall(atMs) / DAY_MS);
    this.#house = house;
    this.#ledger = isByNights ? new NightLedger(dayAt) : new UidLedger();
    this.#desk = new Desk(listing, { house }, replayRules(house.zone), engine);
    this.#instantOf = (night) => zone.toInstant(night * DAY_MS + checkInMs, 'earlier');
    this.#endOf = (nights) => zone.toInstant((Math.max(...nights) + 1) * DAY_MS + checkOutMs, 'later');
  }

  run(polls: readonly CrawledPoll[]): ListingResult {
    for (const [at, poll] of polls.entries()) {
      this.#poll(poll);
      this.#checkCodes(polls[at + 1]?.atMs ?? poll.atMs);
    }
    const last = polls.findLast(({ events }) => events !== null);
    const endMs = polls.at(-1)?.atMs ?? 0;
    // The last good body is taken to last until nothing is in the balance.
    for (let atMs = endMs + HOUR_MS; last && atMs <= endMs + LONGEST_DOUBT_MS; atMs += HOUR_MS) {
      this.#poll({ ...last, atMs });
    }
    return this.#sumUp();
  }

  #poll({ atMs, body, events }: CrawledPoll): void {
    if (events) this.#ledger.see(events, atMs);
    const reading = this.#read(body);
    this.#note(
      reading
        ? this.#desk.take({ kind: 'poll', feedId: 'feed', atMs, reading })
        : this.#desk.take({ kind: 'failed', feedId: 'feed', atMs }),
      atMs,
    );
    for (const listed of this.#ledger.listed()) this.#checkRevoked(listed);
  }

  /** The same body reads the same, so it is read once. */
  #read(body: string): FeedReading | null {
    if (this.#reading.body !== body) this.#reading = { body, reading: readOrRefuse(body, this.#house) };
    return this.#reading.reading;
  }

  #note({ events, alerts }: BeliefChange, atMs: number): void {
    for (const { event, reservation } of events) {
      if (event !== 'cancelled') continue;
      for (const entry of this.#ledger.find(reservation)) {
        this.#revocations.push({ entry, nights: new Set(entry.nights), name: entry.name, atMs });
      }
    }
    for (const alert of alerts) {
      // An answer of the host's is asked for by rule 2 only: the stay runs or begins within a day.
      if (alert.alert !== 'ask' || alert.question !== 'gone') continue;
      if (alert.reservation.startsAtMs > atMs + DAY_MS) continue;
      for (const entry of this.#ledger.find(alert.reservation)) this.#asked.add(entry);
    }
  }

  #checkRevoked({ entry, nights }: Listed): void {
    for (const revocation of this.#revocations) {
      if (revocation.entry !== entry || nights.size === 0) continue;
      const isSame = [...nights].some((night) => revocation.nights.has(night));
      this.#wrong[isSame ? 'wrongfulRevocations' : 'returned'].add(entry.name);
    }
  }

  /** Each stay at its arrival, each night of it at check-in time; who comes later than that, at once. */
  #checkCodes(nextMs: number): void {
    for (const { entry, nights } of this.#ledger.listed()) {
      const checked = this.#checked.get(entry) ?? new Set();
      this.#checked.set(entry, checked);
      const codes = this.#codesOf(entry);
      this.#checkDigits(entry, nights, codes);
      for (const night of nights) {
        const atMs = Math.max(this.#instantOf(night), entry.firstSeenMs);
        const isOver = atMs >= this.#endOf(nights);
        if (checked.has(night) || atMs >= nextMs || isOver) continue;
        checked.add(night);
        const opens = codes.some((code) => code.startsAtMs <= atMs && atMs < code.endsAtMs);
        if (!opens) this.#wrong.withoutCode.add(entry.name);
      }
    }
    for (const { digits, reservationId } of this.#desk.codes) {
      const owner = this.#owners.get(digits) ?? reservationId;
      this.#owners.set(digits, owner);
      if (owner !== reservationId) this.#wrong.sharedDigits.add(reservationId);
    }
  }

  #codesOf(entry: Entry): DeskCode[] {
    return this.#desk.belief.stays
      .filter(({ reservation, told }) => told && this.#ledger.find(reservation).includes(entry))
      .flatMap(({ reservation }) => this.#desk.codeOf(reservation.id) ?? []);
  }

  #checkDigits(entry: Entry, nights: ReadonlySet<number>, codes: readonly DeskCode[]): void {
    const key = [...nights].join();
    const heldBefore = this.#held.get(entry) ?? new Map<number, Held>();
    this.#held.set(entry, heldBefore);
    // What a night had before it left the stay is no matter once it is back.
    for (const night of heldBefore.keys()) if (!entry.nights.has(night)) heldBefore.delete(night);
    for (const night of nights) {
      const atMs = this.#instantOf(night);
      const digits = codes.find((code) => code.startsAtMs <= atMs && atMs < code.endsAtMs)?.digits;
      const held = heldBefore.get(night);
      if (digits === undefined || digits === held?.digits) continue;
      if (held?.nights === key) this.#wrong.unforcedChanges.add(entry.name);
      heldBefore.set(night, { digits, nights: key });
    }
  }

  #sumUp(): ListingResult {
    const cancellations = this.#ledger.entries.filter(isCancellation);
    const revokedHours: number[] = [];
    const missed: string[] = [];
    let asked = 0;
    for (const entry of cancellations) {
      const revocation = this.#revocations.find(
        (one) => one.entry === entry && one.atMs >= (entry.goneAtMs ?? 0),
      );
      if (revocation) revokedHours.push((revocation.atMs - (entry.goneAtMs ?? 0)) / HOUR_MS);
      else if (this.#asked.has(entry)) asked++;
      else missed.push(entry.name);
    }
    return {
      wrongfulRevocations: [...this.#wrong.wrongfulRevocations],
      unforcedChanges: [...this.#wrong.unforcedChanges],
      withoutCode: [...this.#wrong.withoutCode],
      sharedDigits: [...this.#wrong.sharedDigits],
      returned: [...this.#wrong.returned],
      missed,
      revokedHours,
      asked,
      of: cancellations.length,
      codes: this.#desk.codes.length,
    };
  }
}

export function readOrRefuse(body: string, house: HouseOptions): FeedReading | null {
  try {
    return readReservations(body, house);
  } catch (error) {
    if (error instanceof StaycodeError && error.code === 'not-a-calendar') return null;
    throw error;
  }
}
