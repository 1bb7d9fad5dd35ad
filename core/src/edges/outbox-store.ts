/**
 * The outbox on disk, in the register's file: a message is claimed, and its code counts as out there, in one transaction
 * before anyone sends it.
 * @module
 */
import type { DatabaseSync } from 'node:sqlite';
import { type AccessCode, isLive } from '../access-codes/access-code.ts';
import {
  claim,
  markFailed,
  markSent,
  type MessageState,
  nextDue,
  noteTold,
  type OutboxChange,
  type OutboxMessage,
  type OutboxPolicy,
  queueMessages,
  type QueueRequest,
  retryMessage,
  type SendFailure,
} from '../access-codes/outbox.ts';
import { type Row, toAccessCode, type Transact } from './register-rows.ts';

/** What a sender is handed; the digits come from the code and the unit's key. */
export interface ClaimedMessage {
  readonly message: OutboxMessage;
  readonly code: AccessCode;
}

/** Each method is one transaction. */
export interface OutboxStore {
  /** A unit's messages, oldest first. */
  readUnit(unitId: string): OutboxMessage[];
  /** Brings a unit's messages in line with its codes: after each change of them, and at the start for what a crash cut off. */
  queue(unitId: string, request: Omit<QueueRequest, 'codes' | 'messages'>): OutboxChange;
  /** Notes that a stay's code was told by other means; see `noteTold`. */
  noteTold(
    unitId: string,
    reservationId: string,
    request: Omit<QueueRequest, 'codes' | 'messages' | 'policy'>,
  ): void;
  /** Takes the next message that is due, and that this sender sends, for as long as the policy's lease; `null` for none. */
  claimNext(
    nowMs: number,
    policy: OutboxPolicy,
    isMine?: (message: OutboxMessage) => boolean,
  ): ClaimedMessage | null;
  /** `null` where the message is gone. */
  markSent(id: string, nowMs: number): OutboxMessage | null;
  markFailed(id: string, failure: SendFailure, policy: OutboxPolicy): OutboxMessage | null;
  /** Ends the leases of senders that are known to be gone, as a restart's are: what they had is offered again at once. */
  endLeases(nowMs: number): void;
  /** For a register from a backup: what was told since is not known, so all may be, and every code may be out there. */
  doubtAll(nowMs: number): void;
  /** Offers a failed message again, or a sent one as a marked duplicate. */
  retry(id: string, nowMs: number): OutboxMessage | null;
}

/** The stays that have their code from an earlier release were told of it: they are not told again. */
export const OUTBOX_SCHEMA = `
  CREATE TABLE message (
    message_id TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL,
    reservation_id TEXT NOT NULL,
    access_code_id TEXT NOT NULL,
    stay_starts_at_ms INTEGER NOT NULL,
    stay_ends_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    due_at_ms INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    may_be_duplicate INTEGER NOT NULL,
    replaces_earlier INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    sent_at_ms INTEGER
  ) STRICT;
  CREATE INDEX message_unit ON message (unit_id);
  CREATE INDEX message_due ON message (state, due_at_ms);
  INSERT INTO message
    SELECT access_code_id, unit_id, reservation_id, access_code_id, stay_starts_at_ms, stay_ends_at_ms,
      'sent', left_at_ms, 1, 0, 0, 0, left_at_ms, left_at_ms
    FROM access_code WHERE left_at_ms IS NOT NULL AND withdrawn_at_ms IS NULL;`;

