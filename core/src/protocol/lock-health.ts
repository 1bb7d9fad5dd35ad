/**
 * What a host watches at a lock, and no controller acts upon: version 1, JSON, retained beside the state.
 * @module
 */
import { closedFor } from '../lock/can-open.ts';
import type { LockNow } from '../lock/authorizations.ts';
import type { LockMemory, LockRecord } from '../lock/memory.ts';

export interface LockHealth {
  readonly v: 1;
  readonly lockId: string;
  /** Too many wrong entries: those of a length are refused unexamined, with codes that are right among them. */
  readonly lockout: boolean;
  /** Numbers of log entries: the newest, and the last that the keeper has acknowledged; 0 for none. */
  readonly log: { readonly last: number; readonly acknowledged: number };
}

/** Whether entries of any length are closed. */
export function isLockedOut(memory: LockMemory, now: LockNow): boolean {
  return closedFor(memory, 'short', now) > 0 || closedFor(memory, 'long', now) > 0;
}

/** By the lock's last records, oldest first. */
export function isTampered(records: readonly LockRecord[]): boolean {
  const last = records.findLast(
    (record) =>
      (record.type === 'alarm' && record.alarm === 'forced') ||
      (record.type === 'entry' && record.outcome === 'opened'),
  );
  return last?.type === 'alarm';
}
