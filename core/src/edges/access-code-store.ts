/**
 * The register on disk: every code that was issued, the stays that should have one, the host's words, and what each feed is
 * known to hold, in one SQLite file. Neither keys nor digits are in it, but revisions are, so it is what the host backs up with the site key.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { AccessCode } from '../access-codes/access-code.ts';
import type { Reconciliation, UnitRecords } from '../access-codes/reconcile.ts';
import { listUnitRecords, type UnitRecord } from '../access-codes/unit-records.ts';
import { StaycodeError } from '../errors.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import { ACT_SCHEMA, type ActStore, prepareActs } from './act-store.ts';
import { BACKUP_SCHEMA, type BackupCodeStore, prepareBackups } from './backup-code-store.ts';
import { CODE_END_SCHEMA, type CodeEndStore, prepareCodeEnds } from './code-end-store.ts';
import { CODE_USE_SCHEMA, type CodeUseStore, prepareCodeUses } from './code-use-store.ts';
import { OUTBOX_SCHEMA, type OutboxStore, prepareOutbox } from './outbox-store.ts';
import { inTransaction, toAccessCode, type Touch, type Transact } from './register-rows.ts';
import {
  prepareProgrammedLocks,
  PROGRAMMED_LOCK_SCHEMA,
  type ProgrammedLockStore,
} from './programmed-lock-store.ts';
import { prepareSlots, SLOT_SCHEMA, type SlotStore } from './slot-store.ts';
import { prepareStays, STAY_SCHEMA } from './stay-store.ts';
import { prepareHistories } from './unit-history.ts';
import { prepareWebhooks, WEBHOOK_SCHEMA, type WebhookStore } from './webhook-store.ts';

/** What one event does to a unit: all of it is written, or none. */
export type UnitChange = Partial<Omit<Reconciliation, 'actions'>>;

export interface AccessCodeStore {
  readUnit(unitId: string): UnitRecords;
  /** Codes of a unit that are live and whose windows have a moment in common with this one. */
  codesMeeting(unitId: string, window: TimeWindow): AccessCode[];
  /** Reads, decides and writes in one transaction, so that two writers never decide on the same records. */
  changeUnit<T extends UnitChange>(unitId: string, decide: (records: UnitRecords) => T): T;
  /** Runs the work in one transaction: all that it writes here is kept, or none. */
  together<T>(work: () => T): T;
  /** JSON that a feed left here, or `null`. */
  readFeed(feedId: string): string | null;
  writeFeed(feedId: string, json: string): void;
  /** The guests' messages. */
  readonly outbox: OutboxStore;
  readonly backups: BackupCodeStore;
  /** What locks that keep their own list were told. */
  readonly slots: SlotStore;
  readonly programmed: ProgrammedLockStore;
  /** What came home from the locks' logs. */
  readonly uses: CodeUseStore;
  /** Where codes are dead. */
  readonly ends: CodeEndStore;
  /** What platforms are to be told of codes. */
  readonly webhooks: WebhookStore;
  /** What platforms may read of codes: see `listUnitRecords`; of those that are over, as long as `KEPT_AFTER_END_MS`. */
  readRecords(unitId: string): UnitRecord[];
  /** What was done by hand. */
  readonly acts: ActStore;
  /** Another text once anything was written, by this program or another: whether it pays to read again. */
  version(): string;
  close(): void;
}

const APPLICATION_ID = 0x5374_6179;
const SCHEMA_VERSION = 9;
const BUSY_MS = 5_000;
const SCHEMA = `
  CREATE TABLE access_code (
    access_code_id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL,
    key_version INTEGER NOT NULL,
    alphabet TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    starts_at_ms INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    stay_starts_at_ms INTEGER NOT NULL,
    stay_ends_at_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    left_at_ms INTEGER,
    withdrawn_at_ms INTEGER,
    UNIQUE (unit_id, key_version, starts_at_ms, ends_at_ms, kind, revision)
  ) STRICT;
  CREATE TABLE held_stay (
    unit_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (unit_id, reservation_id)
  ) STRICT;
  CREATE TABLE feed (feed_id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};`;
/** What turns a schema into the next one; the first turns 1 into 2. */
const STEPS: readonly string[] = [
  OUTBOX_SCHEMA + BACKUP_SCHEMA,
  STAY_SCHEMA,
  SLOT_SCHEMA,
  CODE_USE_SCHEMA,
  WEBHOOK_SCHEMA,
  ACT_SCHEMA,
  PROGRAMMED_LOCK_SCHEMA,
  CODE_END_SCHEMA,
];

/**
 * Opens the register, made where there is none. `now` is for what is told of codes: changes bring their own time.
 * @throws StaycodeError `bad-register` for a file that is none of ours or newer
 */
