/** The machine's time, moved by a test. */
import type { Clock } from '@staycode/core/edges';

/** A verdict's tick passes by itself; a longer delay waits until the test has passed its time. */
const TICK_MS = 250;

export class HandClock implements Clock {
  #atMs: number;
  readonly #bornMs: number;
  readonly #waiting = new Set<{ readonly untilMs: number; readonly wake: () => void }>();

  constructor(startAt: string) {
    this.#atMs = Date.parse(startAt);
    this.#bornMs = this.#atMs;
  }

  now(): number {
    return this.#atMs;
  }

  monotonic(): number {
    return this.#atMs - this.#bornMs;
  }

  delay(ms: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    if (ms <= TICK_MS) {
      this.pass(ms);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting = { untilMs: this.#atMs + ms, wake: resolve };
      this.#waiting.add(waiting);
      options.signal?.addEventListener('abort', () => {
        this.#waiting.delete(waiting);
        reject(new Error('aborted'));
      });
    });
  }

  pass(ms: number): void {
    this.#atMs += ms;
    for (const waiting of this.#waiting) {
      if (waiting.untilMs > this.#atMs) continue;
      this.#waiting.delete(waiting);
      waiting.wake();
    }
  }
}
