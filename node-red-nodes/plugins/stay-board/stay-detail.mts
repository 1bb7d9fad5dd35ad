/**
 * What the host's panel tells of a stay beyond its bar: what was done, what the doors say, and how good a guess is.
 * @module
 */
import { listUndrawn, oddsOfLock } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { type DoorLine, readDoorLog } from './door-log.mts';
import type { HouseUnit } from './house.mts';

export interface HistoryLine {
  readonly atMs: number;
  /** `issued`, `withdrawn`, `told`, the kind of a word, or an act. */
  readonly what: string;
  readonly by: string | null;
  readonly note: string | null;
}

export interface DoorOdds {
  readonly door: string;
  /** One guess in so many opens it. */
  readonly oneIn: number;
  /** Chance of a guesser who tries all year, 0 to 1. */
  readonly perYear: number;
}

export interface StayDetail {
  readonly history: readonly HistoryLine[];
  readonly doorLog: readonly DoorLine[];
  readonly odds: readonly DoorOdds[];
  /** Backup codes that can still be drawn, by local day. */
  readonly backupDays: readonly string[];
  readonly canRemove: boolean;
}

export interface DetailRequest {
  readonly unit: HouseUnit;
  readonly store: AccessCodeStore;
  readonly userDir: string;
  /** `null` for the unit as a whole. */
  readonly stayId: string | null;
  readonly nowMs: number;
}

const HISTORY_LINES = 30;

export async function readDetail(request: DetailRequest): Promise<StayDetail> {
  const { unit, store, userDir, stayId, nowMs } = request;
  const { unitId } = unit.node.unit;
  const { codes, stays } = store.readUnit(unitId);
  const own = codes.filter(({ reservationId }) => reservationId === stayId);
  const days = listUndrawn(store.backups.readUnit(unitId), nowMs).map(({ day }) => day);
  const detail = {
    history: historyOf(request),
    odds: oddsAt(unit),
    backupDays: [...new Set(days)],
    canRemove: stays.some(({ stay }) => stay.id === stayId && stay.source === 'hand'),
  };
  const doorLog = await readDoorLog(userDir, unit.locks, { unitId, codes: stayId === null ? null : own });
  return { ...detail, doorLog };
}

function historyOf({ unit, store, stayId }: DetailRequest): HistoryLine[] {
  const { unitId } = unit.node.unit;
  const { codes, overrides } = store.readUnit(unitId);
  const isAbout = ({ reservationId }: { readonly reservationId: string | null }): boolean =>
    reservationId === stayId;
  const words = overrides.filter(isAbout).map(({ atMs, word, by, why }) => {
    const what = 'on' in word && !word.on ? `${word.kind}-off` : word.kind;
    const time = 'time' in word ? word.time : null;
    return { atMs, what, by, note: time === null ? why : `${time} · ${why}` };
  });
  const acts = store.acts.ofUnit(unitId, 500).filter(isAbout);
  const made = stayId === null ? [] : codes.filter(isAbout);
  const told = stayId === null ? [] : store.outbox.readUnit(unitId).filter(isAbout);
  return [
    ...words,
    ...acts.map(({ atMs, act, by, note }) => ({ atMs, what: act, by, note })),
    ...made.map(({ issuedAtMs }) => ({ atMs: issuedAtMs, what: 'issued', by: null, note: null })),
    ...made.flatMap(({ withdrawnAtMs }) =>
      withdrawnAtMs === null ? [] : [{ atMs: withdrawnAtMs, what: 'withdrawn', by: null, note: null }],
    ),
    ...told.flatMap(({ sentAtMs }) =>
      sentAtMs === null ? [] : [{ atMs: sentAtMs, what: 'told', by: null, note: null }],
    ),
  ]
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, HISTORY_LINES);
}

/** Of the doors that judge codes by themselves: how often others let one guess is for their makers to say. */
function oddsAt({ locks, guestDoors: { listed } }: HouseUnit): DoorOdds[] {
  return locks.filter((lock) => !listed.some(({ lockId }) => lockId === lock.lockId)).flatMap(oddsOf);
}

/** With a guest's PIN in every unit, as on a full house's night. */
function oddsOf(lock: HouseUnit['locks'][number]): DoorOdds[] {
  try {
    const file = lock.file();
    const { oneIn, perYear } = oddsOfLock(file, file.units.length);
    return [{ door: file.name, oneIn, perYear }];
  } catch {
    // A door without key or rules opens to nobody; what is missing stands among the warnings.
    return [];
  }
}
