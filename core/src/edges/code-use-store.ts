/**
 * The register's memory of locks' logs: the first use of each code, and how far each log was acted on. Both are written in one
 * transaction, so that an entry which comes twice, or a crash in between, tells of nothing twice and of nothing never.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import { type CodeUse, codeUseOf } from '../access-codes/code-use.ts';
import type { CodeId } from '../lock/keyring.ts';
import type { LogEntry } from '../log/entry.ts';
import type { CodeEnds } from './code-end-store.ts';
import type { Transact } from './register-rows.ts';

export const CODE_USE_SCHEMA = `
  CREATE TABLE code_use (
    unit_id TEXT NOT NULL,
    key_version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    lock_id TEXT NOT NULL,
    used_at_ms INTEGER NOT NULL,
    PRIMARY KEY (unit_id, key_version, kind, revision, starts_at_ms, ends_at_ms)
  ) STRICT;
  CREATE TABLE log_taken (lock_id TEXT, log_id TEXT, seq INTEGER NOT NULL, PRIMARY KEY (lock_id, log_id)) STRICT;`;

export interface CodeUseStore {
  /** The last entry of a log that was acted on, 0 for none. */
  takenUpTo(lockId: string, logId: string): number;
  /**
   * Acts on consecutive entries of one log, those at or before the last one acted on left out: first uses, and what they ended.
   * @returns the first uses among them, of codes that this register did not issue as well
   */
  take(entries: readonly LogEntry[]): readonly CodeUse[];
  /** When the first use of a code was seen at any lock, for `CodeFacts.verifiedAtMs`; `null` for never. */
  firstUsedAtMs(code: Omit<CodeId, 'kind'> & { readonly kind: string }): number | null;
}

export function prepareCodeUses(
  db: DatabaseSync,
  transact: Transact,
  ends: Pick<CodeEnds, 'take' | 'logBegins'>,
): CodeUseStore {
  const readTaken = db.prepare('SELECT seq FROM log_taken WHERE lock_id = ? AND log_id = ?');
  const writeTaken = db.prepare('INSERT OR REPLACE INTO log_taken VALUES (?, ?, ?)');
  const put = db.prepare('INSERT OR IGNORE INTO code_use VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const readUse = db.prepare(`
    SELECT used_at_ms FROM code_use
    WHERE unit_id = ? AND key_version = ? AND kind = ? AND revision = ? AND starts_at_ms = ? AND ends_at_ms = ?`);
  const takenUpTo = (lockId: string, logId: string): number => Number(readTaken.get(lockId, logId)?.seq ?? 0);
  const isFirst = ({ code, lockId, usedAtMs }: CodeUse): boolean =>
    put.run(...keyOf(code), lockId, usedAtMs).changes > 0;
  return {
    takenUpTo,
    take: (entries) =>
      transact((touch) => {
        const last = entries.at(-1);
        if (last === undefined) return [];
        const taken = takenUpTo(last.lockId, last.logId);
        const fresh = entries.filter(({ seq }) => seq > taken);
        if (fresh.length > 0 && taken === 0) ends.logBegins(last.lockId);
        if (fresh.length > 0) writeTaken.run(last.lockId, last.logId, last.seq);
        const firstUses = fresh.map(codeUseOf).filter((use) => use !== null && isFirst(use)) as CodeUse[];
        for (const { code } of firstUses) touch(code.unitId);
        ends.take(fresh).forEach(touch);
        return firstUses;
      }),
    firstUsedAtMs: (code) => {
      const row = readUse.get(...keyOf(code));
      return row === undefined ? null : Number(row.used_at_ms);
    },
  };
}

function keyOf(code: Parameters<CodeUseStore['firstUsedAtMs']>[0]): (string | number)[] {
  const { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs } = code;
  return [unitId, keyVersion, kind, revision, startsAtMs, endsAtMs];
}
