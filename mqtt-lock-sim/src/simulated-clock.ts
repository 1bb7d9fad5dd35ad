/**
 * The simulated lock's clocks: a real-time clock that follows the machine's time from a moment and rate of its own.
 * @module
 */
import type { Clock, DeviceClock } from '@staycode/core/edges';

export class SimulatedClock implements DeviceClock {
  readonly #system: Clock;
  readonly #bootMs: number;
  #fromSystemMs: number;
  #fromMs: number;

  /** @param startAtMs what the clock reads now; the machine's time unless given */
  constructor(system: Clock, startAtMs?: number) {
    this.#system = system;
    this.#bootMs = system.monotonic();
    this.#fromSystemMs = system.now();
    this.#fromMs = startAtMs ?? this.#fromSystemMs;
  }

  clockMs(): number {
    return this.#fromMs + (this.#system.now() - this.#fromSystemMs);
  }

  setClock(atMs: number): void {
    this.#fromSystemMs = this.#system.now();
    this.#fromMs = atMs;
  }

  uptimeMs(): number {
    return this.#system.monotonic() - this.#bootMs;
  }

  delay(ms: number): Promise<void> {
    return this.#system.delay(ms);
  }
}
