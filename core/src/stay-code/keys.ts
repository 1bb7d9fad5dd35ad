/**
 * Keys of staycode/1, all 32 bytes, by HKDF-SHA-256 (RFC 5869) with an empty salt. Source: spec, "Keys".
 * @module
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';

export const KEY_BYTES = 32;
/** What RFC 4226 §4 recommends for a shared secret, and what every authenticator app takes. */
const STAFF_SECRET_BYTES = 20;
const MAX_ID_BYTES = 64;
const MAX_KEY_VERSION = 0xffff_ffff;

/**
 * The key of a unit (what is let to one party at a time), for one key version.
 * @param siteKey 32 bytes
 * @param unitId 1 to 64 bytes of UTF-8, NFC, trimmed, case-sensitive, no control characters
 * @param keyVersion whole number from 1
 * @throws StaycodeError `bad-key`, `bad-id`, `out-of-range`
 */
export function deriveUnitKey(siteKey: Uint8Array, unitId: string, keyVersion: number): Uint8Array {
  return deriveVersioned(siteKey, 'unit', unitId, keyVersion);
}

/** The key of one lock: its commands are signed under it. Shapes and errors as `deriveUnitKey`. */
export function deriveLockKey(siteKey: Uint8Array, lockId: string, keyVersion: number): Uint8Array {
  return deriveVersioned(siteKey, 'lock', lockId, keyVersion);
}

/**
 * The secret of one person's authenticator entry, 20 bytes, for one key version: a higher one ends a phone that was lost.
 * Shapes and errors as `deriveUnitKey`.
 */
export function deriveStaffSecret(siteKey: Uint8Array, staffId: string, keyVersion: number): Uint8Array {
  return deriveVersioned(siteKey, 'staff', staffId, keyVersion).slice(0, STAFF_SECRET_BYTES);
}

/** The key that enciphers the digits of a unit. @throws StaycodeError `bad-key` */
export function deriveCodeKey(unitKey: Uint8Array): Uint8Array {
  return expand(checkKey(unitKey, 'unit key'), utf8ToBytes('staycode/1 code'));
}

/** The key with which one controller (Node-RED, Homebridge) signs commands to one lock. @throws StaycodeError `bad-key`, `bad-id` */
export function deriveCommandKey(lockKey: Uint8Array, controllerId: string): Uint8Array {
  checkKey(lockKey, 'lock key');
  return expand(lockKey, label('staycode/1 command', checkId(controllerId, 'controller id')));
}

/** The key that vouches for the first key under which a lock signs its log. @throws StaycodeError `bad-key` */
export function deriveLogKey(lockKey: Uint8Array): Uint8Array {
  return expand(checkKey(lockKey, 'lock key'), utf8ToBytes('staycode/1 log'));
}

/** Returns the id's UTF-8 bytes. @throws StaycodeError `bad-id`, saying which rule of the spec it breaks */
export function checkId(id: string, what: string): Uint8Array {
  const fault = idFault(id);
  if (fault !== undefined) throw new StaycodeError('bad-id', `${what}: ${fault}`);
  return utf8ToBytes(id);
}

/** Returns the key. @throws StaycodeError `bad-key` unless it is a Uint8Array of 32 bytes */
export function checkKey(key: Uint8Array, what: string): Uint8Array {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) {
    throw new StaycodeError('bad-key', `${what}: expected a Uint8Array of ${KEY_BYTES} bytes`);
  }
  return key;
}

function idFault(id: string): string | undefined {
  if (typeof id !== 'string' || !id.isWellFormed()) return 'expected a well-formed string';
  if (id.normalize('NFC') !== id) return 'expected Unicode NFC';
  if (id.trim() !== id) return 'expected no space at either end';
  if (/\p{Cc}/u.test(id)) return 'expected no control characters';
  const bytes = utf8ToBytes(id).length;
  if (bytes < 1 || bytes > MAX_ID_BYTES) return `expected 1 to ${MAX_ID_BYTES} bytes of UTF-8, got ${bytes}`;
  return undefined;
}

function deriveVersioned(
  siteKey: Uint8Array,
  owner: 'unit' | 'lock' | 'staff',
  id: string,
  keyVersion: number,
): Uint8Array {
  checkKey(siteKey, 'site key');
  const idBytes = checkId(id, `${owner} id`);
  if (!Number.isInteger(keyVersion) || keyVersion < 1 || keyVersion > MAX_KEY_VERSION) {
    throw new StaycodeError('out-of-range', `key version: expected a whole number from 1, got ${keyVersion}`);
  }
  const version = new Uint8Array(4);
  new DataView(version.buffer).setUint32(0, keyVersion);
  return expand(siteKey, concatBytes(label(`staycode/1 ${owner}`, idBytes), Uint8Array.of(0), version));
}

function label(purpose: string, id: Uint8Array): Uint8Array {
  return concatBytes(utf8ToBytes(purpose), Uint8Array.of(0), id);
}

function expand(key: Uint8Array, info: Uint8Array): Uint8Array {
  return hkdf(sha256, key, undefined, info, KEY_BYTES);
}
