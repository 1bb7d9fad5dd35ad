/**
 * What only one controller and the lock may read: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under a key from the command key.
 * @module
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** What is sealed: what was sealed for one purpose opens for no other. */
export type SealPurpose = 'unit key' | 'stays';

export const SEAL_NONCE_BYTES = 24;

/**
 * Seals bytes: lower-case hex of nonce and ciphertext.
 * @param nonce 24 random bytes, never used before
 */
export function sealTo(
  commandKey: Uint8Array,
  purpose: SealPurpose,
  content: Uint8Array,
  nonce: Uint8Array,
): string {
  return bytesToHex(concatBytes(nonce, cipherOf(commandKey, purpose, nonce).encrypt(content)));
}

/** What was sealed, or `null` where it was not sealed so, for this purpose and under this key. */
export function unseal(commandKey: Uint8Array, purpose: SealPurpose, sealed: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})+$/u.test(sealed)) return null;
  const bytes = hexToBytes(sealed);
  if (bytes.length <= SEAL_NONCE_BYTES) return null;
  try {
    const cipher = cipherOf(commandKey, purpose, bytes.slice(0, SEAL_NONCE_BYTES));
    return cipher.decrypt(bytes.slice(SEAL_NONCE_BYTES));
  } catch {
    return null;
  }
}

function cipherOf(
  commandKey: Uint8Array,
  purpose: SealPurpose,
  nonce: Uint8Array,
): ReturnType<typeof xchacha20poly1305> {
  const key = hkdf(sha256, commandKey, undefined, utf8ToBytes('staycode/1 seal'), 32);
  return xchacha20poly1305(key, nonce, utf8ToBytes(`staycode/1 ${purpose}`));
}
