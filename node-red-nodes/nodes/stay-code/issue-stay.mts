/**
 * A stay through the register: decided and written in one transaction, before anyone is told of a code. What can have none
 * yet is held there, so that a guest whose nights become free still gets a code.
 * @module
 */
import {
  type AccessCode,
  type Ended,
  issueAccessCode,
  type LockRules,
  type Unit,
  withdrawAccessCodes,
  type Withheld,
} from '@staycode/core';
import type { AccessCodeStore, UnitChange, UnitRecords } from '@staycode/core/edges';
import type { BookedStay } from './read-reservation.mts';

export type WithheldReason = Withheld['reason'] | 'no-site-key' | 'no-rules' | 'not-confirmed';

export type Outcome = Ended & { readonly stay: BookedStay } & (
    | { readonly kind: 'issued'; readonly code: AccessCode; readonly isNew: boolean }
    | {
        readonly kind: 'withheld';
        readonly reason: WithheldReason;
        /** The rule that is too narrow, or the reservation that has the nights. */
        readonly detail: string | null;
        /** Whether the host was told before. */
        readonly isNew: boolean;
      }
    | { readonly kind: 'cancelled' }
  );

export interface StayDesk {
  readonly store: AccessCodeStore;
  readonly unit: Unit;
  readonly rules: LockRules | null;
  readonly hasKey: boolean;
  /** Whose messages a held stay belongs to: the id of the `stay-code` node. */
  readonly holder: string;
  readonly nowMs: number;
  newId(): string;
}

/** Gives a stay its code, or the reason for none, or takes the code back from a cancelled one. */
export function handleStay(desk: StayDesk, stay: BookedStay): Outcome {
  const { store, unit } = desk;
  return store.changeUnit(unit.unitId, (records) => {
    const outcome = decide(desk, stay, records);
    return { ...toChange(desk, outcome), outcome };
  }).outcome;
}

/** Tries the held stays of a unit again; answers with those for which something changed. */
export function retryHeld(desk: StayDesk): Outcome[] {
  const { held } = desk.store.readUnit(desk.unit.unitId);
  return held
    .map(({ json }) => JSON.parse(json) as HeldJson)
    .filter(({ holder }) => holder === desk.holder)
    .map(({ stay }) => handleStay(desk, stay))
    .filter((outcome) => outcome.kind !== 'withheld' || outcome.isNew);
}

interface HeldJson {
  readonly holder: string;
  readonly stay: BookedStay;
}

const NOTHING_ENDED: Ended = { withdrawn: [], forget: [] };

function decide(desk: StayDesk, stay: BookedStay, { codes, held }: UnitRecords): Outcome {
  const { unit, rules, nowMs } = desk;
  if (stay.status === 'cancelled') {
    return { kind: 'cancelled', stay, ...withdrawAccessCodes(codes, stay.id, nowMs) };
  }
  const known = held.find(({ reservationId }) => reservationId === stay.id)?.reason;
  const withhold = (reason: WithheldReason, detail: string | null, ended: Ended): Outcome => {
    return { kind: 'withheld', stay, reason, detail, isNew: reason !== known, ...ended };
  };
  if (stay.status !== 'confirmed') return withhold('not-confirmed', null, NOTHING_ENDED);
  if (!desk.hasKey) return withhold('no-site-key', null, NOTHING_ENDED);
  if (rules === null) return withhold('no-rules', null, NOTHING_ENDED);
  const displaced = new Set(stay.displaces);
  const issue = issueAccessCode({
    unit,
    reservation: stay,
    rules,
    // Only for this decision: whether they are cancelled is for the feed to say.
    issued: codes.map((code) =>
      displaced.has(code.reservationId) ? { ...code, withdrawnAtMs: nowMs } : code,
    ),
    nowMs,
    newId: desk.newId(),
  });
  const { withdrawn, forget } = issue;
  if (!issue.ok) return withhold(issue.reason, detailOf(issue), { withdrawn, forget });
  // It is sent as soon as it is written, so from here on it counts as out there.
  const code = { ...issue.code, leftAtMs: issue.code.leftAtMs ?? nowMs };
  return { kind: 'issued', stay, code, isNew: issue.isNew, withdrawn, forget };
}

function toChange(desk: StayDesk, outcome: Outcome): UnitChange {
  const { stay, withdrawn, forget } = outcome;
  if (outcome.kind === 'issued') {
    return { put: [...withdrawn, outcome.code], forget, release: [stay.id] };
  }
  const isOver = outcome.kind === 'cancelled' || ['ended', 'not-confirmed'].includes(outcome.reason);
  if (isOver) return { put: withdrawn, forget, release: [stay.id] };
  const json: HeldJson = { holder: desk.holder, stay };
  const hold = {
    unitId: desk.unit.unitId,
    reservationId: stay.id,
    reason: outcome.reason,
    json: JSON.stringify(json),
  };
  return { put: withdrawn, forget, hold };
}

function detailOf(why: Withheld): string | null {
  if (why.reason === 'rule') return why.rule;
  return why.reason === 'conflict' ? why.reservationId : null;
}
