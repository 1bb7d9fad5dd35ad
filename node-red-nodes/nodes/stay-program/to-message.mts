/**
 * What the flow is told of a lock that keeps its own list: the PIN that is in it, and what is wrong.
 * @module
 */
import { type LockTarget, pinOf, type SlotNews, type SlotRecord } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI, NodeMessage } from 'node-red';
import type { KnownStay } from '../door-message.mts';

export interface LockContext {
  readonly lockId: string;
  readonly lockName: string;
  readonly store: AccessCodeStore;
  readonly unitIds: readonly string[];
}

export function findCode({ store, unitIds }: LockContext, accessCodeId: string): KnownStay {
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
  readonly known: KnownStay;
  readonly target: LockTarget;
  /** The twelve digits of the code that gives the PIN. */
  readonly digits: string;
  readonly mayBeDuplicate: boolean;
}

export interface SlotTrouble {
  readonly record: SlotRecord;
  readonly known: KnownStay;
  readonly news: SlotNews & { readonly news: 'failed' | 'mended' };
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

/** The third output's: a sentence for the host as payload, the reason beside it. */
export function toHostMessage(
  RED: NodeAPI,
  { lockId, lockName }: LockContext,
  { record, known, news, mayBeDuplicate }: SlotTrouble,
): NodeMessage {
  const { code, guestName } = known;
  const isEnded = code?.withdrawnAtMs !== null || code.endsAtMs <= Date.now();
  const reason = news.news === 'mended' ? 'mended' : isEnded ? 'still-in-lock' : 'not-in-lock';
  const detail = news.news === 'failed' ? news.message : null;
  const who = guestName ?? code?.reservationId ?? record.accessCodeId;
  const payload = RED._(`stay-program.note.${reason}`, { lock: lockName, who, detail: detail ?? '' });
  const problem = { reason, detail, lockId, reservationId: code?.reservationId ?? null };
  return { topic: lockName, payload, problem, mayBeDuplicate };
}

function describe({ code, guestName }: KnownStay): Record<string, unknown> {
  return {
    ...{ unitId: code?.unitId ?? null, reservationId: code?.reservationId ?? null },
    ...{ accessCodeId: code?.id ?? null, guestName },
  };
}

const toIso = (atMs: number): string => new Date(atMs).toISOString();
