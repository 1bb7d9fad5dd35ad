/**
 * The simulated lock's clocks: a battery-backed real-time clock that follows the machine's time from a moment and at a
 * rate of its own, and the powered time since the boot, which stands still while there is no power.
 * @module
 */
import type { Clock, DeviceClock } from '@staycode/core/edges';

/** What the real-time clock reads once its own battery was empty. */
const FACTORY_MS = Date.UTC(2000, 0, 1);

export class SimulatedClock implements DeviceClock {
  readonly #system: Clock;
  #bootMs: number;
  #haltedMs: number | null = null;
  #fromSystemMs: number;
  #fromMs: number;
  #rate = 1;

  /** @param startAtMs what the clock reads now; the machine's time unless given */
  constructor(system: Clock, startAtMs?: number) {
    this.#system = system;
    this.#bootMs = system.monotonic();
    this.#fromSystemMs = system.now();
    this.#fromMs = startAtMs ?? this.#fromSystemMs;
  }

  clockMs(): number {
    return Math.round(this.#fromMs + (this.#system.now() - this.#fromSystemMs) * this.#rate);
  }

  setClock(atMs: number): void {
    this.#fromSystemMs = this.#system.now();
    this.#fromMs = atMs;
  }

  /** From now on the clock gains, or below 0 loses, `ppm` microseconds a second; what it is off already stays. */
  drift(ppm: number): void {
    this.setClock(this.clockMs());
    this.#rate = 1 + ppm / 1e6;
  }

  jump(ms: number): void {
    this.setClock(this.clockMs() + ms);
  }

  lose(): void {
    this.setClock(FACTORY_MS);
  }

  uptimeMs(): number {
    return (this.#haltedMs ?? this.#system.monotonic()) - this.#bootMs;
  }

  /** The power goes: the real-time clock runs on from its battery, powered time does not. */
  halt(): void {
    this.#haltedMs ??= this.#system.monotonic();
  }

  /** The power is back, and powered time counts from 0. */
  boot(): void {
    this.#haltedMs = null;
    this.#bootMs = this.#system.monotonic();
  }

  delay(ms: number): Promise<void> {
    return this.#system.delay(ms);
  }
}
