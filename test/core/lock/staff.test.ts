import assert from 'node:assert/strict';
import { matchStaff, oneTimePassword, type StaffSecret } from '../../../core/src/lock/staff.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const secret = (changes: Partial<StaffSecret>): StaffSecret => ({
  name: 'cleaner',
  type: 'totp',
  secret: ascii('12345678901234567890'),
  digits: 8,
  hash: 'sha1',
  ...changes,
});

describe('staff codes', () => {
  it('are those of RFC 4226, appendix D', () => {
    const expected = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    const hotp = secret({ type: 'hotp', digits: 6 });
    assert.deepEqual(
      expected.map((_, counter) => oneTimePassword(hotp, counter)),
      expected,
    );
  });

  it('are those of RFC 6238, appendix B, for all three hashes', () => {
    const times = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000];
    const expected = {
      sha1: '94287082 07081804 14050471 89005924 69279037 65353130',
      sha256: '46119246 68084774 67062674 91819424 90698825 77737706',
      sha512: '90693936 25091201 99943326 93441116 38618901 47863826',
    } as const;
    const keys = {
      sha1: '12345678901234567890',
      sha256: '12345678901234567890123456789012',
      sha512: '1234567890123456789012345678901234567890123456789012345678901234',
    };
    for (const hash of ['sha1', 'sha256', 'sha512'] as const) {
      const totp = secret({ hash, secret: ascii(keys[hash]) });
      const values = times.map((seconds) => oneTimePassword(totp, Math.floor(seconds / 30)));
      assert.equal(values.join(' '), expected[hash]);
    }
  });

  it('open within two steps of drift each way, each step later than the last accepted', () => {
    const totp = secret({});
    const step = 59_000_000;
    const nowMs = step * 30_000 + 12_000;
    for (let drift = -4; drift <= 4; drift++) {
      const match = matchStaff([totp], oneTimePassword(totp, step + drift), nowMs, () => -1);
      assert.equal(match.result, Math.abs(drift) <= 2 ? 'accepted' : 'none', String(drift));
    }
    const again = (drift: number) =>
      matchStaff([totp], oneTimePassword(totp, step + drift), nowMs, () => step).result;
    assert.deepEqual([again(-1), again(0), again(1)], ['replayed', 'replayed', 'accepted']);
  });

  it('by time do not open while the clock is lost, by counter they do', () => {
    const totp = secret({});
    const hotp = secret({ name: 'glass', type: 'hotp' });
    assert.equal(matchStaff([totp], oneTimePassword(totp, 1), null, () => -1).result, 'none');
    assert.equal(matchStaff([hotp], oneTimePassword(hotp, 1), null, () => -1).result, 'accepted');
  });

  it('by counter open from the next counter to the ninth after it, and know the last ten as replayed', () => {
    const hotp = secret({ type: 'hotp' });
    const last = 50;
    const result = (counter: number) =>
      matchStaff([hotp], oneTimePassword(hotp, counter), null, () => last).result;
    assert.deepEqual([40, 41, 50, 51, 60, 61].map(result), [
      'none',
      'replayed',
      'replayed',
      'accepted',
      'accepted',
      'none',
    ]);
    const first = matchStaff([hotp], oneTimePassword(hotp, 0), null, () => -1);
    assert.deepEqual(first, { result: 'accepted', use: { name: 'cleaner', counter: 0 } });
  });
});
