/**
 * Codes for people who come and go: RFC 6238 (TOTP) in any authenticator app, RFC 4226 (HOTP) where there is no time.
 * Source: spec, rule 7.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

export interface StaffSecret {
  /** Unique at the lock. */
  readonly name: string;
  readonly type: 'totp' | 'hotp';
  readonly secret: Uint8Array;
  readonly digits: 6 | 8;
  readonly hash: 'sha1' | 'sha256' | 'sha512';
}

/** Which secret an entry belongs to, and its TOTP step or HOTP counter. */
export interface StaffUse {
  readonly name: string;
  readonly counter: number;
}

export type StaffMatch =
  { readonly result: 'accepted' | 'replayed'; readonly use: StaffUse } | { readonly result: 'none' };

const HASHES = { sha1, sha256, sha512 };
export const TOTP_STEP_MS = 30_000;
/** Steps of drift accepted each way. */
const TOTP_DRIFT = 2;
/** Counters accepted from the next one on, and remembered as replayed behind it. */
const HOTP_WINDOW = 10;

/** The RFC 4226 value of a counter (or RFC 6238 step), `digits` long with leading zeros. */
export function oneTimePassword(secret: StaffSecret, counter: number): string {
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, BigInt(counter));
  const mac = hmac(HASHES[secret.hash], secret.secret, message);
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const offset = view.getUint8(mac.length - 1) & 0xf;
  const number = (view.getUint32(offset) & 0x7fff_ffff) % 10 ** secret.digits;
  return String(number).padStart(secret.digits, '0');
}

/**
 * Which staff code an entry is. Each step or counter must be above the secret's last accepted one.
 * @param clockMs the lock's time, `null` while lost: then no TOTP opens
 * @param lastOf the last accepted step or counter of a secret, -1 if none
 */
export function matchStaff(
  staff: readonly StaffSecret[],
  entry: string,
  clockMs: number | null,
  lastOf: (name: string) => number,
): StaffMatch {
  let replayed: StaffUse | undefined;
  for (const secret of staff) {
    if (secret.digits !== entry.length) continue;
    const last = lastOf(secret.name);
    for (const counter of candidates(secret, clockMs, last)) {
      if (oneTimePassword(secret, counter) !== entry) continue;
      if (counter > last) return { result: 'accepted', use: { name: secret.name, counter } };
      replayed ??= { name: secret.name, counter };
    }
  }
  return replayed === undefined ? { result: 'none' } : { result: 'replayed', use: replayed };
}

/** Lowest first: the lowest that holds is taken, so that those above it stay good. */
function candidates(secret: StaffSecret, clockMs: number | null, last: number): number[] {
  if (secret.type === 'hotp') return span(Math.max(0, last - HOTP_WINDOW + 1), last + HOTP_WINDOW);
  if (clockMs === null) return [];
  const step = Math.floor(clockMs / TOTP_STEP_MS);
  return span(step - TOTP_DRIFT, step + TOTP_DRIFT);
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
