/**
 * A staff secret as the URI that authenticator apps read from a QR code. Source: Google Authenticator's "Key Uri Format"; RFC 4648
 * §6 for base32, which these apps want without padding.
 * @module
 */
import { type StaffSecret, TOTP_STEP_MS } from './staff.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * `otpauth://totp/ISSUER:NAME?secret=…`, all parameters told. It is the secret: whoever reads it is that person to the lock.
 * @param issuer what the app groups its entries by, such as the name of the house
 */
export function authenticatorUri(issuer: string, { name, type, secret, digits, hash }: StaffSecret): string {
  // The first colon parts issuer and name, in either spelling.
  const title = [issuer, name].map((part) => encodeURIComponent(part.replaceAll(':', ' '))).join(':');
  const parameters = [
    ['secret', toBase32(secret)],
    ['issuer', issuer.replaceAll(':', ' ')],
    ['algorithm', hash.toUpperCase()],
    ['digits', String(digits)],
    type === 'totp' ? ['period', String(TOTP_STEP_MS / 1000)] : ['counter', '0'],
  ];
  // Not as forms are: apps show a plus as a plus.
  const query = parameters.map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`).join('&');
  return `otpauth://${type}/${title}?${query}`;
}

/** RFC 4648 base32 without padding. */
export function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/gu) ?? [])
    .map((five) => BASE32.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}
