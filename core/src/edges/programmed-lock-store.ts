/**
 * Locks that keep their own list, in the register's file: which units they serve, what was told of their slots, and who opened. An
 * ordinary lock keeps no log that one could ask for, so each opening that it tells of is kept here.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import { type ToldSlot, UNTOLD_SLOT } from '../programmed-locks/slot-news.ts';
import type { Row, Transact } from './register-rows.ts';

/** A unit that a lock serves. */
export interface ServedUnit {
  readonly unitId: string;
  /** Whether no lock that works offline serves it: then a code that left every list is dead. */
  readonly isListedOnly: boolean;
}

/** One opening that a lock told of; `null` for a slot that is not ours. */
export interface ListedOpening {
  readonly lockId: string;
  readonly slot: number;
  readonly accessCodeId: string | null;
  readonly atMs: number;
}

export interface ProgrammedLockStore {
  /** Codes of these units are set once this lock has them, too. */
  serve(lockId: string, units: readonly ServedUnit[]): void;
  /** Locks that serve a unit. */
  serving(): string[];
  /** What was told of a lock's slots, by access code. */
  readTold(lockId: string): ReadonlyMap<string, ToldSlot>;
  writeTold(lockId: string, accessCodeId: string, told: ToldSlot): void;
  /** In the transaction of the caller, if it has one. The first of a code's is its first use, which outlives the slot. */
  addOpening(opening: ListedOpening): void;
  /** The last ones of a lock, newest first. */
  openings(lockId: string, count: number): ListedOpening[];
}

export const PROGRAMMED_LOCK_SCHEMA = `
  CREATE TABLE served_unit (
    lock_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    is_listed_only INTEGER NOT NULL,
    PRIMARY KEY (lock_id, unit_id)
  ) STRICT;
  CREATE TABLE told_slot (
    lock_id TEXT NOT NULL,
    access_code_id TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (lock_id, access_code_id)
  ) STRICT;
  CREATE TABLE listed_opening (
    lock_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    access_code_id TEXT,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX listed_opening_lock ON listed_opening (lock_id, at_ms);`;

export function prepareProgrammedLocks(db: DatabaseSync, transact: Transact): ProgrammedLockStore {
  const readServed = db.prepare('SELECT * FROM served_unit WHERE lock_id = ?');
  const readServing = db.prepare('SELECT DISTINCT lock_id FROM served_unit');
  const dropServed = db.prepare('DELETE FROM served_unit WHERE lock_id = ?');
  const putServed = db.prepare('INSERT OR REPLACE INTO served_unit VALUES (?, ?, ?)');
  const readTold = db.prepare('SELECT access_code_id, json FROM told_slot WHERE lock_id = ?');
  const putTold = db.prepare('INSERT OR REPLACE INTO told_slot VALUES (?, ?, ?)');
  const putOpening = db.prepare('INSERT INTO listed_opening VALUES (?, ?, ?, ?)');
  const putUse = db.prepare(`
    INSERT OR IGNORE INTO code_use
      SELECT unit_id, key_version, kind, revision, starts_at_ms, ends_at_ms, ?, ?
      FROM access_code WHERE access_code_id = ?`);
  const readOpenings = db.prepare(
    'SELECT * FROM listed_opening WHERE lock_id = ? ORDER BY rowid DESC LIMIT ?',
  );
  return {
    serve: (lockId, units) => {
      transact((touch) => {
        for (const { unit_id } of readServed.all(lockId)) touch(String(unit_id));
        dropServed.run(lockId);
        for (const { unitId, isListedOnly } of units) {
          putServed.run(lockId, unitId, Number(isListedOnly));
          touch(unitId);
        }
      });
    },
    serving: () => readServing.all().map(({ lock_id }) => String(lock_id)),
    readTold: (lockId) =>
      new Map(
        readTold
          .all(lockId)
          .map(({ access_code_id, json }) => [
            String(access_code_id),
            { ...UNTOLD_SLOT, ...(JSON.parse(String(json)) as ToldSlot) },
          ]),
      ),
    writeTold: (lockId, accessCodeId, told) => void putTold.run(lockId, accessCodeId, JSON.stringify(told)),
    addOpening: ({ lockId, slot, accessCodeId, atMs }) => {
      putOpening.run(lockId, slot, accessCodeId, atMs);
      if (accessCodeId !== null) putUse.run(lockId, atMs, accessCodeId);
    },
    openings: (lockId, count) => readOpenings.all(lockId, count).map(toOpening),
  };
}

function toOpening(row: Row): ListedOpening {
  return {
    lockId: String(row.lock_id),
    slot: Number(row.slot),
    accessCodeId: row.access_code_id === null ? null : String(row.access_code_id),
    atMs: Number(row.at_ms),
  };
}
