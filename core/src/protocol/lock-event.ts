/**
 * A lock's record as an event in Matter's words (DoorLock cluster: LockOperation, LockOperationError). Holds no digits.
 * @module
 */
import type { CodeId } from '../lock/keyring.ts';
import type { EntryRecord, LockRecord } from '../lock/memory.ts';
import type { LockEvent } from './messages.ts';

const SOURCES = { manual: 'Manual', remote: 'Remote', auto: 'Auto' } as const;

/** The event to tell of a record, or `null` for one of which nothing is seen at the door. */
export function lockEventOf(lockId: string, seq: number, record: LockRecord): LockEvent | null {
  const head = { v: 1, lockId, seq, atMs: Math.round(record.atMs) } as const;
  switch (record.type) {
    case 'entry':
      return { ...head, ...entryPart(record) };
    case 'heard': {
      const { code } = record;
      return {
        ...head,
        event: 'LockOperation',
        operation: 'Unlock',
        source: 'Keypad',
        ...ofCode(code, code ? 'pin' : null),
      };
    }
    case 'operation': {
      const operation = record.operation === 'lock' ? 'Lock' : 'Unlock';
      const source = SOURCES[record.source];
      return { ...head, event: 'LockOperation', operation, source, reason: null, unitId: null, window: null };
    }
    case 'alarm': {
      const { alarm } = record;
      return {
        ...head,
        event: 'DoorLockAlarm',
        operation: null,
        source: 'Auto',
        reason: alarm,
        unitId: null,
        window: null,
      };
    }
    case 'command-refused':
      return {
        ...head,
        event: 'LockOperationError',
        operation: null,
        source: 'Remote',
        reason: record.reason,
        unitId: null,
        window: null,
      };
    case 'time':
    case 'boot':
    case 'head':
    case 'command':
      return null;
  }
}

function entryPart(record: EntryRecord): Omit<LockEvent, 'v' | 'lockId' | 'seq' | 'atMs'> {
  const { code, outcome, reason } = record;
  return {
    event: outcome === 'refused' ? 'LockOperationError' : 'LockOperation',
    operation: outcome === 'done' ? null : 'Unlock',
    source: 'Keypad',
    ...ofCode(code, reason),
  };
}

function ofCode(
  code: CodeId | undefined,
  reason: LockEvent['reason'],
): Pick<LockEvent, 'reason' | 'unitId' | 'window'> {
  const window = code ? { startsAtMs: code.startsAtMs, endsAtMs: code.endsAtMs } : null;
  return { reason, unitId: code?.unitId ?? null, window };
}
