/**
 * The webhooks that are to be sent, in the register's file: each change of a code is noted in the transaction that makes it, once for
 * each receiver, and is kept until that receiver has it. Without a receiver nothing is noted.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import type { SeamAccessCode } from '../access-codes/seam-record.ts';
import { listUnitRecords } from '../access-codes/unit-records.ts';
import { listChanges, withoutMessage } from '../access-codes/webhooks/list-changes.ts';
import { nextAttemptAtMs, WEBHOOK_GIVE_UP_MS } from '../access-codes/webhooks/retries.ts';
import type { CodeChange } from '../access-codes/webhooks/seam-event.ts';
import type { Row, Transact } from './register-rows.ts';
import type { HistoryReader } from './unit-history.ts';

/** A change that a receiver has not got yet. */
export interface DueWebhook {
  readonly change: CodeChange;
  /** How often it was tried. */
  readonly tries: number;
}

export interface WebhookAttempt {
  readonly endpointId: string;
  readonly eventId: string;
  readonly nowMs: number;
}

/** Each method is one transaction. */
export interface WebhookStore {
  /** From now on a receiver is told of changes; one that is known goes on where it was. */
  subscribe(endpointId: string): void;
  /** What it has not got is forgotten. */
  unsubscribe(endpointId: string): void;
  /** Those who are told. */
  endpoints(): string[];
  /** Notes what time alone changed, as a stay that begins or ends. */
  look(): void;
  /** What is to be sent now, at most one for each code, so that a receiver hears of a code's changes in their order. */
  listDue(endpointId: string, nowMs: number, most: number): DueWebhook[];
  /** All that a receiver has not got, oldest first, whether it is due or not. */
  listPending(endpointId: string, most: number): DueWebhook[];
  /** How many a receiver has not got. */
  countPending(endpointId: string): number;
  markDelivered(attempt: Omit<WebhookAttempt, 'nowMs'>): void;
  /** Whether it is tried again. */
  markFailed(attempt: WebhookAttempt, retryAfterMs: number | null): boolean;
}

export const WEBHOOK_SCHEMA = `
  CREATE TABLE webhook_endpoint (endpoint_id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE told_record (access_code_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, json TEXT NOT NULL) STRICT;
  CREATE INDEX told_record_unit ON told_record (unit_id);
  CREATE TABLE webhook_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    access_code_id TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE TABLE webhook_delivery (
    endpoint_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    access_code_id TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL,
    PRIMARY KEY (endpoint_id, seq)
  ) STRICT;
  CREATE INDEX webhook_delivery_order ON webhook_delivery (endpoint_id, access_code_id, seq);`;

export interface WebhookParts {
  readonly transact: Transact;
  readonly histories: HistoryReader;
  readonly now: () => number;
  readonly newId: () => string;
}

/** The webhooks of an open register, and what notes a unit's changes within the transaction of the caller. */
export function prepareWebhooks(
  db: DatabaseSync,
  parts: WebhookParts,
): { readonly store: WebhookStore; readonly note: (unitId: string) => void } {
  const { transact, now } = parts;
  const { note, hasEndpoints, toldUnits } = prepareNotes(db, parts);
  const putEndpoint = db.prepare('INSERT OR IGNORE INTO webhook_endpoint VALUES (?)');
  const dropEndpoint = db.prepare('DELETE FROM webhook_endpoint WHERE endpoint_id = ?');
  const dropDeliveries = db.prepare('DELETE FROM webhook_delivery WHERE endpoint_id = ?');
  const readEndpoints = db.prepare('SELECT endpoint_id FROM webhook_endpoint');
  const forgetAll = db.prepare('DELETE FROM told_record');
  const readDue = db.prepare(`
    SELECT e.json, d.tries FROM webhook_delivery d JOIN webhook_event e USING (seq)
    WHERE d.endpoint_id = :endpoint AND d.due_at_ms <= :now AND NOT EXISTS (
      SELECT 1 FROM webhook_delivery p
      WHERE p.endpoint_id = d.endpoint_id AND p.access_code_id = d.access_code_id AND p.seq < d.seq)
    ORDER BY d.seq LIMIT :most`);
  const readPending = db.prepare(`
    SELECT e.json, d.tries FROM webhook_delivery d JOIN webhook_event e USING (seq)
    WHERE d.endpoint_id = ? ORDER BY d.seq LIMIT ?`);
  const count = db.prepare('SELECT count(*) AS n FROM webhook_delivery WHERE endpoint_id = ?');
  const readOne = db.prepare(`
    SELECT d.tries, e.made_at_ms FROM webhook_delivery d JOIN webhook_event e USING (seq)
    WHERE d.endpoint_id = ? AND e.event_id = ?`);
  const putOff = db.prepare(`
    UPDATE webhook_delivery SET tries = :tries, due_at_ms = :due
    WHERE endpoint_id = :endpoint AND seq = (SELECT seq FROM webhook_event WHERE event_id = :event)`);
  const drop = db.prepare(`
    DELETE FROM webhook_delivery
    WHERE endpoint_id = ? AND seq = (SELECT seq FROM webhook_event WHERE event_id = ?)`);
  const dropUnwanted = db.prepare(
    'DELETE FROM webhook_event WHERE seq NOT IN (SELECT seq FROM webhook_delivery)',
  );
  const forget = (endpointId: string, eventId: string): void => {
    drop.run(endpointId, eventId);
    dropUnwanted.run();
  };
  const store: WebhookStore = {
    subscribe: (endpointId) => {
      transact(() => {
        const isFirst = !hasEndpoints();
        putEndpoint.run(endpointId);
        if (isFirst) parts.histories.units(now()).forEach(note.baseline);
      });
    },
    unsubscribe: (endpointId) => {
      transact(() => {
        dropEndpoint.run(endpointId);
        dropDeliveries.run(endpointId);
        dropUnwanted.run();
        if (!hasEndpoints()) forgetAll.run();
      });
    },
    endpoints: () => readEndpoints.all().map(({ endpoint_id }) => String(endpoint_id)),
    look: () => {
      transact((touch) => {
        if (hasEndpoints()) for (const unitId of toldUnits(now())) touch(unitId);
      });
    },
    listDue: (endpointId, nowMs, most) => readDue.all({ endpoint: endpointId, now: nowMs, most }).map(toDue),
    listPending: (endpointId, most) => readPending.all(endpointId, most).map(toDue),
    countPending: (endpointId) => Number(count.get(endpointId)?.n ?? 0),
    markDelivered: ({ endpointId, eventId }) => {
      transact(() => {
        forget(endpointId, eventId);
      });
    },
    markFailed: ({ endpointId, eventId, nowMs }, retryAfterMs) =>
      transact(() => {
        const row = readOne.get(endpointId, eventId);
        if (row === undefined) return false;
        const tries = Number(row.tries) + 1;
        const madeAtMs = Number(row.made_at_ms);
        const due = nextAttemptAtMs({ tries, madeAtMs, retryAfterMs, nowMs });
        if (due === null) forget(endpointId, eventId);
        else putOff.run({ tries, due, endpoint: endpointId, event: eventId });
        return due !== null;
      }),
  };
  return { store, note: note.changes };
}

