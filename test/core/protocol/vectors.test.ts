import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deriveCommandKey } from '@staycode/core';
import { hexToBytes } from '@noble/hashes/utils.js';
import { unseal } from '../../../core/src/protocol/sealed-text.ts';

type Vector = Readonly<Record<string, string>>;
const path = new URL('../../vectors/protocol.jsonl', import.meta.url);
const vectors = readFileSync(path, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Vector);

describe('protocol vectors', () => {
  for (const vector of vectors) {
    const {
      body,
      commandKey = '',
      controllerId = '',
      lockKey = '',
      mac,
      message = '',
      name,
      purpose,
    } = vector;
    it(`${name}: by Node's own cryptography, as docs/protocol.md says`, () => {
      const info = Buffer.from(`staycode/1 command\0${controllerId}`);
      const derived = hkdfSync('sha256', hexToBytes(lockKey), new Uint8Array(0), info, 32);
      assert.equal(Buffer.from(derived).toString('hex'), commandKey);
      assert.deepEqual(deriveCommandKey(hexToBytes(lockKey), controllerId), hexToBytes(commandKey));
      if (body === undefined) {
        const opened = unseal(hexToBytes(commandKey), 'unit key', vector.sealed ?? '');
        assert.deepEqual(opened, hexToBytes(vector.content ?? ''));
        assert.ok(vector.sealed?.startsWith(vector.nonce ?? '?'));
        return;
      }
      const text = `staycode/1 ${purpose}\0${body}`;
      assert.equal(createHmac('sha256', hexToBytes(commandKey)).update(text).digest('hex'), mac);
      assert.deepEqual(JSON.parse(message), { v: 1, body, mac });
    });
  }
});
