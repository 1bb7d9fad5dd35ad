import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { deriveLockKey, deriveStaffSecret, deriveUnitKey, StaycodeError } from '@staycode/core';

const siteKey = new Uint8Array(32).fill(7);
const hex = (bytes: Uint8Array | ArrayBuffer): string => Buffer.from(bytes as Uint8Array).toString('hex');

describe('a person’s secret', () => {
  it('is the first 20 bytes of HKDF-SHA-256 under a label of its own, as Node’s OpenSSL has it', () => {
    const info = Buffer.concat([Buffer.from('staycode/1 staff\0clara-7\0'), Buffer.from([0, 0, 1, 2])]);
    const expected = hkdfSync('sha256', siteKey, '', info, 32).slice(0, 20);
    assert.equal(hex(deriveStaffSecret(siteKey, 'clara-7', 0x102)), hex(expected));
  });

  it('is nobody else’s, no other version’s, no other site’s, and no unit’s or lock’s of that name', () => {
    const secrets = [
      deriveStaffSecret(siteKey, 'a', 1),
      deriveStaffSecret(siteKey, 'a', 2),
      deriveStaffSecret(siteKey, 'b', 1),
      deriveStaffSecret(new Uint8Array(32).fill(8), 'a', 1),
      deriveUnitKey(siteKey, 'a', 1).slice(0, 20),
      deriveLockKey(siteKey, 'a', 1).slice(0, 20),
    ];
    assert.equal(new Set(secrets.map(hex)).size, secrets.length);
  });

  it('is refused for a version or a name that is none, by name', () => {
    const refused = (act: () => unknown, code: string, message: RegExp): void => {
      assert.throws(
        act,
        (error) => error instanceof StaycodeError && error.code === code && message.test(error.message),
      );
    };
    refused(() => deriveStaffSecret(siteKey, 'a', 0), 'out-of-range', /key version/u);
    refused(() => deriveStaffSecret(siteKey, '', 1), 'bad-id', /^staff id: /u);
    refused(() => deriveStaffSecret(siteKey.slice(1), 'a', 1), 'bad-key', /^site key: /u);
  });
});
