/**
 * What the host does on the board: one act at a time, in one transaction, on record with who did it and why.
 * @module
 */
import {
  type AccessCode,
  type Action,
  type HostOverride,
  type HouseSettings,
  isLive,
  reconcile,
  type Reconciliation,
  type StayNews,
  type StayRecord,
  type UnitRecords,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { houseOf } from '../../../nodes/house-settings.mts';
import { readPolicy } from '../../../nodes/stay-code/stay-code.mts';
import type { HouseUnit } from '../house.mts';

/** The act cannot be done: an answer to the host, and nothing is changed. */
export class ActRefused extends Error {
  /** Stable: a `HeldReason`, `others-lose`, or what was asked wrongly. */
  readonly code: string;
  readonly detail: string | null;

  constructor(code: string, detail: string | null = null) {
    super(detail === null ? code : `${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** One request of one host. */
export interface ActContext {
  readonly unit: HouseUnit;
  readonly store: AccessCodeStore;
  /** The name signed in with. */
  readonly by: string;
  readonly nowMs: number;
  readonly newId: () => string;
  /** Others may have to hear of what a change did to their stays. */
  readonly changed: (actions: readonly Action[]) => void;
  /** What was asked; read with `textOf` and its like. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An act: what it answers with is what the host sees. Throws `ActRefused` or StaycodeError, and then nothing was done. */
export type Act = (context: ActContext) => object;

/** A text that has to be there. */
export function textOf({ body }: Pick<ActContext, 'body'>, field: string): string {
  const value = body[field];
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new ActRefused(`missing-${field}`);
}

export const settingsOf = ({ node }: HouseUnit): HouseSettings => houseOf(node);

/** The site's key and rules, without which no digits can be made. */
export function keyOf({ site }: HouseUnit): {
  siteKey: Uint8Array;
  rules: NonNullable<HouseSettings['rules']>;
} {
  if (!site?.siteKey) throw new ActRefused('no-site-key');
  if (!site.rules) throw new ActRefused('no-rules');
  return { siteKey: site.siteKey, rules: site.rules };
}

export function findRecord({ stays }: UnitRecords, stayId: string): StayRecord {
  const record = stays.find(({ stay }) => stay.id === stayId);
  if (record) return record;
  throw new ActRefused('no-such-stay');
}

export interface Wish {
  readonly news?: readonly StayNews[];
  readonly words?: readonly HostOverride['word'][];
  readonly stayId: string;
  readonly why: string;
  /** The act is refused where the stay has no code after it. */
  readonly wantsCode: boolean;
  /** Only says what would be. */
  readonly isTrial: boolean;
}

/** What an act does to a stay. */
export interface Settled {
  /** The stay's code after it; `null` for none. */
  readonly code: AccessCode | null;
  /** Whether it is another one than before, so that the guest is told anew. */
  readonly isNewCode: boolean;
  /** Codes of the stay that left and are not its own any more. */
  readonly lost: readonly AccessCode[];
}

/** Reconciles the unit with what the host says; refuses what would take a code from anybody else. */
export function settleStay(context: ActContext, wish: Wish): Settled {
  const { unit, store, nowMs, newId } = context;
  const { unitId } = unit.node.unit;
  const decide = (records: UnitRecords): Reconciliation & { readonly settled: Settled } => {
    const change = reconcile({
      ...{ ...records, ...settingsOf(unit), nowMs, newId, news: wish.news ?? [] },
      words: (wish.words ?? []).map((word) => toOverride(context, wish, word)),
    });
    return { ...change, settled: judge(records, change, wish) };
  };
  if (wish.isTrial) return decide(store.readUnit(unitId)).settled;
  const { settled, actions } = store.together(() => {
    const change = store.changeUnit(unitId, decide);
    queue(context);
    return change;
  });
  context.changed(actions);
  return settled;
}

/** Brings the guests' messages in line; the node that makes the unit's codes sends them. */
export function queue({ unit, store, nowMs, newId }: ActContext): void {
  store.outbox.queue(unit.node.unit.unitId, { policy: readPolicy(unit.desk ?? {}), nowMs, newId });
}

function toOverride(
  { unit, by, nowMs }: ActContext,
  { stayId, why }: Wish,
  word: HostOverride['word'],
): HostOverride {
  return { unitId: unit.node.unit.unitId, reservationId: stayId, word, by, why, atMs: nowMs };
}

function judge(records: UnitRecords, change: Reconciliation, { stayId, wantsCode }: Wish): Settled {
  const changed = new Set([...change.put, ...change.forget].map(({ id }) => id));
  const codes = [...records.codes.filter(({ id }) => !changed.has(id)), ...change.put];
  const liveOf = (of: readonly AccessCode[], id: string): AccessCode | undefined =>
    of.find((code) => code.reservationId === id && isLive(code));
  const code = liveOf(codes, stayId) ?? null;
  if (code === null && wantsCode) refuse(change, records, stayId);
  const loser = records.codes.find(
    ({ reservationId, ...other }) =>
      reservationId !== stayId &&
      isLive({ reservationId, ...other }) &&
      !liveOf(codes, reservationId) &&
      change.actions.some((one) => one.action === 'revoke' && one.reservationId === reservationId),
  );
  if (loser) throw new ActRefused('others-lose', loser.reservationId);
  const before = liveOf(records.codes, stayId);
  return {
    code,
    isNewCode: code !== null && code.id !== before?.id,
    lost: before && before.leftAtMs !== null && before.id !== code?.id ? [before] : [],
  };
}

/** Says why the stay has no code, as the reconciliation does. */
function refuse(change: Reconciliation, records: UnitRecords, stayId: string): never {
  const record =
    change.keep.find(({ stay }) => stay.id === stayId) ??
    records.stays.find(({ stay }) => stay.id === stayId);
  if (!record || change.drop.includes(stayId)) throw new ActRefused('over');
  throw new ActRefused(record.held?.reason ?? 'no-code', record.held?.detail ?? null);
}
