/**
 * What the host and those who work for him did by hand, in the register's file: who, when and why. What decides on codes is a
 * word (`HostOverride`); this is what leaves no other trace.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Row } from './register-rows.ts';

/** One act; never changed, only followed by others. */
export interface HostAct {
  /** Such as `shown`, `clock-code` or `cleaned`. */
  readonly act: string;
  /** `null` for one on the whole house. */
  readonly unitId: string | null;
  /** `null` for one on the unit. */
  readonly reservationId: string | null;
  readonly by: string;
  /** What is to be remembered of it; never digits. */
  readonly note: string | null;
  readonly atMs: number;
}

export interface ActStore {
  /** On disk when it returns: before anything of the act is seen. */
  add(act: HostAct): void;
  /** The last ones of a unit and of its stays, newest first. */
  ofUnit(unitId: string, count: number): HostAct[];
  /** The last ones of a kind on the whole house, newest first. */
  ofHouse(act: string, count: number): HostAct[];
}

export const ACT_SCHEMA = `
  CREATE TABLE host_act (
    act_id INTEGER PRIMARY KEY,
    act TEXT NOT NULL,
    unit_id TEXT,
    reservation_id TEXT,
    done_by TEXT NOT NULL,
    note TEXT,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX host_act_unit ON host_act (unit_id);`;

export function prepareActs(db: DatabaseSync): ActStore {
  const add = db.prepare('INSERT INTO host_act VALUES (NULL, ?, ?, ?, ?, ?, ?)');
  const read = db.prepare('SELECT * FROM host_act WHERE unit_id = ? ORDER BY act_id DESC LIMIT ?');
  const readHouse = db.prepare(
    'SELECT * FROM host_act WHERE unit_id IS NULL AND act = ? ORDER BY act_id DESC LIMIT ?',
  );
  return {
    add: ({ act, unitId, reservationId, by, note, atMs }) =>
      void add.run(act, unitId, reservationId, by, note, atMs),
    ofUnit: (unitId, count) => read.all(unitId, count).map(toAct),
    ofHouse: (act, count) => readHouse.all(act, count).map(toAct),
  };
}

function toAct(row: Row): HostAct {
  const text = (column: string): string | null => (row[column] === null ? null : String(row[column]));
  return {
    act: String(row.act),
    unitId: text('unit_id'),
    reservationId: text('reservation_id'),
    by: String(row.done_by),
    note: text('note'),
    atMs: Number(row.at_ms),
  };
}
