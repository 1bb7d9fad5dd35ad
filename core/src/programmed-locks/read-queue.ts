/**
 * What a lock is asked, one read at a time: some gateways send all that they remember of a lock with every answer, and only what
 * was asked for is new.
 * @module
 */
import { type SlotPolicy, waitAfter } from './policy.ts';
import type { Asked } from './slot-record.ts';

/** A slot, or `null` for the whole list. */
export type ReadKey = number | null;

export class ReadQueue {
  readonly #asked: Map<ReadKey, Asked>;
  readonly #wanted = new Map<ReadKey, number>();
  readonly #policy: SlotPolicy;
  readonly #nowMs: number;

  constructor(asked: ReadonlyMap<ReadKey, Asked>, policy: SlotPolicy, nowMs: number) {
    this.#asked = new Map(asked);
    this.#policy = policy;
    this.#nowMs = nowMs;
  }

  /** Reads that left, the one that `take` gave included. */
  get asked(): ReadonlyMap<ReadKey, Asked> {
    return this.#asked;
  }

  /** To be read, at `fromMs` at the earliest. */
  want(key: ReadKey, fromMs: number): void {
    this.#wanted.set(key, fromMs);
  }

  /** To be read after a command: what was asked before it says nothing about it. */
  wantAnew(key: ReadKey): void {
    const before = this.#asked.get(key);
    if (before) this.#asked.set(key, { ...before, times: 0 });
    this.want(key, this.#nowMs);
  }

  /** How often a read left without an answer; of any, where none is named. */
  timesInVain(key?: ReadKey): number {
    if (key !== undefined) return this.#asked.get(key)?.times ?? 0;
    return Math.max(0, ...[...this.#asked.values()].map(({ times }) => times));
  }

  /**
   * The read to send now, and when to look again. The one that was asked for the fewest times goes first, so that a slot which
   * never answers holds up no other.
   */
  take(): { readonly read: { readonly slot: ReadKey } | null; readonly nextAtMs: number } {
    const firstWaitMs = waitAfter(this.#policy, 1);
    const underway = [...this.#asked.values()].filter(({ times }) => times > 0);
    const freeAtMs = Math.max(...underway.map(({ atMs }) => atMs + firstWaitMs));
    const wanted = [...this.#wanted].map(([key, fromMs]) => {
      const { times, atMs } = this.#asked.get(key) ?? { times: 0, atMs: -Infinity };
      return { key, times, dueAtMs: Math.max(fromMs, freeAtMs, atMs + waitAfter(this.#policy, times)) };
    });
    const due = wanted.filter(({ dueAtMs }) => dueAtMs <= this.#nowMs).sort((a, b) => a.times - b.times);
    const later = wanted.filter(({ dueAtMs }) => dueAtMs > this.#nowMs).map(({ dueAtMs }) => dueAtMs);
    const [next, ...rest] = due;
    if (!next) return { read: null, nextAtMs: Math.min(...later) };
    const times = next.times + 1;
    this.#asked.set(next.key, { times, atMs: this.#nowMs });
    const waitMs = rest.length > 0 ? firstWaitMs : waitAfter(this.#policy, times);
    return { read: { slot: next.key }, nextAtMs: Math.min(this.#nowMs + waitMs, ...later) };
  }
}
