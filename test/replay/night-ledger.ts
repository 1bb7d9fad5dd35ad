/**
 * The ledger of Booking.com, where UIDs and ranges come and go: a stay is a run of nights that appeared at once. A night that
 * is open for a day was opened again, whatever comes there later: the crawl cannot tell a cancelled stay from a reopened
 * closure, nor the next booking from the last. A stay is gone for good once all its nights to come are open so. Ranges of more
 * than 31 nights are closures, and so is what midnight leaves of them.
 */
import type { Reservation } from '../../core/src/reservations/reservation.ts';
import type { CrawledEvent } from './crawl.ts';
import { DAY_MS, dayOf, daysFrom, type Entry, type Ledger, type Listed } from './ledger.ts';

const MAX_NIGHTS = 31;

interface Run extends Entry {
  nights: Set<number>;
  /** Since when nights are open. */
  readonly openSince: Map<number, number>;
}

export class NightLedger implements Ledger {
  readonly entries: Run[] = [];
  readonly #dayAt: (atMs: number) => number;
  readonly #daysOf: (reservation: Reservation) => number[];
  #closures: { from: number; to: number }[] = [];
  #today = 0;

  constructor(dayAt: (atMs: number) => number) {
    this.#dayAt = dayAt;
    this.#daysOf = ({ startsAtMs, endsAtMs }) => daysFrom(dayAt(startsAtMs), dayAt(endsAtMs));
  }

  see(events: readonly CrawledEvent[], atMs: number): void {
    const today = (this.#today = this.#dayAt(atMs));
    const ranges = events.map(({ start, end }) => ({ from: dayOf(start), to: dayOf(end) }));
    const covered = new Set(ranges.flatMap(({ from, to }) => daysFrom(from, to)));
    for (const run of this.#running()) this.#reopen(run, covered, atMs);
    const closures = ranges.flatMap((range) => {
      if (range.to - range.from > MAX_NIGHTS) return [range];
      // Midnight moves a range's first day on to today, in a zone that may be ahead by a day.
      const old = this.#closures.find(
        ({ from, to }) => range.from <= today + 1 && from <= range.from && range.from < to && to <= range.to,
      );
      return old ? [{ from: range.from, to: old.to }] : [];
    });
    const taken = new Set([
      ...this.#running().flatMap(({ nights }) => [...nights]),
      ...closures.flatMap(({ from, to }) => daysFrom(from, to)),
    ]);
    for (const { from, to } of ranges) {
      if (to <= today || to - from > MAX_NIGHTS) continue;
      for (const nights of splitRuns(daysFrom(from, to).filter((night) => !taken.has(night)))) {
        const name = nights.map((night) => new Date(night * DAY_MS).toISOString().slice(2, 10)).join(' ');
        const isOver = Math.max(...nights) < today;
        if (!isOver)
          this.entries.push({
            name,
            firstSeenMs: atMs,
            nights: new Set(nights),
            goneAtMs: null,
            openSince: new Map(),
          });
      }
    }
    this.#closures = closures;
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

  #running(): Run[] {
    return this.entries.filter((run) => run.goneAtMs === null && Math.max(...run.nights) >= this.#today);
  }

  #reopen(run: Run, covered: ReadonlySet<number>, atMs: number): void {
    const left = [...run.nights].filter((night) => night >= this.#today);
    for (const night of left) {
      if (covered.has(night)) run.openSince.delete(night);
      else if (!run.openSince.has(night)) run.openSince.set(night, atMs);
    }
    const reopened = left.filter((night) => atMs - (run.openSince.get(night) ?? atMs) >= DAY_MS);
    if (reopened.length === left.length) {
      run.goneAtMs = Math.max(...reopened.map((night) => run.openSince.get(night) ?? atMs));
    } else {
      for (const night of reopened) run.nights.delete(night);
    }
  }
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
