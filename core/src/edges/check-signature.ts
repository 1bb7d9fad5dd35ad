/**
 * Ed25519 by the system's OpenSSL, a tenth of the time: a keeper of many locks does little else than check signatures. It takes
 * the very same ones as the check to the letter of RFC 8032, which is asked wherever OpenSSL says no or might be less strict.
 * @module
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { checkSignature, type SignatureCheck } from '../log/head.ts';

/** A check that remembers the last public key: a log's changes once in a thousand entries. */
export function createSignatureCheck(): SignatureCheck {
  let last: { readonly hex: string; readonly key: KeyObject | null } = { hex: '', key: null };
  return (signature, message, publicKey) => {
    const hex = bytesToHex(publicKey);
    if (hex !== last.hex) last = { hex, key: toKey(publicKey) };
    if (last.key !== null && verify(null, message, last.key, signature)) return true;
    return checkSignature(signature, message, publicKey);
  };
}

/** `null` for a key that OpenSSL takes and the letter does not: in another than its one form, or of small order. */
function toKey(publicKey: Uint8Array): KeyObject | null {
  try {
    if (ed25519.Point.fromBytes(publicKey).isSmallOrder()) return null;
  } catch {
    return null;
  }
  const x = Buffer.from(publicKey).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
