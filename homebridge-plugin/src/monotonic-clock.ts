/**
 * Time at this program's edge.
 * @module
 */
import type { ControllerClock } from '@staycode/core';

/** Steps of the host's wall clock, and waiting timers, hold nothing up: neither the deadlines nor the process's end. */
export const monotonicClock: ControllerClock = {
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
