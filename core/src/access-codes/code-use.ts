/**
 * What a lock's log says of the use of codes: the host learns from it that a code is good at the door, when it comes home.
 * @module
 */
import type { CodeId } from '../lock/keyring.ts';
import type { LogEntry } from '../log/entry.ts';

/** A code opened a lock with its twelve digits or a PIN. */
export interface CodeUse {
  readonly code: CodeId;
  readonly lockId: string;
  /** By the lock's clock, its best guess where that was lost. */
  readonly usedAtMs: number;
}

/** The use that an entry tells of, or `null`. */
export function codeUseOf({ lockId, record }: LogEntry): CodeUse | null {
  const isOpening = record.type === 'heard' || (record.type === 'entry' && record.outcome === 'opened');
  if (!isOpening || record.code === undefined) return null;
  return { code: record.code, lockId, usedAtMs: Math.round(record.atMs) };
}
