/**
 * What the register knows of dead codes: at which locks one is dead, and whether a lock may know more of it than its log has told.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import { endedBy } from '../access-codes/code-end.ts';
import type { IssuedCode } from '../access-codes/issued-code.ts';
import { type CodeId, sameCode } from '../lock/keyring.ts';
import type { LogEntry } from '../log/entry.ts';
import type { Row, Transact } from './register-rows.ts';

export const CODE_END_SCHEMA = `
  ALTER TABLE access_code ADD COLUMN revoked_at_ms INTEGER;
  CREATE TABLE code_end (
    lock_id TEXT NOT NULL,
    access_code_id TEXT NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    PRIMARY KEY (access_code_id, lock_id)
  ) STRICT;
  CREATE TABLE offline_lock (unit_id TEXT NOT NULL, lock_id TEXT NOT NULL, PRIMARY KEY (unit_id, lock_id)) STRICT;`;

export interface CodeEndStore {
  /**
   * To be called before a lock is told to end a code, and before its revocation is shown: from then on it may be dead at a door, so no
   * booking that is changed back gets it again.
   */
  revoking(code: CodeId, nowMs: number): void;
  /** A lock has answered that the code is dead there. */
  ended(code: CodeId, lockId: string, atMs: number): void;
  /** When a withdrawn code was known to be dead at each of them, and to have left the lists of those that are programmed; `null` for not. */
  deadSinceMs(code: IssuedCode): number | null;
  /** Ids of the codes that are known to be dead at a lock. */
  deadAt(lockId: string): ReadonlySet<string>;
  /** Ids of the locks at which a code, also one that its stay still has, is known to be dead. */
  locksWhereDead(code: IssuedCode): readonly string[];
  /** The locks at which a unit's codes are typed: a code is dead once it is so at each of them. */
  setLocks(unitId: string, lockIds: readonly string[]): void;
}

/** For the register itself. */
export interface CodeEnds extends CodeEndStore {
  /** A lock's log that was begun anew: the lock has forgotten who is dead. In the transaction of the caller. */
  logBegins(lockId: string): void;
  /** Takes what entries of logs say, in the transaction of the caller. @returns the units with a code that ended */
  take(entries: readonly LogEntry[]): readonly string[];
}

export function prepareCodeEnds(
  db: DatabaseSync,
  transact: Transact,
  codesOf: (unitId: string) => readonly IssuedCode[],
): CodeEnds {
  const mark = db.prepare(
    'UPDATE access_code SET revoked_at_ms = ? WHERE access_code_id = ? AND revoked_at_ms IS NULL',
  );
  const drop = db.prepare('DELETE FROM code_end WHERE lock_id = ?');
  const put = db.prepare('INSERT OR IGNORE INTO code_end VALUES (?, ?, ?)');
  const readAt = db.prepare('SELECT access_code_id FROM code_end WHERE lock_id = ?');
  const readDead = db.prepare('SELECT lock_id FROM code_end WHERE access_code_id = ? ORDER BY lock_id');
  const readEnds = db.prepare(`
    SELECT ended_at_ms AS at_ms FROM offline_lock LEFT JOIN code_end
      ON code_end.lock_id = offline_lock.lock_id AND access_code_id = ?
    WHERE unit_id = ?`);
  const readCleared = db.prepare('SELECT cleared_at_ms AS at_ms FROM lock_slot WHERE access_code_id = ?');
  const readServed = db.prepare('SELECT is_listed_only FROM served_unit WHERE unit_id = ?');
  const readLocks = db.prepare('SELECT lock_id FROM offline_lock WHERE unit_id = ? ORDER BY lock_id');
  const dropLocks = db.prepare('DELETE FROM offline_lock WHERE unit_id = ?');
  const putLock = db.prepare('INSERT INTO offline_lock VALUES (?, ?)');
  const idsOf = (code: CodeId): string[] =>
    codesOf(code.unitId)
      .filter((one) => sameCode(one, code))
      .map(({ id }) => id);
  return {
    revoking: (code, nowMs) => {
      for (const id of idsOf(code)) mark.run(nowMs, id);
    },
    ended: (code, lockId, atMs) => {
      transact((touch) => {
        touch(code.unitId);
        for (const id of idsOf(code)) put.run(lockId, id, atMs);
      });
    },
    deadAt: (lockId) => new Set(readAt.all(lockId).map(({ access_code_id }) => String(access_code_id))),
    locksWhereDead: ({ id }) => readDead.all(id).map(({ lock_id }) => String(lock_id)),
    setLocks: (unitId, lockIds) => {
      const known = readLocks.all(unitId).map(({ lock_id }) => String(lock_id));
      const wanted = [...new Set(lockIds)].sort();
      if (known.join('\n') === wanted.join('\n')) return;
      transact((touch) => {
        touch(unitId);
        dropLocks.run(unitId);
        for (const lockId of wanted) putLock.run(unitId, lockId);
      });
    },
    logBegins: (lockId) => void drop.run(lockId),
    take: (entries) =>
      entries.flatMap((entry) =>
        endedBy(entry, codesOf)
          .filter(({ id }) => put.run(entry.lockId, id, Math.round(entry.record.atMs)).changes > 0)
          .map(({ unitId }) => unitId),
      ),
    deadSinceMs: ({ id, unitId, withdrawnAtMs }) => {
      if (withdrawnAtMs === null) return null;
      const served = readServed.all(unitId);
      const ended = readEnds.all(id, unitId).map(timeIn);
      // A code that is in no list any more, or never was in one, opens nothing where there are only lists.
      const isListedOnly = served.length > 0 && served.every(({ is_listed_only }) => is_listed_only === 1);
      if (!isListedOnly && ended.length === 0) return null;
      const times = [withdrawnAtMs, ...readCleared.all(id).map(timeIn), ...(isListedOnly ? [] : ended)];
      return times.includes(null) ? null : Math.max(...(times as number[]));
    },
  };
}

const timeIn = ({ at_ms }: Row): number | null => (at_ms === null ? null : Number(at_ms));
