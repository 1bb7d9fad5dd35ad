import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FF1 } from '@noble/ciphers/ff1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { needsShared, SHARED } from '../../support/parts.ts';
import { encryptFf1 } from '../../support/reference-ff1.ts';

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const digitsOf = (text: string): number[] => Array.from(text, Number);

describe('published cipher samples', () => {
  it('FF1 with AES-256 and an empty tweak is that of SP 800-38G, sample 7', () => {
    const key = fromHex('2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94');
    const expected = digitsOf('6657667009');
    assert.deepEqual(FF1(10, key).encrypt(digitsOf('0123456789')), expected);
    assert.deepEqual(encryptFf1(key, 10, digitsOf('0123456789')).numerals, expected);
  });

  it('HKDF-SHA-256 with an empty salt is that of RFC 5869, test case 3', () => {
    const okm = hkdf(sha256, new Uint8Array(22).fill(0x0b), undefined, undefined, 42);
    const expected = '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8';
    assert.equal(Buffer.from(okm).toString('hex'), expected);
  });

  it('the second FF1, which writes our vectors, has the halves of the published vectors after every round', function () {
    needsShared(this);
    const lines = readFileSync(join(SHARED, 'spec/vectors.jsonl'), 'utf8').trim().split('\n');
    const vectors = lines
      .map(
        (line) =>
          JSON.parse(line) as { codeKey: string; alphabet: string; numerals?: string; rounds?: string[][] },
      )
      .filter(({ rounds }) => rounds !== undefined);
    assert(vectors.length > 0);
    for (const { codeKey, alphabet, numerals = '', rounds } of vectors) {
      const trace = encryptFf1(fromHex(codeKey), alphabet === 'decimal' ? 10 : 9, digitsOf(numerals));
      assert.deepEqual(
        trace.rounds.map((halves) => halves.map((half) => half.join(''))),
        rounds,
      );
    }
  });
});
