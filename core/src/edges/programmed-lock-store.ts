/**
 * Locks that keep their own list, in the register's file: which units they serve, and what was told of their slots.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { ToldSlot } from '../programmed-locks/slot-news.ts';
import type { Transact } from './register-rows.ts';

/** A unit that a lock serves. */
export interface ServedUnit {
  readonly unitId: string;
  /** Whether no lock that works offline serves it: then a code that left every list is dead. */
  readonly isListedOnly: boolean;
}

export interface ProgrammedLockStore {
  /** Codes of these units are set once this lock has them, too. */
  serve(lockId: string, units: readonly ServedUnit[]): void;
  /** Locks that serve a unit. */
  serving(): string[];
  /** What was told of a lock's slots, by access code. */
  readTold(lockId: string): ReadonlyMap<string, ToldSlot>;
  writeTold(lockId: string, accessCodeId: string, told: ToldSlot): void;
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
  ) STRICT;`;

export function prepareProgrammedLocks(db: DatabaseSync, transact: Transact): ProgrammedLockStore {
  const readServed = db.prepare('SELECT * FROM served_unit WHERE lock_id = ?');
  const readServing = db.prepare('SELECT DISTINCT lock_id FROM served_unit');
  const dropServed = db.prepare('DELETE FROM served_unit WHERE lock_id = ?');
  const putServed = db.prepare('INSERT OR REPLACE INTO served_unit VALUES (?, ?, ?)');
  const readTold = db.prepare('SELECT access_code_id, json FROM told_slot WHERE lock_id = ?');
  const putTold = db.prepare('INSERT OR REPLACE INTO told_slot VALUES (?, ?, ?)');
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
          .map(({ access_code_id, json }) => [String(access_code_id), JSON.parse(String(json)) as ToldSlot]),
      ),
    writeTold: (lockId, accessCodeId, told) => void putTold.run(lockId, accessCodeId, JSON.stringify(told)),
  };
}
