/** Makes an open-and-closed register look as earlier releases left it. */
import { DatabaseSync } from 'node:sqlite';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import { openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';

/** What schemas 6 to 9 brought. */
const LATE_TABLES =
  'ALTER TABLE access_code DROP COLUMN revoked_at_ms; DROP TABLE code_end; DROP TABLE offline_lock; DROP TABLE served_unit; DROP TABLE told_slot; DROP TABLE host_act; DROP TABLE webhook_endpoint; DROP TABLE told_record; DROP TABLE webhook_event; DROP TABLE webhook_delivery;';

/** Schema 3. */
export function makeThirdRelease(path: string): void {
  openAccessCodeStore(path).close();
  change(
    path,
    `${LATE_TABLES} DROP TABLE lock_slot; DROP TABLE code_use; DROP TABLE log_taken; PRAGMA user_version = 3`,
  );
}

/** Schema 2, with these codes; stays that waited can be put into `held_stay`. */
export function makeSecondRelease(path: string, codes: readonly AccessCode[] = []): void {
  const store = openAccessCodeStore(path);
  const [first] = codes;
  if (first) store.changeUnit(first.unitId, () => ({ put: codes }));
  store.close();
  change(
    path,
    `${LATE_TABLES} DROP TABLE lock_slot; DROP TABLE stay; DROP TABLE host_override; DROP TABLE code_use; DROP TABLE log_taken;
    CREATE TABLE held_stay (
      unit_id TEXT NOT NULL,
      reservation_id TEXT NOT NULL,
      reason TEXT NOT NULL,
      json TEXT NOT NULL,
      PRIMARY KEY (unit_id, reservation_id)
    ) STRICT;
    PRAGMA user_version = 2`,
  );
}

/** Schema 1. */
export function makeFirstRelease(path: string): void {
  makeSecondRelease(path);
  change(path, 'DROP TABLE message; DROP TABLE backup_code; PRAGMA user_version = 1');
}

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}
