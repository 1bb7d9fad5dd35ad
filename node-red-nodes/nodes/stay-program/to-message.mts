/**
 * What the flow is told of a lock that keeps its own list: the PIN that is in it, who opened, and what is wrong.
 * @module
 */
import { type AccessCode, type LockTarget, pinOf, type SlotRecord } from '@staycode/core';
import type { AccessCodeStore, ListedOpening } from '@staycode/core/edges';
import type { NodeMessage } from 'node-red';

export interface LockContext {
  readonly lockId: string;
  readonly lockName: string;
  readonly store: AccessCodeStore;
  readonly unitIds: readonly string[];
}

/** A code and its stay, as far as the register has them. */
export interface KnownCode {
  readonly code: AccessCode | null;
  readonly guestName: string | null;
}

export function findCode({ store, unitIds }: LockContext, accessCodeId: string | null): KnownCode {
  for (const unitId of unitIds) {
    const { codes, stays } = store.readUnit(unitId);
    const code = codes.find(({ id }) => id === accessCodeId);
    if (code === undefined) continue;
    const record = stays.find(({ stay }) => stay.id === code.reservationId);
    return { code, guestName: record?.stay.guestName ?? null };
  }
  return { code: null, guestName: null };
}

export interface PinInLock {
  readonly record: SlotRecord;
  readonly known: KnownCode;
  readonly target: LockTarget;
  /** The twelve digits of the code that gives the PIN. */
  readonly digits: string;
  readonly mayBeDuplicate: boolean;
}

/** The first output's: the payload is the PIN that the guest types at this lock. */
export function toPinMessage(
  { lockId, lockName }: LockContext,
  { record, known, target, digits, mayBeDuplicate }: PinInLock,
): NodeMessage {
  const { pinChoice, window } = record;
  return {
    topic: lockName,
    payload: pinOf(digits, pinChoice, target.pinLimits),
    event: 'set',
    // Else it is a PIN of this lock's own, and the guest has to be told it.
    isShortCode: pinChoice === 0,
    mayBeDuplicate,
    code: { lockId, ...describe(known), startsAt: toIso(window.startsAtMs), endsAt: toIso(window.endsAtMs) },
  };
}

export interface Opening extends ListedOpening {
  readonly firstUse: boolean;
  readonly historical: boolean;
}

/** The second output's, as `stay-lock-in` has it. */
export function toDoorMessage(
  { lockId, lockName }: LockContext,
  opening: Opening,
  known: KnownCode,
): NodeMessage {
  const event = 'LockOperation';
  const { slot, atMs, firstUse, historical } = opening;
  return {
    topic: lockName,
    event,
    payload: {
      ...{ event, operation: 'Unlock', source: 'Keypad', reason: known.code ? 'pin' : null, lockId, slot },
      ...{ at: toIso(atMs), ...describe(known), firstUse, historical },
    },
    mayBeDuplicate: historical,
  };
}

function describe({ code, guestName }: KnownCode): Record<string, unknown> {
  return {
    ...{ unitId: code?.unitId ?? null, reservationId: code?.reservationId ?? null },
    ...{ accessCodeId: code?.id ?? null, guestName },
  };
}

const toIso = (atMs: number): string => new Date(atMs).toISOString();
