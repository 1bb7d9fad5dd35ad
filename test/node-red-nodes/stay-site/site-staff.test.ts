import assert from 'node:assert/strict';
import { deriveStaffSecret } from '@staycode/core';
import { readStaff, secretOf, type StaffRow } from '../../../node-red-nodes/nodes/stay-site/site-staff.mts';

const siteKey = new Uint8Array(32).fill(7);
const clara: StaffRow = { id: 'c1', name: 'Clara', doors: 'all', digits: '8', keyVersion: '1' };
const refused = (rows: readonly StaffRow[], message: RegExp): void => {
  assert.throws(
    () => readStaff(rows),
    (error) =>
      error instanceof Error && 'code' in error && error.code === 'bad-config' && message.test(error.message),
  );
};

describe('the staff of a site', () => {
  it('is nobody in flows of before', () => {
    assert.deepEqual(readStaff(undefined), []);
  });

  it('has secrets that hang on who somebody is and on the version of the key, not on the name', () => {
    const secret = (row: Partial<StaffRow>): string => {
      const [member] = readStaff([{ ...clara, ...row }]);
      assert.ok(member);
      return Buffer.from(secretOf(member, siteKey).secret).toString('hex');
    };
    assert.equal(secret({}), Buffer.from(deriveStaffSecret(siteKey, 'c1', 1)).toString('hex'));
    assert.equal(secret({ name: 'Clara Schmidt' }), secret({}));
    assert.notEqual(secret({ keyVersion: '2' }), secret({}));
    assert.notEqual(secret({ id: 'c2' }), secret({}));
  });

  it('gives the lock what every app reads: TOTP over SHA-1, of as many digits as the host says', () => {
    const [eight, six] = readStaff([clara, { ...clara, id: 'c2', name: 'Tom', digits: 6 }]);
    assert.ok(eight && six);
    const { type, hash, digits, name } = secretOf(eight, siteKey);
    assert.deepEqual([type, hash, digits, name], ['totp', 'sha1', 8, 'Clara']);
    assert.equal(secretOf(six, siteKey).digits, 6);
  });

  it('is refused where a lock could not tell two apart, or a value is none, saying whose', () => {
    refused([clara, { ...clara, id: 'c2' }], /each name once, got Clara twice/u);
    refused([clara, { ...clara, name: 'Tom' }], /each id once, got c1 twice/u);
    refused([{ ...clara, name: ' Clara' }], /names of 1 to 64 bytes/u);
    refused([{ ...clara, name: '' }], /names of 1 to 64 bytes/u);
    refused([{ ...clara, name: 'ü'.repeat(33) }], /names of 1 to 64 bytes/u);
    refused([{ ...clara, id: 'c 1' }], /ids of 1 to 64 letters/u);
    for (const keyVersion of ['0', '1.5', '', '4294967296'])
      refused([{ ...clara, keyVersion }], /a key version of Clara/u);
    refused([{ ...clara, digits: '7' }], /6 or 8 digits for Clara, got 7/u);
  });
});
