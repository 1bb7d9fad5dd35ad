/**
 * An entry of a lock's log: one record of what happened, with its place. Its text is made once, at the lock, and is the same on
 * the lock's disk, on the wire and in the keeper's copy; hashes are of that text, so nobody needs a canonical form of JSON.
 * @module
 */
import type { LockRecord } from '../lock/memory.ts';

/** Matter's names (DoorLock cluster). */
export type DoorEvent = 'LockOperation' | 'LockOperationError' | 'DoorLockAlarm';

export interface LogEntry {
  readonly lockId: string;
  /** 32 hex digits, random at the beginning of the log: a log begun anew is another log. */
  readonly logId: string;
  /** Contiguous from 1. */
  readonly seq: number;
  /** 32 hex digits, random per boot. */
  readonly bootId: string;
  /** `null` for what did not happen at the door: a boot, a stored time, a signature. */
  readonly event: DoorEvent | null;
  /** Wall and powered time, window, kind, revision, reason; never digits. */
  readonly record: LockRecord;
}

/** The entry's text, one line. */
export function formatEntry({ lockId, logId, seq, bootId, record }: Omit<LogEntry, 'event'>): string {
  return JSON.stringify({ lockId, logId, seq, bootId, event: doorEventOf(record), record });
}

/** What a record is called in Matter. */
function doorEventOf(record: LockRecord): DoorEvent | null {
  switch (record.type) {
    case 'entry':
      return record.outcome === 'refused' ? 'LockOperationError' : 'LockOperation';
    case 'command-refused':
      return 'LockOperationError';
    case 'operation':
    case 'heard':
      return 'LockOperation';
    case 'alarm':
      return 'DoorLockAlarm';
    case 'time':
    case 'boot':
    case 'head':
    case 'command':
      return null;
  }
}
