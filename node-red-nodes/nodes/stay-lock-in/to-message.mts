/**
 * What the host is told of a lock. Never digits.
 * @module
 */
import { type CodeId, type LogEntry, sameCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI, NodeMessage } from 'node-red';
import { codesOf } from '../lock-codes.mts';

/** The code that opened, where the register does not know it; it opened all the same, for the lock goes by the digits alone. */
export function findUnlisted(store: AccessCodeStore, { record }: LogEntry): CodeId | null {
  if (record.type !== 'entry' || record.outcome !== 'opened' || record.code === undefined) return null;
  const { code } = record;
  return codesOf(store, { units: [code] }).some((one) => sameCode(one, code)) ? null : code;
}

export type Trouble =
  | 'out-of-reach'
  | 'back'
  | 'log-fault'
  | 'battery-low'
  | 'forced'
  | 'unlisted'
  /** As `unlisted`, from the lock's own list: the log that came here does not tell when. */
  | 'unlisted-code'
  /** The lock holds a unit key that its node here does not give it, or lacks one. */
  | 'foreign-key'
  | 'missing-key'
  /** The lock was told that a code is off, and does not take it. */
  | 'not-revoked';

/** The second output's message: a sentence for the host as payload, the reason beside it. */
export function toHostMessage(
  RED: NodeAPI,
  lock: { readonly lockId: string; readonly name: string },
  reason: Trouble,
  detail: string | null,
): NodeMessage {
  const payload = RED._(`stay-lock-in.note.${reason}`, { lock: lock.name, detail: detail ?? '' });
  return { topic: lock.name, payload, problem: { reason, detail, lockId: lock.lockId } };
}
