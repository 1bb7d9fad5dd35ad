/**
 * API keys: made at random, shown once, kept as SHA-256. They are 256 bits, so a plain hash tells a thief nothing.
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface ApiKey {
  /** Who has it, for the host; also who is named where the caller overrules a booking. */
  readonly name: string;
  /** Hexadecimal SHA-256 of the key's text. */
  readonly hash: string;
}

/** Seam's clients take no other beginning. */
const PREFIX = 'seam_';

/** A new key and what is kept of it. */
export function makeApiKey(): { readonly key: string; readonly hash: string } {
  const key = PREFIX + randomBytes(32).toString('base64url');
  return { key, hash: hashOf(key).toString('hex') };
}

/** The keys as the credentials have them; what cannot be read is no key. */
export function readApiKeys(json: string | undefined): ApiKey[] {
  let list: unknown;
  try {
    list = JSON.parse(json ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(list) ? list.filter(isApiKey).map(({ name, hash }) => ({ name, hash })) : [];
}

/** The key that an `Authorization` header carries; every key is compared, in a time that tells nothing of where they differ. */
export function findApiKey(keys: readonly ApiKey[], authorization: string | undefined): ApiKey | null {
  const [, given] = /^Bearer (\S{1,200})$/u.exec(authorization ?? '') ?? [];
  if (given === undefined) return null;
  const hash = hashOf(given);
  const fits = keys.filter((key) => timingSafeEqual(Buffer.from(key.hash, 'hex'), hash));
  return fits.at(0) ?? null;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function isApiKey(value: unknown): value is ApiKey {
  if (typeof value !== 'object' || value === null) return false;
  const { name, hash } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof hash === 'string' && /^[0-9a-f]{64}$/u.test(hash);
}
