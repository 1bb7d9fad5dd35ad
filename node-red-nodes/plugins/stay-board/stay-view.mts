/**
 * A unit's stays as bars: what the register holds of each, and the one state that the host looks for.
 * @module
 */
import {
  type AccessCode,
  isCopy,
  isLive,
  type Lifecycle,
  type OutboxMessage,
  type StayRecord,
  type UnitRecords,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';

/** A code's lifecycle, or why there is none: `held` until something changes, `conflict` until the host decides. */
export type BarState = Lifecycle | 'held' | 'conflict';

export interface StayView {
  /** The reservation's id. */
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly state: BarState;
  /** Of `HeldReason`, why there is no code; `null` where there is one. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly guestName: string | null;
  readonly source: 'feed' | 'pms' | 'hand' | null;
  /** Doors, by name, that its code should open and does not: it was ended there, by a command or at the keypad. */
  readonly endedAt: readonly string[];
  /** The ids of its own code and of withdrawn ones that still open. */
  readonly openCodeIds: readonly string[];
  /** Until when a withdrawn code of the stay still opens; `null` for none. */
  readonly stillOpenUntilMs: number | null;
  readonly messageState: OutboxMessage['state'] | null;
  /** When the guest's last message was made, to be sent then or later. */
  readonly messageMadeAtMs: number | null;
  /** When the guest's message is due; `null` where none waits. */
  readonly messageDueAtMs: number | null;
  /** How often sending it has failed so far. */
  readonly messageFailures: number;
  /** The id of its code, never the digits; `null` for none. */
  readonly codeId: string | null;
  /** When the guest first opened a door. */
  readonly usedAtMs: number | null;
}

/** How long a stay that is over stays on the board. */
const PAST_MS = 31 * 86_400_000;

export interface StaysRequest {
  /** The unit's. */
  readonly records: UnitRecords;
  readonly nowMs: number;
  /** A lock's name for people. */
  readonly doorOf: (lockId: string) => string;
}

/** Everything of one unit that the board shows, oldest first. */
export function viewStays(
  store: AccessCodeStore,
  unitId: string,
  { records, nowMs, doorOf }: StaysRequest,
): StayView[] {
  const { codes } = records;
  // A calendar's copy of a PMS's stay is that stay.
  const stays = new Map(records.stays.filter(({ stay }) => !isCopy(stay)).map((one) => [one.stay.id, one]));
  const recent = codes.filter((code) => Math.max(code.endsAtMs, code.stay.endsAtMs) > nowMs - PAST_MS);
  const lifecycles = new Map(
    store.readRecords(unitId).map(({ code, record }) => [code.id, record.staycode.lifecycle]),
  );
  const unit = {
    ...{ store, lifecycles, nowMs, doorOf },
    codes: Map.groupBy(codes, ({ reservationId }) => reservationId),
    messages: new Map(store.outbox.readUnit(unitId).map((message) => [message.reservationId, message])),
  };
  const ids = new Set([...stays.keys(), ...recent.map((code) => code.reservationId)]);
  return [...ids]
    .flatMap((id) => viewStay(unit, id, stays.get(id)) ?? [])
    .sort((a, b) => a.startsAtMs - b.startsAtMs || a.endsAtMs - b.endsAtMs);
}

interface UnitFacts extends Pick<StaysRequest, 'nowMs' | 'doorOf'> {
  readonly store: AccessCodeStore;
  /** By the reservations' ids, the oldest first. */
  readonly codes: ReadonlyMap<string, readonly AccessCode[]>;
  /** By the reservations' ids, the latest of each. */
  readonly messages: ReadonlyMap<string, OutboxMessage>;
  /** By the codes' ids, as platforms read them: of locks that keep their own list it counts whether these have the code. */
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
}

function viewStay(unit: UnitFacts, id: string, record: StayRecord | undefined): StayView | null {
  const own = unit.codes.get(id) ?? [];
  const code = own.findLast(isLive) ?? (record === undefined ? own.at(-1) : undefined);
  const window = code?.stay ?? record?.stay;
  if (window === undefined) return null;
  const { startsAtMs, endsAtMs } = window;
  const held = record?.held ?? null;
  const withdrawn = own.filter((one) => stillOpens(unit, one));
  const message = unit.messages.get(id);
  return {
    ...{ id, startsAtMs, endsAtMs },
    state: code ? stateOf(unit, code) : stateOfHeld(held, own.length > 0),
    reason: code ? null : (held?.reason ?? null),
    detail: code ? null : (held?.detail ?? null),
    guestName: record?.stay.guestName ?? null,
    source: record?.stay.source ?? null,
    endedAt: code ? endedAt(unit, code) : [],
    openCodeIds: own.filter((one) => isLive(one) || withdrawn.includes(one)).map((one) => one.id),
    stillOpenUntilMs: withdrawn.length > 0 ? Math.max(...withdrawn.map((one) => one.endsAtMs)) : null,
    messageState: message?.state ?? null,
    messageMadeAtMs: message?.createdAtMs ?? null,
    messageDueAtMs: message?.state === 'queued' ? message.dueAtMs : null,
    messageFailures: message?.failures ?? 0,
    codeId: code?.id ?? null,
    usedAtMs: code ? unit.store.uses.firstUsedAtMs(code) : null,
  };
}

/** That a code which is withdrawn or over is dead somewhere is as it should be. */
function endedAt({ store, nowMs, doorOf }: UnitFacts, code: AccessCode): string[] {
  return isLive(code) && code.endsAtMs > nowMs ? store.ends.locksWhereDead(code).map(doorOf) : [];
}

/** Where a code stands; one that platforms read of no more is over or dead. */
function stateOf({ lifecycles }: UnitFacts, code: AccessCode): Lifecycle {
  return lifecycles.get(code.id) ?? (isLive(code) ? 'expired' : 'revoked');
}

function stateOfHeld(held: StayRecord['held'], hadCode: boolean): BarState {
  if (held?.reason === 'conflict') return 'conflict';
  return held?.reason === 'held-by-host' && hadCode ? 'revoked' : 'held';
}

/** Whether a withdrawn code may still open a door. */
function stillOpens({ store, nowMs }: UnitFacts, code: AccessCode): boolean {
  const left = !isLive(code) && code.leftAtMs !== null && code.endsAtMs > nowMs;
  return left && store.ends.deadSinceMs(code) === null;
}
