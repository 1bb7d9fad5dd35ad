/**
 * Time as data: what a program needs of clocks, with the system's as the default.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerClock } from '../protocol/lock-controller.ts';

export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds that only rise, from any start. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason if it aborts first. */
  delay(ms: number, options?: { signal?: AbortSignal }): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  delay: async (ms, options) => {
    await sleep(ms, undefined, options);
  },
};

/** For controllers: steps of the wall clock, and waiting timers, hold nothing up, neither the deadlines nor the process's end. */
export const controllerClock: ControllerClock = {
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
