/**
 * What the tables of the register share: transactions, and the rows of the codes.
 * @module
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { AccessCode } from '../access-codes/access-code.ts';
import type { Alphabet } from '../stay-code/alphabet.ts';

/** To be called with each unit whose codes, messages or uses the work changes: who is told of changes is told of these. */
export type Touch = (unitId: string) => void;

/** Runs the work in one transaction: all that it writes is kept, or none. */
export type Transact = <T>(work: (touch: Touch) => T) => T;

/** Takes the write lock at once, so that what the work reads is what it decides on. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** A row of any table, as node:sqlite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** Reads a row of `access_code`. */
export function toAccessCode(row: Row): AccessCode {
  const at = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  return {
    id: String(row.access_code_id),
    unitId: String(row.unit_id),
    keyVersion: Number(row.key_version),
    alphabet: row.alphabet as Alphabet,
    reservationId: String(row.reservation_id),
    kind: row.kind as AccessCode['kind'],
    revision: Number(row.revision),
    startsAtMs: Number(row.starts_at_ms),
    endsAtMs: Number(row.ends_at_ms),
    stay: { startsAtMs: Number(row.stay_starts_at_ms), endsAtMs: Number(row.stay_ends_at_ms) },
    issuedAtMs: Number(row.created_at_ms),
    leftAtMs: at('left_at_ms'),
    withdrawnAtMs: at('withdrawn_at_ms'),
    ...(row.revoked_at_ms !== null && { revokedAtMs: Number(row.revoked_at_ms) }),
  };
}
