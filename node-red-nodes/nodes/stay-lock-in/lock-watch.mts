/**
 * Tells the host once when a lock goes and when it is back, when its battery is low, and when its door was forced.
 * @module
 */
import { type LockState, LOW_BATTERY_PERCENT, STALE_MS } from '@staycode/core';
import type { LockStatus } from './status.mts';
import type { Trouble } from './to-message.mts';

export interface LockWatch {
  readonly stateCame: (state: LockState) => void;
  readonly reachableChanged: (reachable: boolean) => void;
  readonly close: () => void;
}

export function watchLock(
  warn: (trouble: Trouble, detail?: string | null) => void,
  show: LockStatus['reachable'],
): LockWatch {
  let missed = false;
  let low = false;
  let forced = false;
  const miss = (): void => {
    if (!missed) warn('out-of-reach');
    missed = true;
  };
  // One that was away before Node-RED started is heard of, too.
  const waiting = setTimeout(miss, STALE_MS);
  return {
    stateCame({ battery, tampered }) {
      const isLow = battery !== null && battery <= LOW_BATTERY_PERCENT;
      if (isLow && !low) warn('battery-low', String(battery));
      low = isLow;
      if (tampered && !forced) warn('forced');
      forced = tampered;
    },
    reachableChanged(reachable) {
      clearTimeout(waiting);
      show(reachable);
      if (!reachable) miss();
      else if (missed) {
        missed = false;
        warn('back');
      }
    },
    close() {
      clearTimeout(waiting);
    },
  };
}
