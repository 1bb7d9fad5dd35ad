/**
 * The chain of a log: each line begins with the SHA-256 of the hash before it, a line feed and the line's own text.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** A place in a log. */
export interface LogPoint {
  /** 0 before the first entry. */
  readonly seq: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/** The text of a line and the hash that stands before it. */
export interface LogLine {
  readonly hash: string;
  readonly body: string;
}

const HASH_DIGITS = 64;

/** The hash before the first entry; it names the lock and the log. */
export function firstHash(lockId: string, logId: string): string {
  return hashText(`staycode/1 log\n${lockId}\n${logId}`);
}

/** SHA-256 of a text's UTF-8, in hex. */
export type TextHash = (text: string) => string;

/** The hash of an entry of this text after one of hash `previous`. @param hash gives the same as `hashText` */
export function nextHash(previous: string, body: string, hash: TextHash = hashText): string {
  return hash(`${previous}\n${body}`);
}

/** Runs anywhere. */
export const hashText: TextHash = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** Without the line feed. */
export function formatLine({ hash, body }: LogLine): string {
  return `${hash} ${body}`;
}

/** `null` for what is no line of a log. */
export function splitLine(line: string): LogLine | null {
  const hash = line.slice(0, HASH_DIGITS);
  if (!/^[0-9a-f]{64}$/u.test(hash) || line.charAt(HASH_DIGITS) !== ' ') return null;
  return { hash, body: line.slice(HASH_DIGITS + 1) };
}
