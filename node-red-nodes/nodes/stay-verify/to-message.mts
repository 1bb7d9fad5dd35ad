/**
 * What the flow is told of an entry. Never its digits.
 * @module
 */
import type { EntryRecord } from '@staycode/core';

export interface VerdictPayload {
  readonly outcome: EntryRecord['outcome'];
  /** For the host, not for the door; `stopped` where the lock cannot judge. */
  readonly reason: EntryRecord['reason'] | 'stopped';
  readonly lockId: string | null;
  /** ISO 8601, by the lock's clock. */
  readonly at: string | null;
  readonly unitId: string | null;
  readonly window: { readonly startsAt: string; readonly endsAt: string } | null;
  /** Whose staff code it was. */
  readonly staff: string | null;
  /** Six digits that opened nothing and may be the first half of twelve: a keypad may stay silent on them. */
  readonly firstHalf: boolean;
}

/** The payload on a judged entry. */
export function toPayload(lockId: string, record: EntryRecord, firstHalf: boolean): VerdictPayload {
  const { outcome, reason, atMs, code, staff } = record;
  return {
    outcome,
    reason,
    lockId,
    at: toIso(atMs),
    unitId: code?.unitId ?? null,
    window: code ? { startsAt: toIso(code.startsAtMs), endsAt: toIso(code.endsAtMs) } : null,
    staff: staff?.name ?? null,
    firstHalf,
  };
}

/** The payload on an entry that no lock could judge: whatever it was, it opens nothing. */
export const STOPPED: VerdictPayload = {
  outcome: 'refused',
  reason: 'stopped',
  lockId: null,
  at: null,
  unitId: null,
  window: null,
  staff: null,
  firstHalf: false,
};

/** A message on the output of its outcome: opened, refused, done. What is wired to the first is the bolt. */
export function toOutputs<T>(outcome: VerdictPayload['outcome'], message: T): [T | null, T | null, T | null] {
  return [
    outcome === 'opened' ? message : null,
    outcome === 'refused' ? message : null,
    outcome === 'done' ? message : null,
  ];
}

function toIso(atMs: number): string {
  return new Date(atMs).toISOString();
}
