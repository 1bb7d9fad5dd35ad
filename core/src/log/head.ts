/**
 * Signed heads: the lock's Ed25519 signature (RFC 8032) over where its log stands. A head may name the next key, which signs
 * from there on; so the old key vouches for the new one and for all that was written before it.
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { parseMessage } from '../parse-message.ts';
import type { LogPoint } from './chain.ts';

export interface LogHead extends LogPoint {
  readonly lockId: string;
  readonly logId: string;
  readonly bootId: string;
  /** By the lock's clock, whole milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** The public key that signs, 64 hex digits. */
  readonly key: string;
  /** The public key that signs from the next head on. */
  readonly nextKey?: string;
}

/** `body` is the exact text of a `LogHead` that was signed. */
export interface SignedHead {
  readonly body: string;
  /** 128 hex digits. */
  readonly signature: string;
}

/** A lock signs at every boot and connection, and at the latest after this many entries. */
export const SIGN_EVERY = 64;

const hex = (digits: number): v.GenericSchema<unknown, string> =>
  v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'u')));
const headSchema = v.strictObject({
  lockId: v.string(),
  logId: hex(32),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  hash: hex(64),
  bootId: hex(32),
  atMs: v.pipe(v.number(), v.safeInteger()),
  key: hex(64),
  nextKey: v.exactOptional(hex(64)),
});
const messageSchema = v.strictObject({ v: v.literal(1), body: v.string(), signature: hex(128) });

/** The public half of a signing key, 64 hex digits. @param secretKey 32 random bytes */
export function publicKeyOf(secretKey: Uint8Array): string {
  return bytesToHex(ed25519.getPublicKey(secretKey));
}

/** Ed25519 of a message by a secret key of 32 bytes; RFC 8032 leaves one signature to each. */
export type Sign = (message: Uint8Array, secretKey: Uint8Array) => Uint8Array;

/** @param secretKey of `head.key` */
export function signHead(secretKey: Uint8Array, head: LogHead, sign: Sign = ed25519.sign): SignedHead {
  const body = JSON.stringify(head);
  return { body, signature: bytesToHex(sign(signedBytes(body), secretKey)) };
}

/** Whether a signature of 64 bytes over a message is of a public key of 32 bytes. */
export type SignatureCheck = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

/** RFC 8032 to the letter: every checker takes the same signatures. */
export const checkSignature: SignatureCheck = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey, { zip215: false });

/**
 * What a signed head says; `null` if the signature is not of the key that it names. Whose key that is the caller has to know.
 * @param isOfKey takes the same signatures as `checkSignature`
 * @throws StaycodeError `bad-message`
 */
export function readHead(
  { body, signature }: SignedHead,
  isOfKey: SignatureCheck = checkSignature,
): LogHead | null {
  const head = parseMessage(headSchema, body, 'log head');
  return isOfKey(hexToBytes(signature), signedBytes(body), hexToBytes(head.key)) ? head : null;
}

/** The message text of a signed head. */
export function formatHead({ body, signature }: SignedHead): string {
  return JSON.stringify({ v: 1, body, signature });
}

/** @throws StaycodeError `bad-message` */
export function parseHead(text: string): SignedHead {
  const { body, signature } = parseMessage(messageSchema, text, 'signed head');
  return { body, signature };
}

function signedBytes(body: string): Uint8Array {
  return utf8ToBytes(`staycode/1 log head\0${body}`);
}
