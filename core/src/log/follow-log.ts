/**
 * Following a log line by line, as a keeper does while it grows and `verifyLog` does over a file: each entry must be the next one of
 * this log, and each signature of the key that the log had named for it.
 * @module
 */
import * as v from 'valibot';
import { orNull } from '../errors.ts';
import { parseMessage } from '../parse-message.ts';
import { firstHash, type LogPoint, nextHash, splitLine } from './chain.ts';
import type { LogEntry } from './entry.ts';
import { checkSignature, type LogHead, readHead, type SignatureCheck, SIGN_EVERY } from './head.ts';
import type { LogHeader } from './header.ts';

/** What is wrong with a log. */
export type LogFault =
  /** No line of a log. */
  | 'malformed'
  /** The last line has no end. */
  | 'torn'
  /** Of another lock or another log. */
  | 'foreign'
  /** Its text does not belong to its hash, or does not follow from the line before. */
  | 'altered'
  /** Entries are missing before it. */
  | 'gap'
  /** An entry that should have come later, or was there already. */
  | 'reordered'
  | 'repeated'
  /** A signature that the key did not make. */
  | 'forged'
  /** A signature of a key other than the one in force there, be it a later one of the same lock. */
  | 'foreign-key'
  /** Another history than the one that was signed or pinned. */
  | 'forked'
  /** So many entries without a signature as no lock leaves. */
  | 'unsigned'
  /** It ends before what is known of it. */
  | 'shorter'
  /** Nothing outside the log speaks for the key that signed it. */
  | 'unvouched';

/** A log up to one of its entries. */
export interface LogState extends LogPoint {
  readonly lockId: string;
  readonly logId: string;
  /** The public key that signs the next head, 64 hex digits. */
  readonly key: string;
  /** Entries since the last signed head. */
  readonly unsigned: number;
  /** The last signed head, `null` before the first one followed. */
  readonly signed: LogHead | null;
}

export type LogStep =
  | { readonly ok: true; readonly state: LogState; readonly entry: LogEntry }
  | { readonly ok: false; readonly reason: LogFault; readonly seq: number };

const entrySchema = v.strictObject({
  lockId: v.string(),
  logId: v.string(),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  bootId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/u)),
  event: v.nullable(v.picklist(['LockOperation', 'LockOperationError', 'DoorLockAlarm'])),
  record: v.looseObject({ type: v.string() }),
});
type PlainEntry = v.InferOutput<typeof entrySchema>;
const headRecordSchema = v.looseObject({
  body: v.string(),
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/u)),
});

/** A log from its header on; `null` for a header of a whole log whose first hash is not of its own ids. */
export function beginLog({ lockId, logId, seq, hash, key }: LogHeader): LogState | null {
  if (seq === 0 && hash !== firstHash(lockId, logId)) return null;
  return { lockId, logId, seq, hash, key, unsigned: 0, signed: null };
}

/**
 * Takes the next line, without its line feed. Never throws on what a line says.
 * @param isOfKey as of `readHead`
 */
export function followLine(state: LogState, line: string, isOfKey: SignatureCheck = checkSignature): LogStep {
  const fail = (reason: LogFault): LogStep => ({ ok: false, reason, seq: state.seq + 1 });
  const parts = splitLine(line);
  const entry = parts && parsed(entrySchema, parts.body);
  if (!entry) return fail('malformed');
  const misplaced = placeFault(state, entry);
  if (misplaced) return fail(misplaced);
  if (parts.hash !== nextHash(state.hash, parts.body)) return fail('altered');
  const next = { ...state, seq: entry.seq, hash: parts.hash };
  if (entry.record.type === 'head') return followHead(state, next, { entry, isOfKey });
  if (state.unsigned >= SIGN_EVERY) return fail('unsigned');
  return { ok: true, state: { ...next, unsigned: state.unsigned + 1 }, entry: toLogEntry(entry) };
}

function placeFault(state: LogState, entry: PlainEntry): LogFault | null {
  if (entry.lockId !== state.lockId || entry.logId !== state.logId) return 'foreign';
  if (entry.seq > state.seq + 1) return 'gap';
  return entry.seq <= state.seq ? 'repeated' : null;
}

/** What a record holds by its type the lock has judged, and the MAC of its message or the chain has vouched for. */
function toLogEntry(entry: PlainEntry): LogEntry {
  return entry as object as LogEntry;
}

interface HeadEntry {
  readonly entry: PlainEntry;
  readonly isOfKey: SignatureCheck;
}

function followHead(before: LogState, after: LogState, { entry, isOfKey }: HeadEntry): LogStep {
  const { bootId, record } = entry;
  const fail = (reason: LogFault): LogStep => ({ ok: false, reason, seq: after.seq });
  const signed = v.safeParse(headRecordSchema, record);
  if (!signed.success) return fail('malformed');
  const head = orNull(() => readHead(signed.output, isOfKey));
  if (head === null) return fail('forged');
  if (head.key !== before.key) return fail('foreign-key');
  if (head.lockId !== before.lockId || head.logId !== before.logId) return fail('foreign');
  if (head.seq !== before.seq || head.hash !== before.hash || head.bootId !== bootId) return fail('forked');
  const state = { ...after, key: head.nextKey ?? head.key, unsigned: 0, signed: head };
  return { ok: true, state, entry: toLogEntry(entry) };
}

function parsed<T>(schema: v.GenericSchema<unknown, T>, text: string): T | null {
  return orNull(() => parseMessage(schema, text, 'log entry'));
}