interface Notes {
  readonly note: {
    /** Notes what is new in a unit. */
    readonly changes: (unitId: string) => void;
    /** Takes a unit as it is for known. */
    readonly baseline: (unitId: string) => void;
  };
  readonly hasEndpoints: () => boolean;
  readonly toldUnits: (nowMs: number) => Set<string>;
}

function prepareNotes(db: DatabaseSync, { histories, now, newId }: WebhookParts): Notes {
  const countEndpoints = db.prepare('SELECT count(*) AS n FROM webhook_endpoint');
  const readTold = db.prepare('SELECT json FROM told_record WHERE unit_id = ?');
  const readToldUnits = db.prepare('SELECT DISTINCT unit_id FROM told_record');
  const putTold = db.prepare('INSERT OR REPLACE INTO told_record VALUES (?, ?, ?)');
  const dropTold = db.prepare('DELETE FROM told_record WHERE access_code_id = ?');
  const putEvent = db.prepare('INSERT INTO webhook_event VALUES (NULL, ?, ?, ?, ?)');
  const putDeliveries = db.prepare(
    'INSERT INTO webhook_delivery SELECT endpoint_id, ?, ?, 0, ? FROM webhook_endpoint',
  );
  // A receiver whose program never comes back must not fill the disk.
  const dropOld = db.prepare(`
    DELETE FROM webhook_delivery WHERE seq IN (SELECT seq FROM webhook_event WHERE made_at_ms < ?)`);
  const dropOldEvents = db.prepare('DELETE FROM webhook_event WHERE made_at_ms < ?');
  const hasEndpoints = (): boolean => Number(countEndpoints.get()?.n) > 0;
  const recordsOf = (unitId: string): SeamAccessCode[] => {
    const nowMs = now();
    return listUnitRecords(histories.read(unitId, nowMs), nowMs).map(({ record }) => record);
  };
  const keep = (unitId: string, record: SeamAccessCode): void =>
    void putTold.run(record.access_code_id, unitId, JSON.stringify(record));
  const write = (change: CodeChange): void => {
    const id = (change.after ?? change.before)?.access_code_id ?? '';
    const { lastInsertRowid } = putEvent.run(change.eventId, id, change.atMs, JSON.stringify(change));
    putDeliveries.run(lastInsertRowid, id, change.atMs);
  };
  return {
    hasEndpoints,
    toldUnits: (nowMs) =>
      new Set([...histories.units(nowMs), ...readToldUnits.all().map(({ unit_id }) => String(unit_id))]),
    note: {
      baseline: (unitId) => {
        for (const record of recordsOf(unitId).map(withoutMessage))
          if (record.status !== 'unset') keep(unitId, record);
      },
      changes: (unitId) => {
        if (!hasEndpoints()) return;
        const told = readTold.all(unitId).map(({ json }) => JSON.parse(String(json)) as SeamAccessCode);
        const { changes, put, forget } = listChanges({
          told: new Map(told.map((record) => [record.access_code_id, record])),
          ...{ now: recordsOf(unitId), nowMs: now(), newId },
        });
        for (const record of put) keep(unitId, record);
        for (const id of forget) dropTold.run(id);
        if (changes.length === 0) return;
        changes.forEach(write);
        const tooOldMs = now() - 2 * WEBHOOK_GIVE_UP_MS;
        dropOld.run(tooOldMs);
        dropOldEvents.run(tooOldMs);
      },
    },
  };
}

function toDue({ json, tries }: Row): DueWebhook {
  return { change: JSON.parse(String(json)) as CodeChange, tries: Number(tries) };
}