export function openAccessCodeStore(path: string, now: () => number = Date.now): AccessCodeStore {
  mkdirSync(dirname(path), { recursive: true });
  const db = open(path);
  const readCodes = db.prepare(
    'SELECT * FROM access_code WHERE unit_id = ? ORDER BY created_at_ms, access_code_id',
  );
  const readFeed = db.prepare('SELECT json FROM feed WHERE feed_id = ?');
  const writeFeed = db.prepare('INSERT OR REPLACE INTO feed VALUES (?, ?)');
  const writeCodes = prepareCodes(db);
  const stays = prepareStays(db);
  const readMeeting = db.prepare(
    'SELECT * FROM access_code WHERE unit_id = ? AND withdrawn_at_ms IS NULL AND starts_at_ms < ? AND ends_at_ms > ?',
  );
  const readUnit = (unitId: string): UnitRecords => ({
    codes: readCodes.all(unitId).map(toAccessCode),
    ...stays.read(unitId),
  });
  // Of one within another the outer one counts.
  let touched: Set<string> | null = null;
  const transact: Transact = (work) => {
    if (touched !== null) return work(touchIn(touched));
    const units = new Set<string>();
    touched = units;
    try {
      return inTransaction(db, () => {
        const result = work(touchIn(units));
        units.forEach(note);
        return result;
      });
    } finally {
      touched = null;
    }
  };
  const backups = prepareBackups(db, transact);
  const ends = prepareCodeEnds(db, transact, (unitId) => [
    ...readCodes.all(unitId).map(toAccessCode),
    ...backups.readUnit(unitId),
  ]);
  const uses = prepareCodeUses(db, transact, ends);
  const histories = prepareHistories(db, { stays, uses, ends });
  const { store: webhooks, note } = prepareWebhooks(db, { transact, histories, now, newId: randomUUID });
  // The first counts what this connection wrote, the second changes with what others did.
  const readVersion = db.prepare(
    'SELECT total_changes() AS own, data_version AS others FROM pragma_data_version',
  );
  return {
    readUnit,
    codesMeeting: (unitId, { startsAtMs, endsAtMs }) =>
      readMeeting.all(unitId, endsAtMs, startsAtMs).map(toAccessCode),
    webhooks,
    readRecords: (unitId) => listUnitRecords(histories.read(unitId, now()), now()),
    outbox: prepareOutbox(db, transact),
    backups,
    slots: prepareSlots(db, transact),
    programmed: prepareProgrammedLocks(db, transact),
    uses,
    ends,
    acts: prepareActs(db),
    changeUnit: (unitId, decide) =>
      transact((touch) => {
        touch(unitId);
        const change = decide(readUnit(unitId));
        writeCodes(change);
        stays.write(unitId, change);
        return change;
      }),
    together: (work) => transact(() => work()),
    readFeed: (feedId) => {
      const row = readFeed.get(feedId);
      return row === undefined ? null : String(row.json);
    },
    writeFeed: (feedId, json) => void writeFeed.run(feedId, json),
    version: () => {
      const { own, others } = readVersion.get() ?? {};
      return `${String(own)} ${String(others)}`;
    },
    close: () => {
      db.close();
    },
  };
}

function touchIn(units: Set<string>): Touch {
  return (unitId) => void units.add(unitId);
}

function open(path: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path);
    db = opened;
    opened.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    inTransaction(opened, () => {
      checkSchema(opened, path);
    });
    // FULL, for in WAL mode anything less may lose the last codes at a power cut, and revisions are history.
    opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    return opened;
  } catch (cause) {
    db?.close();
    if (cause instanceof StaycodeError) throw cause;
    throw bad(`expected a file of Staycode's at ${path}: ${String(cause)}`, cause);
  }
}

function checkSchema(db: DatabaseSync, path: string): void {
  const pragma = (name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name];
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n;
  if (tables === 0) db.exec(`${SCHEMA} PRAGMA user_version = 1;`);
  if (pragma('application_id') !== APPLICATION_ID) {
    throw bad(`expected a file of Staycode's at ${path}, found another database`);
  }
  const version = Number(pragma('user_version'));
  if (!(version >= 1 && version <= SCHEMA_VERSION)) {
    throw bad(
      `expected schema 1 to ${SCHEMA_VERSION} at ${path}, found ${version}: it belongs to another release`,
    );
  }
  for (const step of STEPS.slice(version - 1)) db.exec(step);
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

function prepareCodes(db: DatabaseSync): (change: UnitChange) => void {
  // Only what can change is updated; a second record with the same digits breaks the UNIQUE rule and is refused.
  const put = db.prepare(`
    INSERT INTO access_code VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (access_code_id) DO UPDATE SET
      stay_starts_at_ms = excluded.stay_starts_at_ms, stay_ends_at_ms = excluded.stay_ends_at_ms,
      left_at_ms = excluded.left_at_ms, withdrawn_at_ms = excluded.withdrawn_at_ms`);
  const forget = db.prepare('DELETE FROM access_code WHERE access_code_id = ?');
  return (change) => {
    for (const code of change.forget ?? []) forget.run(code.id);
    for (const code of change.put ?? []) putCode(put, code);
  };
}

function putCode(put: StatementSync, code: AccessCode): void {
  try {
    put.run(
      ...[code.id, code.unitId, code.keyVersion, code.alphabet, code.reservationId, code.kind, code.revision],
      ...[code.startsAtMs, code.endsAtMs, code.stay.startsAtMs, code.stay.endsAtMs],
      ...[code.issuedAtMs, code.leftAtMs, code.withdrawnAtMs, code.revokedAtMs ?? null],
    );
  } catch (cause) {
    if (!String(cause).includes('UNIQUE')) throw cause;
    throw bad('expected one reservation for a window, kind and revision, got a second one', cause);
  }
}

function bad(message: string, cause?: unknown): StaycodeError {
  return new StaycodeError('bad-register', `register: ${message}`, { cause });
}
