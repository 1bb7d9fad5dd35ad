/**
 * Secrets and signatures of webhooks, compared in a time that tells nothing of where they differ.
 * @module
 */
import { equalBytes } from '@noble/ciphers/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { StaycodeError } from '../../../errors.ts';

const LEAST_LENGTH = 16;

/** HMAC-SHA-256 (RFC 2104) over the parts in a row. */
export function signParts(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = hmac.create(sha256, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Compares texts by their hashes, so that not even the length shows. */
export function equalSecret(a: string, b: string): boolean {
  return equalBytes(sha256(utf8ToBytes(a)), sha256(utf8ToBytes(b)));
}

/** Returns the secret. @throws StaycodeError `bad-config` for one so short that it can be guessed */
export function checkSecret(secret: string, what: string): string {
  if (secret.length >= LEAST_LENGTH) return secret;
  throw new StaycodeError('bad-config', `${what}: expected at least ${LEAST_LENGTH} characters`);
}

/** The bytes of a `whsec_` secret, 24 to 64 of them (Standard Webhooks). @throws StaycodeError `bad-config` */
export function readWebhookSecret(secret: string): Uint8Array {
  const bytes = decodeBase64(secret.replace(/^whsec_/u, ''));
  if (bytes && bytes.length >= 24 && bytes.length <= 64) return bytes;
  throw new StaycodeError('bad-config', 'webhook secret: expected whsec_ and 24 to 64 bytes in base64');
}

/** `null` for what is no base64. */
export function decodeBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
