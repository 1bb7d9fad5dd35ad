import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import sinon from 'sinon';
import { checkSignature } from '@staycode/core';
import { createSignatureCheck } from '../../../core/src/edges/check-signature.ts';

const secretKey = new Uint8Array(32).fill(7);
const publicKey = ed25519.getPublicKey(secretKey);
const message = utf8ToBytes('a head');
const signature = ed25519.sign(message, secretKey);
/** The one point of order 1, in its form and in another one, and a signature that holds for any message under it. */
const NEUTRAL = hexToBytes(`01${'00'.repeat(31)}`);
const NEUTRAL_OTHERWISE = hexToBytes(`ee${'ff'.repeat(30)}7f`);
const ANY = hexToBytes(`01${'00'.repeat(63)}`);

describe('the check of signatures by OpenSSL', () => {
  afterEach(() => {
    sinon.restore();
    syncBuiltinESMExports();
  });

  it('takes a signature of the key, without asking anybody else, and no other', () => {
    const isOfKey = createSignatureCheck();
    const openSsl = sinon.spy(crypto, 'verify');
    syncBuiltinESMExports();
    assert(isOfKey(signature, message, publicKey));
    assert.equal(openSsl.callCount, 1);
    const changed = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
    assert(!isOfKey(changed(signature), message, publicKey));
    assert(!isOfKey(signature, changed(message), publicKey));
    assert(!isOfKey(signature, message, ed25519.getPublicKey(new Uint8Array(32).fill(8))));
    assert(isOfKey(signature, message, publicKey));
  });

  it('takes no key of small order and none in another form, as the letter', () => {
    const isOfKey = createSignatureCheck();
    for (const key of [NEUTRAL, NEUTRAL_OTHERWISE, new Uint8Array(32).fill(0xff)]) {
      assert.equal(isOfKey(ANY, message, key), false);
      assert.equal(checkSignature(ANY, message, key), false);
    }
  });
});
