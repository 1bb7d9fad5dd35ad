/**
 * The slots of locks that keep their own list, in the register's file: written before a command leaves, so that after any crash a
 * slot that may hold a code of ours is known as ours. No digits are in it.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { SlotCommand, SlotRecord } from '../programmed-locks/slot-record.ts';
import type { Row, Touch, Transact } from './register-rows.ts';

export interface SlotStore {
  readLock(lockId: string): SlotRecord[];
  /** Reads, plans and writes in one transaction, so that no two plans decide on the same records. */
  changeLock<T extends { readonly records: readonly SlotRecord[] }>(
    lockId: string,
    plan: (records: readonly SlotRecord[]) => T,
  ): T;
}

export const SLOT_SCHEMA = `
  CREATE TABLE lock_slot (
    lock_id TEXT NOT NULL,
    access_code_id TEXT NOT NULL,
    pin_from TEXT NOT NULL,
    pin_choice INTEGER NOT NULL,
    slot INTEGER,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    set_at_ms INTEGER,
    sent_command TEXT,
    sent_at_ms INTEGER,
    tries INTEGER NOT NULL,
    told_at_ms INTEGER,
    cleared_at_ms INTEGER,
    failure TEXT,
    failed_at_ms INTEGER,
    PRIMARY KEY (lock_id, access_code_id)
  ) STRICT;`;

/** The slots of an open register. */
export function prepareSlots(db: DatabaseSync, transact: Transact): SlotStore {
  const read = db.prepare('SELECT * FROM lock_slot WHERE lock_id = ? ORDER BY rowid');
  const put = db.prepare(`INSERT OR REPLACE INTO lock_slot
    (lock_id, access_code_id, pin_from, pin_choice, slot, starts_at_ms, ends_at_ms, set_at_ms, sent_command, sent_at_ms,
      tries, told_at_ms, cleared_at_ms, failure, failed_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const drop = db.prepare('DELETE FROM lock_slot WHERE lock_id = ? AND access_code_id = ?');
  const readUnit = db.prepare('SELECT unit_id FROM access_code WHERE access_code_id = ?');
  const touchUnit = (touch: Touch, accessCodeId: string): void => {
    const row = readUnit.get(accessCodeId);
    if (row) touch(String(row.unit_id));
  };
  const readLock = (lockId: string): SlotRecord[] => read.all(lockId).map(toSlotRecord);
  return {
    readLock,
    changeLock: (lockId, plan) =>
      transact((touch) => {
        const before = new Map(readLock(lockId).map((record) => [record.accessCodeId, record]));
        const result = plan([...before.values()]);
        for (const record of result.records) {
          // A plan is made on every message, and most change nothing: no write, no fsync.
          if (!isSame(record, before.get(record.accessCodeId))) {
            put.run(...toColumns(record));
            touchUnit(touch, record.accessCodeId);
          }
          before.delete(record.accessCodeId);
        }
        for (const accessCodeId of before.keys()) {
          drop.run(lockId, accessCodeId);
          touchUnit(touch, accessCodeId);
        }
        return result;
      }),
  };
}

function isSame(a: SlotRecord, b: SlotRecord | undefined): boolean {
  return b !== undefined && JSON.stringify(toColumns(a)) === JSON.stringify(toColumns(b));
}

function toColumns(record: SlotRecord): (string | number | null)[] {
  const { window, sent, failure } = record;
  return [
    ...[record.lockId, record.accessCodeId, record.pinFrom, record.pinChoice, record.slot],
    ...[window.startsAtMs, window.endsAtMs, record.setAtMs, sent?.command ?? null, sent?.atMs ?? null],
    ...[record.tries, record.toldAtMs, record.clearedAtMs, failure?.message ?? null, failure?.atMs ?? null],
  ];
}

function toSlotRecord(row: Row): SlotRecord {
  const number = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  const [sentAtMs, failedAtMs] = [number('sent_at_ms'), number('failed_at_ms')];
  return {
    lockId: String(row.lock_id),
    accessCodeId: String(row.access_code_id),
    pinFrom: String(row.pin_from),
    pinChoice: Number(row.pin_choice),
    slot: number('slot'),
    window: { startsAtMs: Number(row.starts_at_ms), endsAtMs: Number(row.ends_at_ms) },
    setAtMs: number('set_at_ms'),
    sent: sentAtMs === null ? null : { command: row.sent_command as SlotCommand, atMs: sentAtMs },
    tries: Number(row.tries),
    toldAtMs: number('told_at_ms'),
    clearedAtMs: number('cleared_at_ms'),
    failure: failedAtMs === null ? null : { message: String(row.failure), atMs: failedAtMs },
  };
}
