/**
 * The first line of a log's file: whose log it is, after which entry the file begins, and which key signs from there. The
 * holder of the lock key vouches for that key, so a host that knows the site key takes nothing on trust.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import { parseMessage } from '../parse-message.ts';
import { formatLine, hashText, type LogPoint, splitLine } from './chain.ts';

export const LOG_FORMAT = 'staycode-log/1';

/** Its `seq` and `hash` are of the last entry that the file no longer holds; 0 and `firstHash` where none is gone. */
export interface LogHeader extends LogPoint {
  readonly format: typeof LOG_FORMAT;
  readonly lockId: string;
  readonly logId: string;
  /** The public key that signs the next head, 64 hex digits. */
  readonly key: string;
  /** HMAC-SHA-256 under the log key, 64 hex digits. */
  readonly mac: string;
}

const headerSchema = v.strictObject({
  format: v.literal(LOG_FORMAT),
  lockId: v.string(),
  logId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/u)),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
  mac: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});

/** A header vouched for. @param logKey as `deriveLogKey` makes it */
export function vouchForHeader(logKey: Uint8Array, header: Omit<LogHeader, 'format' | 'mac'>): LogHeader {
  const { lockId, logId, seq, hash, key } = header;
  return { format: LOG_FORMAT, lockId, logId, seq, hash, key, mac: macOf(logKey, header) };
}

/** Whether the holder of the log key made this header. */
export function isVouchedFor(logKey: Uint8Array, header: LogHeader): boolean {
  return macOf(logKey, header) === header.mac;
}

/** The header as a line; the hash before it is of its text alone. */
export function formatHeader(header: LogHeader): string {
  return formatTextLine(JSON.stringify(header));
}

/** @throws StaycodeError `bad-message`, also where the hash is not of the text */
export function parseHeader(line: string): LogHeader {
  return parseMessage(headerSchema, textOf(line, 'log header'), 'log header');
}

/** A line outside the chain: its hash is of its text alone. */
export function formatTextLine(body: string): string {
  return formatLine({ hash: hashText(body), body });
}

/** The text of a line outside the chain. @throws StaycodeError `bad-message` if the hash is not of it */
export function textOf(line: string, what: string): string {
  const parts = splitLine(line);
  if (parts?.hash !== hashText(parts?.body ?? '')) {
    throw new StaycodeError('bad-message', `${what}: expected a line that begins with its own hash`);
  }
  return parts.body;
}

/** An id holds no control characters, so the fields cannot run into each other. */
function macOf(logKey: Uint8Array, header: Omit<LogHeader, 'format' | 'mac'>): string {
  const { lockId, logId, seq, hash, key } = header;
  const text = `staycode/1 log key\0${lockId}\n${logId}\n${seq}\n${hash}\n${key}`;
  return bytesToHex(hmac(sha256, logKey, utf8ToBytes(text)));
}
