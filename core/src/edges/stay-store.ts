/**
 * The stays that should have a code and the host's words on them, in the register's file.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { HostOverride, OverrideWord } from '../access-codes/host-overrides.ts';
import type { Reconciliation, UnitRecords } from '../access-codes/reconcile.ts';
import type { Held, StayRecord, WantedStay } from '../access-codes/wanted-stay.ts';
import type { Row } from './register-rows.ts';

/**
 * A word of the host's is never changed, only followed by another. Of an earlier release's register the stays are those that
 * have a code, and those that waited for one.
 */
export const STAY_SCHEMA = `
  CREATE TABLE stay (
    unit_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    json TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    told_by TEXT,
    held_reason TEXT,
    held_detail TEXT,
    PRIMARY KEY (unit_id, reservation_id)
  ) STRICT;
  CREATE TABLE host_override (
    override_id INTEGER PRIMARY KEY,
    unit_id TEXT,
    reservation_id TEXT NOT NULL,
    word TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    why TEXT NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX host_override_unit ON host_override (unit_id);
  INSERT INTO stay
    SELECT unit_id, reservation_id,
      json_object('id', reservation_id, 'source', 'feed', 'bookingId', NULL, 'startsAtMs', stay_starts_at_ms,
        'endsAtMs', stay_ends_at_ms, 'guestName', NULL, 'displaces', json('[]'),
        'gate', json('{"pass":true,"override":null}')),
      min(created_at_ms), NULL, NULL, NULL
    FROM access_code WHERE withdrawn_at_ms IS NULL GROUP BY unit_id, reservation_id;
  INSERT OR IGNORE INTO stay
    SELECT unit_id, reservation_id,
      json_object('id', reservation_id, 'source', 'feed', 'bookingId', NULL,
        'startsAtMs', json ->> '$.stay.startsAtMs', 'endsAtMs', json ->> '$.stay.endsAtMs',
        'guestName', json ->> '$.stay.guestName', 'displaces', json(coalesce(json -> '$.stay.displaces', '[]')),
        'gate', json('{"pass":true,"override":null}')),
      rowid, json ->> '$.holder', reason, NULL
    FROM held_stay WHERE json ->> '$.stay.startsAtMs' IS NOT NULL;
  DROP TABLE held_stay;`;

/** Within the transaction of the caller. */
export interface StayTables {
  read(unitId: string): Pick<UnitRecords, 'stays' | 'overrides'>;
  write(unitId: string, change: Partial<Pick<Reconciliation, 'keep' | 'drop' | 'words'>>): void;
}

/** The stays of an open register. */
export function prepareStays(db: DatabaseSync): StayTables {
  const readStays = db.prepare('SELECT * FROM stay WHERE unit_id = ? ORDER BY since_ms, reservation_id');
  const readOverrides = db.prepare(
    'SELECT * FROM host_override WHERE unit_id = ? OR unit_id IS NULL ORDER BY override_id',
  );
  const keep = db.prepare('INSERT OR REPLACE INTO stay VALUES (?, ?, ?, ?, ?, ?, ?)');
  const drop = db.prepare('DELETE FROM stay WHERE unit_id = ? AND reservation_id = ?');
  const say = db.prepare('INSERT INTO host_override VALUES (NULL, ?, ?, ?, ?, ?, ?)');
  return {
    read: (unitId) => ({
      stays: readStays.all(unitId).map(toStayRecord),
      overrides: readOverrides.all(unitId).map(toOverride),
    }),
    write: (unitId, change) => {
      for (const id of change.drop ?? []) drop.run(unitId, id);
      for (const { stay, sinceMs, toldBy, held } of change.keep ?? []) {
        const columns = [sinceMs, toldBy, held?.reason ?? null, held?.detail ?? null];
        keep.run(unitId, stay.id, JSON.stringify(stay), ...columns);
      }
      for (const { unitId: unit, reservationId, word, by, why, atMs } of change.words ?? []) {
        say.run(unit, reservationId, JSON.stringify(word), by, why, atMs);
      }
    },
  };
}

function toStayRecord(row: Row): StayRecord {
  const text = (column: string): string | null => (row[column] === null ? null : String(row[column]));
  const reason = text('held_reason') as Held['reason'] | null;
  return {
    stay: JSON.parse(String(row.json)) as WantedStay,
    sinceMs: Number(row.since_ms),
    toldBy: text('told_by'),
    held: reason === null ? null : { reason, detail: text('held_detail') },
  };
}

function toOverride(row: Row): HostOverride {
  return {
    unitId: row.unit_id === null ? null : String(row.unit_id),
    reservationId: String(row.reservation_id),
    word: JSON.parse(String(row.word)) as OverrideWord,
    by: String(row.decided_by),
    why: String(row.why),
    atMs: Number(row.at_ms),
  };
}
