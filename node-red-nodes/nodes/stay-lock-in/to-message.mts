/**
 * What the flow is told of a door. Never digits.
 * @module
 */
import { type AccessCode, type CodeId, lockEventOf, type LogEntry, sameCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI, NodeMessage } from 'node-red';
import { codesOf } from '../lock-codes.mts';
import type { ToldEntry } from './log-desk.mts';

/** What the register knows of the code in an entry. */
export interface KnownStay {
  readonly code: AccessCode | null;
  /** By its reservation, as long as the stay is on record. */
  readonly guestName: string | null;
}

/** The first output's message; `null` for an entry of what was not seen at the door, as a stored time. */
export function toDoorMessage(
  lockName: string,
  { entry, historical, mayBeDuplicate, firstUse }: ToldEntry,
  { code, guestName }: KnownStay,
): NodeMessage | null {
  const { lockId, logId, seq, record } = entry;
  const door = lockEventOf(lockId, seq, record);
  if (door === null) return null;
  const { event, operation, source, reason, unitId, window } = door;
  return {
    topic: lockName,
    event,
    payload: {
      ...{ event, operation, source, reason, lockId, logId, seq, at: toIso(door.atMs), unitId },
      window: window && { startsAt: toIso(window.startsAtMs), endsAt: toIso(window.endsAtMs) },
      staff: record.type === 'entry' ? (record.staff?.name ?? null) : null,
      ...{ reservationId: code?.reservationId ?? null, accessCodeId: code?.id ?? null, guestName },
      ...{ firstUse, historical },
    },
    mayBeDuplicate,
  };
}

/** The code in an entry, by the register. */
export function findStay(store: AccessCodeStore, { record }: LogEntry): KnownStay {
  const id = record.type === 'entry' ? record.code : undefined;
  if (id === undefined) return { code: null, guestName: null };
  const { codes, stays } = store.readUnit(id.unitId);
  const code = codes.find((one) => sameCode(one, id)) ?? null;
  const stay = stays.find((one) => one.stay.id === code?.reservationId)?.stay;
  return { code, guestName: stay?.guestName ?? null };
}

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

function toIso(atMs: number): string {
  return new Date(atMs).toISOString();
}
