/**
 * What the flow is told of a door. Never digits.
 * @module
 */
import { type AccessCode, lockEventOf, type LogEntry, sameCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeMessage } from 'node-red';
import type { ToldEntry } from './entry-teller.mts';

/** What the register knows of the code in an entry. */
export interface KnownStay {
  readonly code: AccessCode | null;
  /** By its reservation, as long as the stay is on record. */
  readonly guestName: string | null;
}

/** What the flow is told of an entry; `null` for an entry of what was not seen at the door, as a stored time. */
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
      ...(record.type === 'heard' && { slot: record.slot }),
      ...{ reservationId: code?.reservationId ?? null, accessCodeId: code?.id ?? null, guestName },
      ...{ firstUse, historical },
    },
    mayBeDuplicate,
  };
}

/** The code in an entry, by the register. */
export function findStay(store: AccessCodeStore, { record }: LogEntry): KnownStay {
  const id = record.type === 'entry' || record.type === 'heard' ? record.code : undefined;
  if (id === undefined) return { code: null, guestName: null };
  const { codes, stays } = store.readUnit(id.unitId);
  const code = codes.find((one) => sameCode(one, id)) ?? null;
  const stay = stays.find((one) => one.stay.id === code?.reservationId)?.stay;
  return { code, guestName: stay?.guestName ?? null };
}

function toIso(atMs: number): string {
  return new Date(atMs).toISOString();
}