/** The outbox of an open register. */
export function prepareOutbox(db: DatabaseSync, transact: Transact): OutboxStore {
  const readUnit = db.prepare('SELECT * FROM message WHERE unit_id = ? ORDER BY rowid');
  const readOpen = db.prepare(
    `SELECT * FROM message
      WHERE state = 'sending' OR state = 'queued' AND due_at_ms <= :now OR state = 'replaced' AND due_at_ms > :now
      ORDER BY rowid`,
  );
  const readOne = db.prepare('SELECT * FROM message WHERE message_id = ?');
  const readCode = db.prepare('SELECT * FROM access_code WHERE access_code_id = ?');
  const readCodes = db.prepare('SELECT * FROM access_code WHERE unit_id = ? ORDER BY rowid');
  const codeLeft = db.prepare(
    'UPDATE access_code SET left_at_ms = ? WHERE access_code_id = ? AND left_at_ms IS NULL',
  );
  const write = prepareWrite(db);
  const messagesOf = (unitId: string): OutboxMessage[] => readUnit.all(unitId).map(toMessage);

  const endLeases = db.prepare(
    "UPDATE message SET due_at_ms = :now WHERE state IN ('sending', 'replaced') AND due_at_ms > :now",
  );

  const readUnits = db.prepare('SELECT DISTINCT unit_id FROM access_code');
  const doubtMessages = db.prepare('UPDATE message SET may_be_duplicate = 1');
  const doubtCodes = db.prepare('UPDATE access_code SET left_at_ms = ? WHERE left_at_ms IS NULL');

  const claimIn = (
    nowMs: number,
    { leaseMs }: OutboxPolicy,
    isMine: (message: OutboxMessage) => boolean,
  ): ClaimedMessage | null => {
    let open = readOpen.all({ now: nowMs }).map(toMessage);
    for (let due = nextDue(open, nowMs); due !== null; due = nextDue(open, nowMs)) {
      const { id, accessCodeId } = due;
      const row = readCode.get(accessCodeId);
      const code = row && toAccessCode(row);
      if (code && isLive(code) && isMine(due)) {
        const message = claim(due, nowMs, leaseMs);
        write({ put: [message], forget: [] });
        codeLeft.run(nowMs, code.id);
        return { message, code: { ...code, leftAtMs: code.leftAtMs ?? nowMs } };
      }
      // Somebody else's; or withdrawn, and `queue` has not been called since: it must not go out meanwhile.
      open = open.filter((message) => message.id !== id);
    }
    return null;
  };
  const change = (id: string, to: (message: OutboxMessage) => OutboxMessage): OutboxMessage | null =>
    transact((touch) => {
      const row = readOne.get(id);
      if (row === undefined) return null;
      const message = to(toMessage(row));
      touch(message.unitId);
      write({ put: [message], forget: [] });
      return message;
    });

  return {
    readUnit: messagesOf,
    queue: (unitId, request) =>
      transact((touch) => {
        touch(unitId);
        const codes = readCodes.all(unitId).map(toAccessCode);
        const changes = queueMessages({ ...request, codes, messages: messagesOf(unitId) });
        write(changes);
        return changes;
      }),
    noteTold: (unitId, reservationId, request) => {
      transact((touch) => {
        touch(unitId);
        const codes = readCodes.all(unitId).map(toAccessCode);
        const change = noteTold({ ...request, codes, messages: messagesOf(unitId) }, reservationId);
        write(change);
        for (const { accessCodeId } of change.put) codeLeft.run(request.nowMs, accessCodeId);
      });
    },
    claimNext: (nowMs, policy, isMine = () => true) =>
      transact((touch) => {
        const claimed = claimIn(nowMs, policy, isMine);
        if (claimed) touch(claimed.code.unitId);
        return claimed;
      }),
    endLeases: (nowMs) => void endLeases.run({ now: nowMs }),
    doubtAll: (nowMs) => {
      transact((touch) => {
        doubtMessages.run();
        doubtCodes.run(nowMs);
        for (const { unit_id } of readUnits.all()) touch(String(unit_id));
      });
    },
    markSent: (id, nowMs) => change(id, (message) => markSent(message, nowMs)),
    markFailed: (id, failure, policy) =>
      change(id, (message) => markFailed(message, failure, policy, messagesOf(message.unitId))),
    retry: (id, nowMs) => change(id, (message) => retryMessage(message, nowMs)),
  };
}

function prepareWrite(db: DatabaseSync): (change: OutboxChange) => void {
  // An update keeps the row's place: the order of a reservation's messages is what says which was told last.
  const put = db.prepare(`
    INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (message_id) DO UPDATE SET
      access_code_id = excluded.access_code_id, stay_starts_at_ms = excluded.stay_starts_at_ms,
      stay_ends_at_ms = excluded.stay_ends_at_ms, state = excluded.state, due_at_ms = excluded.due_at_ms,
      claims = excluded.claims, failures = excluded.failures, may_be_duplicate = excluded.may_be_duplicate,
      replaces_earlier = excluded.replaces_earlier, sent_at_ms = excluded.sent_at_ms`);
  const forget = db.prepare('DELETE FROM message WHERE message_id = ?');
  return (change) => {
    for (const { id } of change.forget) forget.run(id);
    for (const message of change.put) {
      const { id, unitId, reservationId, accessCodeId, stay, state, dueAtMs, claims, failures } = message;
      put.run(
        ...[id, unitId, reservationId, accessCodeId, stay.startsAtMs, stay.endsAtMs, state, dueAtMs, claims],
        ...[failures, Number(message.mayBeDuplicate), Number(message.replacesEarlier)],
        ...[message.createdAtMs, message.sentAtMs],
      );
    }
  };
}

/** Reads a row of `message`. */
export function toMessage(row: Row): OutboxMessage {
  return {
    id: String(row.message_id),
    unitId: String(row.unit_id),
    reservationId: String(row.reservation_id),
    accessCodeId: String(row.access_code_id),
    stay: { startsAtMs: Number(row.stay_starts_at_ms), endsAtMs: Number(row.stay_ends_at_ms) },
    state: row.state as MessageState,
    dueAtMs: Number(row.due_at_ms),
    claims: Number(row.claims),
    failures: Number(row.failures),
    mayBeDuplicate: row.may_be_duplicate === 1,
    replacesEarlier: row.replaces_earlier === 1,
    createdAtMs: Number(row.created_at_ms),
    sentAtMs: row.sent_at_ms === null ? null : Number(row.sent_at_ms),
  };
}
