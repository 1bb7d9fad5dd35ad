/**
 * A unit's codes as a platform sees them, by reading or by webhook: one record a stay, whichever digits it has now, and one for
 * each backup code that was drawn. Both ways read this one list, so they cannot differ.
 * @module
 */
import type { AccessCode } from './access-code.ts';
import type { BackupCode } from './backup-codes.ts';
import { type IssuedCode, isInForce } from './issued-code.ts';
import type { CodeFacts, LockList } from './lifecycle.ts';
import type { OutboxMessage } from './outbox.ts';
import { accessCodeIdOf, deviceIdOf } from './platform-ids.ts';
import { listProblems } from './seam-problems.ts';
import { type RecordOptions, type SeamAccessCode, toSeamRecord } from './seam-record.ts';
import type { StayRecord } from './wanted-stay.ts';

/** What the register knows of a unit's codes. */
export interface UnitHistory {
  /** At least those whose window is not over. */
  readonly codes: readonly AccessCode[];
  readonly stays: readonly StayRecord[];
  /** Oldest first. */
  readonly messages: readonly OutboxMessage[];
  readonly backups: readonly BackupCode[];
  /** When a code was first seen to open; `null` for never. */
  readonly firstUsedAtMs: (code: IssuedCode) => number | null;
  /** `null` where no lock keeps a list of the unit's codes. */
  readonly lockOf: (code: IssuedCode) => LockList | null;
  /** When a code that was called off was known to be dead at every lock; `null` for not. */
  readonly deadAtMs: (code: IssuedCode) => number | null;
}

/** The record and what it is of. It holds no digits. */
export interface UnitRecord {
  readonly record: SeamAccessCode;
  readonly code: AccessCode | BackupCode;
  /** The stay as it is booked; `null` for a backup code, and once the stay is over or off. */
  readonly stay: StayRecord['stay'] | null;
}

/**
 * The records, in the order of their starts. A code that was called off is in it for as long as it may open; codes that are over
 * are in it for as long as the history has them.
 */
export function listUnitRecords(history: UnitHistory, nowMs: number): UnitRecord[] {
  const stays = [...groupByReservation(history.codes).values()].map((codes) =>
    recordOfStay(history, codes, nowMs),
  );
  const drawn = history.backups
    .filter(({ leftAtMs }) => leftAtMs !== null)
    .map((code): UnitRecord => {
      const options = { accessCodeId: code.id, name: code.drawnFor, isBackup: true };
      return { record: recordOf(history, code, options, nowMs), code, stay: null };
    });
  return [...stays, ...drawn]
    .filter(({ record }) => !isGone(record))
    .sort((a, b) => a.code.startsAtMs - b.code.startsAtMs || (a.code.id < b.code.id ? -1 : 1));
}

/** Whether nothing is left of it: called off, and dead at every lock. */
function isGone({ status, staycode }: SeamAccessCode): boolean {
  return status === 'unset' && staycode.lifecycle === 'revoked';
}

function groupByReservation(codes: readonly AccessCode[]): Map<string, AccessCode[]> {
  const groups = new Map<string, AccessCode[]>();
  for (const code of codes) groups.set(code.reservationId, [...(groups.get(code.reservationId) ?? []), code]);
  return groups;
}

function recordOfStay(history: UnitHistory, codes: readonly AccessCode[], nowMs: number): UnitRecord {
  const [current, ...earlier] = [...codes].sort(byCurrency) as [AccessCode, ...AccessCode[]];
  const { unitId, reservationId } = current;
  const stay = history.stays.find((record) => record.stay.id === reservationId)?.stay ?? null;
  const accessCodeId = accessCodeIdOf(unitId, reservationId);
  const record = recordOf(history, current, { accessCodeId, name: stay?.guestName ?? null }, nowMs);
  // What opened before still does, offline: whoever reads of the new code has to know.
  const problems = earlier
    .filter((code) => !isInForce(code))
    .map((code) => listProblems(factsOf(history, code), { nowMs, revocationDigits: null }));
  const errors = [record.errors, ...problems.map((one) => one.errors)].flat();
  const warnings = [record.warnings, ...problems.map((one) => one.warnings)].flat();
  return { record: { ...record, errors, warnings }, code: current, stay };
}

/** The one in force first, else the one that was called off last. */
function byCurrency(a: AccessCode, b: AccessCode): number {
  const until = ({ withdrawnAtMs }: AccessCode): number => withdrawnAtMs ?? Infinity;
  if (until(a) !== until(b)) return until(b) - until(a);
  return b.issuedAtMs - a.issuedAtMs || b.revision - a.revision;
}

function recordOf(
  history: UnitHistory,
  code: AccessCode | BackupCode,
  options: Pick<RecordOptions, 'accessCodeId' | 'name' | 'isBackup'>,
  nowMs: number,
): SeamAccessCode {
  const isBackupAvailable = history.backups.some(
    (backup) =>
      backup.leftAtMs === null &&
      isInForce(backup) &&
      backup.endsAtMs > nowMs &&
      backup.startsAtMs < code.endsAtMs &&
      backup.endsAtMs > code.startsAtMs,
  );
  return toSeamRecord(factsOf(history, code), {
    ...{ ...options, deviceId: deviceIdOf(code.unitId), digits: null, isBackupAvailable, nowMs },
  });
}

function factsOf({ messages, firstUsedAtMs, lockOf, deadAtMs }: UnitHistory, code: IssuedCode): CodeFacts {
  return {
    code,
    messages: messages.filter(({ accessCodeId }) => accessCodeId === code.id),
    lock: lockOf(code),
    verifiedAtMs: firstUsedAtMs(code),
    deadAtMs: deadAtMs(code),
  };
}
