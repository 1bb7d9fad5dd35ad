/**
 * Files that hold keys, sealed under a passphrase: AES-256-GCM (SP 800-38D) with a key from scrypt (RFC 7914). What the
 * envelope says in clear is authenticated with the content, and it has one way to be written, so any altered byte is refused.
 * @module
 */
import { gcm } from '@noble/ciphers/aes.js';
import { bytesToUtf8 } from '@noble/ciphers/utils.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import { type LockFile, parseLockFile } from './lock-file.ts';

export interface SealOptions {
  /** What people type; compared in Unicode NFC (RFC 8265), so that every keyboard's `é` is the same. Not empty. */
  readonly passphrase: string;
  readonly randomBytes: (length: number) => Uint8Array;
  /** scrypt's N, a power of two from 1,024 to 262,144; 131,072 (128 MiB, under a second on a desk) unless set. */
  readonly cost?: number;
}

const FORMAT = 'staycode-sealed/1';
const COST = 2 ** 17;
const LEAST_COST = 2 ** 10;
/** Memory is 128 * N * r bytes: what a stranger's file may ask for is 256 MiB at most. */
const MOST_COST = 2 ** 18;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;

/** Lower case only: one content has one text. */
const hex = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})*$/u));
const envelopeSchema = v.strictObject({
  format: v.literal(FORMAT),
  kdf: v.strictObject({
    name: v.literal('scrypt'),
    n: v.pipe(v.number(), v.minValue(LEAST_COST), v.maxValue(MOST_COST), v.check(isPowerOfTwo)),
    r: v.literal(8),
    p: v.literal(1),
    salt: v.pipe(hex, v.length(2 * SALT_BYTES)),
  }),
  nonce: v.pipe(hex, v.length(2 * NONCE_BYTES)),
  ciphertext: hex,
});
type Envelope = v.InferOutput<typeof envelopeSchema>;
type Header = Omit<Envelope, 'ciphertext'>;

/** Seals bytes into the text of a file. @throws StaycodeError `sealed-refused` for an empty passphrase */
export async function sealBytes(content: Uint8Array, options: SealOptions): Promise<string> {
  const { passphrase, randomBytes, cost = COST } = options;
  if (passphrase === '') throw refused('expected a passphrase that is not empty');
  const salt = bytesToHex(randomBytes(SALT_BYTES));
  const nonce = bytesToHex(randomBytes(NONCE_BYTES));
  const header: Header = { format: FORMAT, kdf: { name: 'scrypt', n: cost, r: 8, p: 1, salt }, nonce };
  const cipher = await createCipher(header, passphrase);
  return writeEnvelope({ ...header, ciphertext: bytesToHex(cipher.encrypt(content)) });
}

/** The bytes in a sealed file's text. @throws StaycodeError `sealed-refused` for a wrong passphrase or any altered byte */
export async function openSealed(text: string, passphrase: string): Promise<Uint8Array> {
  const { ciphertext, ...header } = readEnvelope(text);
  const cipher = await createCipher(header, passphrase);
  try {
    return cipher.decrypt(hexToBytes(ciphertext));
  } catch (cause) {
    throw refused('wrong passphrase, or the file was altered', cause);
  }
}

/** Whether a text begins as a sealed file does. */
function isSealed(text: string): boolean {
  return text.startsWith(`{"format":"${FORMAT}"`);
}

/**
 * A lock's file, plain or sealed.
 * @param passphrase `null` where there is none; not needed for a plain file
 * @throws StaycodeError `sealed-refused`; and of `parseLockFile`
 */
export async function openLockFile(text: string, passphrase: string | null): Promise<LockFile> {
  if (!isSealed(text)) return parseLockFile(text);
  if (passphrase === null) throw refused('the lock file is sealed: expected its passphrase, got none');
  return parseLockFile(bytesToUtf8(await openSealed(text, passphrase)));
}

async function createCipher(header: Header, passphrase: string): Promise<ReturnType<typeof gcm>> {
  const { n, r, p, salt } = header.kdf;
  // The asynchronous one lets a lock or a flow go on while it works.
  const key = await scryptAsync(passphrase.normalize('NFC'), hexToBytes(salt), { N: n, r, p, dkLen: 32 });
  return gcm(key, hexToBytes(header.nonce), utf8ToBytes(JSON.stringify(header)));
}

function readEnvelope(text: string): Envelope {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = null;
  }
  const result = v.safeParse(envelopeSchema, data);
  if (!result.success) {
    const [issue] = result.issues;
    throw refused(`${v.getDotPath(issue) ?? 'whole'}: expected ${issue.expected ?? `a file of ${FORMAT}`}`);
  }
  // Spaces or a repeated field would be read as the same envelope.
  if (writeEnvelope(result.output) !== text.trimEnd()) throw refused('the file was altered');
  return result.output;
}

function writeEnvelope({ format, kdf, nonce, ciphertext }: Envelope): string {
  const { name, n, r, p, salt } = kdf;
  return JSON.stringify({ format, kdf: { name, n, r, p, salt }, nonce, ciphertext });
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

function refused(message: string, cause?: unknown): StaycodeError {
  return new StaycodeError('sealed-refused', `sealed file: ${message}`, { cause });
}
