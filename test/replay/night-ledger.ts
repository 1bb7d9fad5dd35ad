/**
 * The ledger of Booking.com, where UIDs and ranges come and go: a stay is a run of nights that appeared at once. A night that
 * is open for most of a day (ranges came back after up to 15 hours) was opened again, whatever comes there later: the crawl
 * cannot tell a cancelled stay from a reopened closure. A stay is gone once all its nights to come are open so, and gone for good
 * unless one of them is taken within the longest doubt that an engine may have: what comes then may be the same stay or the next.
 * More than 31 nights in a row that are no known stay's are a closure, and so is what midnight leaves of them; nights that it gains within a
 * year are a stay beside it.
 */
import type { Reservation } from '../../core/src/reservations/reservation.ts';
import type { CrawledEvent } from './crawl.ts';
import {
  DAY_MS,
  dayOf,
  daysFrom,
  type Entry,
  HORIZON_MS,
  HOUR_MS,
  type Ledger,
  type Listed,
  LONGEST_DOUBT_MS,
} from './ledger.ts';

const MAX_NIGHTS = 31;
const OPEN_MS = 20 * HOUR_MS;

interface Run extends Entry {
  nights: Set<number>;
  /** Since when nights are open. */
  readonly openSince: Map<number, number>;
}

export class NightLedger implements Ledger {
  readonly entries: Run[] = [];
  readonly #dayAt: (atMs: number) => number;
  readonly #daysOf: (reservation: Reservation) => number[];
  #closures: number[][] = [];
  #today = 0;

  constructor(dayAt: (atMs: number) => number) {
    this.#dayAt = dayAt;
    this.#daysOf = ({ startsAtMs, endsAtMs }) => daysFrom(dayAt(startsAtMs), dayAt(endsAtMs));
  }

  see(events: readonly CrawledEvent[], atMs: number): void {
    const today = (this.#today = this.#dayAt(atMs));
    const ranges = events.map(({ start, end }) => daysFrom(dayOf(start), dayOf(end)));
    const covered = new Set(ranges.flat());
    for (const run of this.#running()) this.#reopen(run, covered, atMs);
    for (const run of this.entries) if (isRetaken(run, covered, today, atMs)) run.isRetaken = true;
    // Until midnight is in the calendar, too, a stay that leaves today is in it with its last night.
    const taken = new Set(this.#running(today - 1).flatMap(({ nights }) => [...nights]));
    const runs = ranges.flatMap((range) => splitRuns(range.filter((night) => !taken.has(night))));
    const closed = runs.flatMap((run) => splitRuns(this.#closedOf(run)));
    const isClosed = new Set(closed.flat());
    for (const nights of runs.flatMap((run) => splitRuns(run.filter((night) => !isClosed.has(night))))) {
      if (Math.max(...nights) < today) continue;
      const name = nights.map((night) => new Date(night * DAY_MS).toISOString().slice(2, 10)).join(' ');
      this.entries.push({
        ...{ name, firstSeenMs: atMs, nights: new Set(nights), goneAtMs: null, openSince: new Map() },
      });
    }
    this.#closures = closed;
  }

  #closedOf(run: readonly number[]): number[] {
    const [first = 0, last = 0] = [run[0], run.at(-1)];
    const old = this.#closures.find(
      (nights) => (nights.at(-1) ?? 0) <= last && nights.some((night) => run.includes(night)),
    );
    const isOld = (night: number): boolean => old?.includes(night) ?? false;
    if (run.length > MAX_NIGHTS) {
      const horizon = this.#today + HORIZON_MS / DAY_MS;
      const gained = splitRuns(
        run.filter((night) => !isOld(night) && (last < horizon || night < (old?.[0] ?? 0))),
      );
      const stays = new Set(old ? gained.filter(({ length }) => length <= MAX_NIGHTS).flat() : []);
      return run.filter((night) => !stays.has(night));
    }
    // Midnight moves a range's first day on to today, in a zone that may be ahead by a day.
    return first <= this.#today + 1 && isOld(first) ? run.filter(isOld) : [];
  }

  listed(): Listed[] {
    return this.#running().map((entry) => ({
      entry,
      nights: new Set([...entry.nights].filter((night) => !entry.openSince.has(night))),
    }));
  }

  /** The last to have each night, also if gone by now: the engine may say so at the poll that settles it, or later. */
  find(reservation: Reservation): Entry[] {
    const days = new Set(this.#daysOf(reservation).filter((day) => day >= this.#today));
    return this.entries.toReversed().filter(({ nights }) => {
      const own = [...nights].filter((night) => days.delete(night));
      return own.length > 0;
    });
  }

  #running(since = this.#today): Run[] {
    return this.entries.filter((run) => run.goneAtMs === null && Math.max(...run.nights) >= since);
  }

  #reopen(run: Run, covered: ReadonlySet<number>, atMs: number): void {
    const left = [...run.nights].filter((night) => night >= this.#today);
    for (const night of left) {
      if (covered.has(night)) run.openSince.delete(night);
      else if (!run.openSince.has(night)) run.openSince.set(night, atMs);
    }
    const reopened = left.filter((night) => atMs - (run.openSince.get(night) ?? atMs) >= OPEN_MS);
    if (reopened.length === left.length) {
      run.goneAtMs = Math.max(...reopened.map((night) => run.openSince.get(night) ?? atMs));
    } else {
      for (const night of reopened) run.nights.delete(night);
    }
  }
}

function isRetaken(
  { goneAtMs, nights }: Run,
  covered: ReadonlySet<number>,
  today: number,
  atMs: number,
): boolean {
  if (goneAtMs === null || atMs - goneAtMs > LONGEST_DOUBT_MS) return false;
  return [...nights].some((night) => night >= today && covered.has(night));
}

function splitRuns(nights: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const night of nights) {
    const run = runs.at(-1);
    if (run?.at(-1) === night - 1) run.push(night);
    else runs.push([night]);
  }
  return runs;
}
