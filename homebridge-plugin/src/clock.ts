/**
 * Time at this program's edge.
 * @module
 */
import type { ControllerClock } from '@staycode/core';

/** The clocks of the platform. */
export interface PlatformClock extends ControllerClock {
  /** Milliseconds since 1970 UTC, by the host's clock. */
  wallMs(): number;
}

/** Steps of the host's wall clock, and waiting timers, hold nothing up: neither the deadlines nor the process's end. */
export const systemClock: PlatformClock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
