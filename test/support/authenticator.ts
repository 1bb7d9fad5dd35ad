/** An authenticator app, written from RFC 6238 and RFC 4648 with Node's own HMAC: what the product knows of them it does not share. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface AppEntry {
  readonly issuer: string;
  readonly name: string;
  /** What the app shows now, or so many half minutes ahead. */
  code(ahead?: number): string;
}

/** What an app makes of the QR code's text. */
export function scan(text: string): AppEntry {
  const uri = new URL(text);
  assert.equal(uri.protocol, 'otpauth:');
  assert.equal(uri.host, 'totp');
  const told = Object.fromEntries(uri.searchParams) as Record<string, string>;
  assert.deepEqual([told.algorithm, told.period], ['SHA1', '30']);
  const key = fromBase32(told.secret ?? '');
  const digits = Number(told.digits);
  const [issuer = '', name = ''] = decodeURIComponent(uri.pathname.slice(1)).split(':');
  return {
    ...{ issuer, name },
    code(ahead = 0) {
      const counter = Buffer.alloc(8);
      counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
      const mac = createHmac('sha1', key).update(counter).digest();
      const offset = (mac[19] ?? 0) & 15;
      return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
    },
  };
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/gu) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
