/**
 * What a lock computes for each entry, by the system's OpenSSL: the very same hashes and signatures as the pure rooms make, in a tenth
 * to a thirtieth of the time. A guest stands at the door for it.
 * @module
 */
import { createPrivateKey, hash, type KeyObject, sign as signWith } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { TextHash } from '../log/chain.ts';
import type { Sign } from '../log/head.ts';

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const PKCS8_HEAD = hexToBytes('302e020100300506032b657004220420');

export const hashText: TextHash = (text) => hash('sha256', text);

/** Remembers the last key: a lock signs a thousand entries with one. */
export function createSign(): Sign {
  let last: { readonly bytes: Buffer; readonly key: KeyObject } | null = null;
  return (message, secretKey) => {
    if (last?.bytes.equals(secretKey) !== true)
      last = { bytes: Buffer.from(secretKey), key: toKey(secretKey) };
    return signWith(null, message, last.key);
  };
}

function toKey(secretKey: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, secretKey]), format: 'der', type: 'pkcs8' });
}
