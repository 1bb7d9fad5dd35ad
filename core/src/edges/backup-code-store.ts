/**
 * The backup codes on disk, in the register's file: a draw is written before its digits are shown.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { BackupCode } from '../access-codes/backup-codes.ts';
import type { Alphabet } from '../stay-code/alphabet.ts';
import type { Row, Transact } from './register-rows.ts';

/** What a decision writes; a decision without `put` writes nothing. */
export interface BackupChange {
  readonly put?: readonly BackupCode[];
}

export interface BackupCodeStore {
  /** A unit's backup codes by day, revoked ones and those of earlier keys too. */
  readUnit(unitId: string): BackupCode[];
  /** Reads, decides and writes in one transaction, so that no two draws get the same code. */
  changeUnit<T extends BackupChange>(unitId: string, decide: (codes: readonly BackupCode[]) => T): T;
}

export const BACKUP_SCHEMA = `
  CREATE TABLE backup_code (
    access_code_id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL,
    key_version INTEGER NOT NULL,
    alphabet TEXT NOT NULL,
    revision INTEGER NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    left_at_ms INTEGER,
    withdrawn_at_ms INTEGER,
    day TEXT NOT NULL,
    drawn_for TEXT,
    UNIQUE (unit_id, key_version, starts_at_ms, ends_at_ms, revision)
  ) STRICT;`;

/** The backup codes of an open register. */
export function prepareBackups(db: DatabaseSync, transact: Transact): BackupCodeStore {
  const read = db.prepare('SELECT * FROM backup_code WHERE unit_id = ? ORDER BY starts_at_ms, revision');
  const put = db.prepare(`
    INSERT INTO backup_code VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (access_code_id) DO UPDATE SET
      left_at_ms = excluded.left_at_ms, withdrawn_at_ms = excluded.withdrawn_at_ms, drawn_for = excluded.drawn_for`);
  const readUnit = (unitId: string): BackupCode[] => read.all(unitId).map(toBackupCode);
  return {
    readUnit,
    changeUnit: (unitId, decide) =>
      transact((touch) => {
        const change = decide(readUnit(unitId));
        touch(unitId);
        for (const code of change.put ?? []) {
          put.run(
            ...[code.id, code.unitId, code.keyVersion, code.alphabet, code.revision],
            ...[code.startsAtMs, code.endsAtMs, code.issuedAtMs, code.leftAtMs, code.withdrawnAtMs],
            ...[code.day, code.drawnFor],
          );
        }
        return change;
      }),
  };
}

/** Reads a row of `backup_code`. */
export function toBackupCode(row: Row): BackupCode {
  const at = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  return {
    id: String(row.access_code_id),
    unitId: String(row.unit_id),
    keyVersion: Number(row.key_version),
    alphabet: row.alphabet as Alphabet,
    kind: 'one-time',
    revision: Number(row.revision),
    startsAtMs: Number(row.starts_at_ms),
    endsAtMs: Number(row.ends_at_ms),
    issuedAtMs: Number(row.created_at_ms),
    leftAtMs: at('left_at_ms'),
    withdrawnAtMs: at('withdrawn_at_ms'),
    day: String(row.day),
    drawnFor: row.drawn_for === null ? null : String(row.drawn_for),
  };
}
