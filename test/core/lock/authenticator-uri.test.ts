import assert from 'node:assert/strict';
import { authenticatorUri, type StaffSecret } from '@staycode/core';
import { toBase32 } from '../../../core/src/lock/authenticator-uri.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const clara: StaffSecret = {
  ...{ name: 'Clara', type: 'totp', digits: 8, hash: 'sha1' },
  secret: ascii('12345678901234567890'),
};

describe('an authenticator’s entry', () => {
  it('is written in base32 as RFC 4648, section 10, has it, without padding', () => {
    const published = ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'];
    assert.deepEqual(
      published.map((_, length) => toBase32(ascii('foobar'.slice(0, length)))),
      published,
    );
  });

  it('tells an app everything that the lock goes by', () => {
    const uri = new URL(authenticatorUri('Mill House', clara));
    assert.equal(uri.host, 'totp');
    assert.equal(uri.pathname, '/Mill%20House:Clara');
    assert.deepEqual(Object.fromEntries(uri.searchParams), {
      ...{ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', issuer: 'Mill House' },
      ...{ algorithm: 'SHA1', digits: '8', period: '30' },
    });
  });

  it('begins at 0 where a counter takes the place of the time', () => {
    const { host, searchParams } = new URL(authenticatorUri('Mill House', { ...clara, type: 'hotp' }));
    assert.deepEqual([host, searchParams.get('counter'), searchParams.get('period')], ['hotp', '0', null]);
  });

  it('keeps issuer and name apart whatever is in them, and writes no plus for a space', () => {
    const uri = authenticatorUri('Mill: House & Co', { ...clara, name: 'Zoë: night+day?' });
    assert.ok(!uri.includes('+'));
    const { pathname, searchParams } = new URL(uri);
    assert.deepEqual(decodeURIComponent(pathname).split(':'), ['/Mill  House & Co', 'Zoë  night+day?']);
    assert.equal(searchParams.get('issuer'), 'Mill  House & Co');
  });
});
