/**
 * What the locks said last of themselves, for nodes that do not listen to them: `stay-lock-in` writes it down here.
 * @module
 */
import type { HeardState, LockState } from '@staycode/core';

export interface LockEar {
  /** @param isRetained whether a broker had kept it */
  heard(state: LockState, isRetained: boolean): void;
  /** The lock went out of reach: what it said before counts no more. */
  lost(): void;
  /** Nobody listens to the lock any more. */
  end(): void;
}

const states = new Map<string, HeardState | null>();

/** From now on someone listens to the lock. */
export function listenToLock(lockId: string): LockEar {
  states.set(lockId, null);
  return {
    heard(state, isRetained) {
      const heardAtMs = Date.now();
      states.set(lockId, { state, heardAtMs, aheadMs: isRetained ? null : state.atMs - heardAtMs });
    },
    lost() {
      states.set(lockId, null);
    },
    end() {
      states.delete(lockId);
    },
  };
}

/** The last state that came, `null` where none has, `undefined` where nobody listens to the lock. */
export function stateOfLock(lockId: string): HeardState | null | undefined {
  return states.get(lockId);
}
