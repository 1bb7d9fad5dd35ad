/**
 * What the register knows of a unit's codes, read for those who are told of them.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { IssuedCode } from '../access-codes/issued-code.ts';
import type { LockList } from '../access-codes/lifecycle.ts';
import type { UnitHistory } from '../access-codes/unit-records.ts';
import { toBackupCode } from './backup-code-store.ts';
import type { CodeEndStore } from './code-end-store.ts';
import type { CodeUseStore } from './code-use-store.ts';
import { toMessage } from './outbox-store.ts';
import { type Row, toAccessCode } from './register-rows.ts';
import type { StayTables } from './stay-store.ts';

/** So long after its end a code can still be read. */
const KEPT_AFTER_END_MS: number = 30 * 86_400_000;

export interface HistoryReader {
  /** Units with a code that is not over for longer than `KEPT_AFTER_END_MS`. */
  units(nowMs: number): string[];
  read(unitId: string, nowMs: number): UnitHistory;
}

export function prepareHistories(
  db: DatabaseSync,
  {
    stays,
    uses,
    ends,
  }: { readonly stays: StayTables; readonly uses: CodeUseStore; readonly ends: CodeEndStore },
): HistoryReader {
  const readUnits = db.prepare(`
    SELECT unit_id FROM access_code WHERE ends_at_ms > :since
    UNION SELECT unit_id FROM backup_code WHERE ends_at_ms > :since AND left_at_ms IS NOT NULL`);
  const readCodes = db.prepare(
    'SELECT * FROM access_code WHERE unit_id = ? AND ends_at_ms > ? ORDER BY created_at_ms, access_code_id',
  );
  const readBackups = db.prepare(
    'SELECT * FROM backup_code WHERE unit_id = ? AND ends_at_ms > ? ORDER BY starts_at_ms, revision',
  );
  const readMessages = db.prepare('SELECT * FROM message WHERE unit_id = ? ORDER BY rowid');
  const readSlots = db.prepare('SELECT * FROM lock_slot WHERE access_code_id = ?');
  const readServed = db.prepare('SELECT * FROM served_unit WHERE unit_id = ?');
  return {
    units: (nowMs) =>
      readUnits.all({ since: nowMs - KEPT_AFTER_END_MS }).map(({ unit_id }) => String(unit_id)),
    read(unitId, nowMs) {
      const sinceMs = nowMs - KEPT_AFTER_END_MS;
      const served = readServed.all(unitId);
      const slotsOf = (code: IssuedCode): Row[] => readSlots.all(code.id);
      return {
        codes: readCodes.all(unitId, sinceMs).map(toAccessCode),
        stays: stays.read(unitId).stays,
        messages: readMessages.all(unitId).map(toMessage),
        backups: readBackups.all(unitId, sinceMs).map(toBackupCode),
        firstUsedAtMs: (code) => uses.firstUsedAtMs(code),
        lockOf: (code) => toOneList(served, slotsOf(code)),
        deadAtMs: (code) => ends.deadSinceMs(code),
      };
    },
  };
}

/** Of several locks the last to learn of it counts, and the first that failed. */
function toOneList(served: readonly Row[], slots: readonly Row[]): LockList | null {
  if (served.length === 0 && slots.length === 0) return null;
  const told = slots.map(({ told_at_ms }) => (told_at_ms === null ? null : Number(told_at_ms)));
  const failed = slots.find(({ failed_at_ms }) => failed_at_ms !== null);
  const hasAll = served.every(({ lock_id }) => slots.some((slot) => slot.lock_id === lock_id));
  return {
    toldAtMs: !hasAll || told.includes(null) ? null : Math.max(...(told as number[])),
    failure: failed ? { message: String(failed.failure), atMs: Number(failed.failed_at_ms) } : null,
  };
}
