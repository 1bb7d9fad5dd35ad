/**
 * A second FF1 (NIST SP 800-38G, algorithm 7), straight from the standard's steps over OpenSSL's AES, for vectors: it shows the
 * halves after every round, which the library does not. The program itself never uses it.
 */
import { createCipheriv } from 'node:crypto';

export interface Ff1Trace {
  readonly numerals: number[];
  /** The halves A and B after each of the ten rounds. */
  readonly rounds: (readonly [number[], number[]])[];
}

/** Enciphers numerals (most significant first) with an empty tweak. */
export function encryptFf1(key: Uint8Array, radix: number, numerals: readonly number[]): Ff1Trace {
  const n = numerals.length;
  const u = Math.floor(n / 2);
  const v = n - u;
  let a = numerals.slice(0, u);
  let b = numerals.slice(u);
  const bytes = Math.ceil(Math.ceil(v * Math.log2(radix)) / 8);
  const d = 4 * Math.ceil(bytes / 4) + 4;
  const p = Buffer.from([1, 2, 1, 0, 0, radix, 10, u & 255, 0, 0, 0, n, 0, 0, 0, 0]);
  const rounds: [number[], number[]][] = [];
  for (let i = 0; i < 10; i++) {
    const number = toNumber(b, radix);
    const padding = (((-bytes - 1) % 16) + 16) % 16;
    const q = Buffer.concat([Buffer.alloc(padding), Buffer.from([i]), toBytes(number, bytes)]);
    const r = macOf(key, Buffer.concat([p, q]));
    const y = toBigInt(r.subarray(0, d));
    const m = i % 2 === 0 ? u : v;
    const c = (toNumber(a, radix) + y) % BigInt(radix) ** BigInt(m);
    a = b;
    b = toNumerals(c, radix, m);
    rounds.push([a, b]);
  }
  return { numerals: [...a, ...b], rounds };
}

/** CBC-MAC with a zero vector: the last block of AES-CBC without padding. */
function macOf(key: Uint8Array, data: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]).subarray(-16);
}

function toNumber(numerals: readonly number[], radix: number): bigint {
  return numerals.reduce((sum, numeral) => sum * BigInt(radix) + BigInt(numeral), 0n);
}

function toNumerals(value: bigint, radix: number, length: number): number[] {
  const numerals: number[] = [];
  for (let rest = value; numerals.length < length; rest /= BigInt(radix))
    numerals.unshift(Number(rest % BigInt(radix)));
  return numerals;
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

function toBigInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}
