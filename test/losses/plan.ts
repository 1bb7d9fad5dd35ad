/** What a run's lock and host are given; the keys are examples. */
import { deriveLockKey, type LockFile } from '@staycode/core';
import { hammerConfig } from '../hammer/plan.ts';

/** The controller that keeps the log. */
export const KEEPER = 'host';

/** What a lock process is told in its argument, as JSON. */
export interface LockPlan {
  readonly url: string;
  readonly folder: string;
  readonly lockId: string;
  /** What still has to happen at the door. */
  readonly acts: number;
  readonly seed: number;
}

/** The same for the host's process. */
export interface HostPlan {
  readonly url: string;
  readonly folder: string;
  readonly lockId: string;
  /** Another than the keeper listens and acknowledges like it, and must not be believed. */
  readonly controllerId: string;
  readonly commands: number;
  readonly seed: number;
  /** Without, the keeper acknowledges what is not on its disk: to show what the count must notice. */
  readonly syncs: boolean;
}

/** What both tell of: an entry on the lock's disk, and what came of a command. */
export type Report =
  | { readonly made: number }
  | { readonly actsDone: true }
  /** `ok`, or why not. */
  | { readonly command: string }
  | { readonly commandsDone: true }
  | { readonly duplicates: number };

export function lockFileOf(lockId: string): LockFile {
  const lockKey = deriveLockKey(new Uint8Array(32).fill(0x33), lockId, 1);
  return { ...hammerConfig(), lockId, name: lockId, zone: 'UTC', lockKey, keeper: KEEPER };
}
