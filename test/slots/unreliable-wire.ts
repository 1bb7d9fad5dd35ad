/** Time that only moves with what happens, and a wire between host and lock that drops, doubles and delays by seed. */
import type { Random } from '../support/random.ts';

export class EventQueue {
  nowMs: number;
  readonly #events: { atMs: number; order: number; run: () => void }[] = [];
  #order = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  at(atMs: number, run: () => void): void {
    const event = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run };
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle];
      // Descending, so that the next one is at the end.
      if (other && (other.atMs > event.atMs || (other.atMs === event.atMs && other.order < event.order)))
        low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
  }

  runUntil(endMs: number): void {
    for (let event = this.#events.pop(); event && event.atMs <= endMs; event = this.#events.pop()) {
      this.nowMs = event.atMs;
      event.run();
    }
    this.nowMs = endMs;
  }
}

export interface WireFaults {
  readonly drop: number;
  readonly double: number;
  /** How often a message takes up to two minutes instead of up to two seconds. */
  readonly delay: number;
}

/** How long each copy of a message takes: one, two or none. */
export function deliveries(random: Random, { drop, double, delay }: WireFaults): number[] {
  const copies = random.chance(drop) ? 0 : random.chance(double) ? 2 : 1;
  return Array.from({ length: copies }, () => random.whole(50, random.chance(delay) ? 120_000 : 2_000));
}

/** Runs `arrive` when the message is there: once, twice or never. */
export function carry(queue: EventQueue, random: Random, faults: WireFaults, arrive: () => void): void {
  for (const ms of deliveries(random, faults)) queue.at(queue.nowMs + ms, arrive);
}
