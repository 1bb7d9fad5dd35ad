/**
 * The log on its way home: entries from the lock, and what a host says to them. Lines travel text for text as they stand on the
 * lock's disk, so what the keeper writes down is what the lock had.
 * @module
 */
import * as v from 'valibot';
import { counter, hex, id } from './schemas.ts';
import { readSigned, signText } from './signed-text.ts';

/** Consecutive lines of the log, for one host. */
export interface AuditEntries {
  readonly lockId: string;
  /** For whom this is authenticated. */
  readonly controllerId: string;
  readonly logId: string;
  /** Number of the first line. */
  readonly from: number;
  /** Whether all of it happened before the lock could say so: told to remember, not to act on as news. */
  readonly historical: boolean;
  /** The header of the log's file, where the lines are the first after it. */
  readonly header: string | null;
  /** Each `hash body`, without its line feed. */
  readonly lines: readonly string[];
}

/** The keeper has all up to an entry on its disk. */
export interface AuditAck {
  readonly lockId: string;
  readonly controllerId: string;
  readonly logId: string;
  readonly upTo: number;
  /** The chain's hash there: a keeper with another history acknowledges nothing. */
  readonly hash: string;
}

/** A host misses all from an entry on; 1 where it has nothing, or nothing of this log. */
export interface AuditResend {
  readonly lockId: string;
  readonly controllerId: string;
  readonly from: number;
}

/** Lines in a message, and characters of them unless the first alone is longer. */
export const BATCH_LINES = 16;
export const BATCH_CHARACTERS = 65_536;
/** A longer message is not read. */
const MAX_LENGTH = 4 * BATCH_CHARACTERS;
const MAX_QUESTION_LENGTH = 1024;

const seq = v.pipe(counter, v.minValue(1));
const entriesSchema = v.strictObject({
  lockId: id,
  controllerId: id,
  logId: hex(32),
  from: seq,
  historical: v.boolean(),
  header: v.nullable(v.string()),
  lines: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(BATCH_LINES)),
});
const ackSchema = v.strictObject({ lockId: id, controllerId: id, logId: hex(32), upTo: seq, hash: hex(64) });
const resendSchema = v.strictObject({ lockId: id, controllerId: id, from: seq });

type KeyOf = (controllerId: string) => Uint8Array;

export function signEntries(commandKey: Uint8Array, entries: AuditEntries): string {
  return signText(commandKey, 'entries', entries);
}

export function signAck(commandKey: Uint8Array, ack: AuditAck): string {
  return signText(commandKey, 'ack', ack);
}

export function signResend(commandKey: Uint8Array, resend: AuditResend): string {
  return signText(commandKey, 'resend', resend);
}

/** `null` for entries that were authenticated for another. @throws StaycodeError `bad-message` */
export function readEntries(commandKey: Uint8Array, text: string): AuditEntries | null {
  if (text.length > MAX_LENGTH) return null;
  return readSigned(entriesSchema, 'entries', text, () => commandKey);
}

/** `null` for a forged one. @throws StaycodeError `bad-message` */
export function readAck(keyOf: KeyOf, text: string): AuditAck | null {
  if (text.length > MAX_QUESTION_LENGTH) return null;
  return readSigned(ackSchema, 'ack', text, ({ controllerId }) => keyOf(controllerId));
}

/** `null` for a forged one. @throws StaycodeError `bad-message` */
export function readResend(keyOf: KeyOf, text: string): AuditResend | null {
  if (text.length > MAX_QUESTION_LENGTH) return null;
  return readSigned(resendSchema, 'resend', text, ({ controllerId }) => keyOf(controllerId));
}
