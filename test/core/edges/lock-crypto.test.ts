import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { createSign, hashText as hashByOpenSsl } from '../../../core/src/edges/lock-crypto.ts';
import { hashText } from '../../../core/src/log/chain.ts';

/** RFC 8032 §7.1, tests 1 to 3: secret key, message, signature. */
const PUBLISHED = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

const sign = createSign();

describe("a lock's hashes and signatures by OpenSSL", () => {
  it('are those that RFC 8032 publishes', () => {
    for (const [secretKey, message, signature] of PUBLISHED)
      assert.equal(bytesToHex(sign(hexToBytes(message), hexToBytes(secretKey))), signature);
  });

  it('are those of the pure rooms, for any key and message', () => {
    const bytes = (length: object) => fc.uint8Array(length);
    fc.assert(
      fc.property(
        bytes({ minLength: 32, maxLength: 32 }),
        bytes({ maxLength: 500 }),
        (secretKey, message) => {
          assert.deepEqual(
            bytesToHex(sign(message, secretKey)),
            bytesToHex(ed25519.sign(message, secretKey)),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are those of the pure rooms, for any text, half a character too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        assert.equal(hashByOpenSsl(text), hashText(text));
      }),
      { numRuns: 300 },
    );
    for (const text of ['', '\ud83d', '\udd11a', '\u{1f511}', 'ä'])
      assert.equal(hashByOpenSsl(text), hashText(text));
  });

  it('are of the key that is given, before and after another one', () => {
    const [message, one, other] = [1, 7, 8].map((fill) => new Uint8Array(32).fill(fill)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    for (const secretKey of [one, one, other, one])
      assert.equal(bytesToHex(sign(message, secretKey)), bytesToHex(ed25519.sign(message, secretKey)));
    // The same array with another key in it.
    one.fill(9);
    assert.equal(bytesToHex(sign(message, one)), bytesToHex(ed25519.sign(message, one)));
  });
});
