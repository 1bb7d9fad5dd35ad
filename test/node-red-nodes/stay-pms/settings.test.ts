import assert from 'node:assert/strict';
import { PMS_MAPPINGS, type StaycodeError } from '@staycode/core';
import { readSettings, type StayPmsDef } from '../../../node-red-nodes/nodes/stay-pms/settings.mts';

const def = {
  ...{ id: 'n', type: 'stay-pms', name: '', z: '', pms: 'hostaway', scheme: 'basic', user: 'staycode' },
  ...{ path: '/staycode/pms', units: ['unit', 'other'], refs: [' 41 '] },
} satisfies StayPmsDef;
const secrets = { webhookSecret: 'a secret of sixteen', apiKey: ' key ' };

describe('readSettings of a PMS', () => {
  it('takes a PMS’s own address and check where the host says nothing else', () => {
    const { origin, hook, units, apiKey, mapping } = readSettings(def, secrets);
    assert.equal(origin, 'https://api.hostaway.com');
    assert.deepEqual(hook, {
      path: '/staycode/pms',
      scheme: { kind: 'basic', user: 'staycode', password: 'a secret of sixteen' },
    });
    assert.deepEqual([units, apiKey, mapping], [[{ ref: '41', unit: 'unit' }], 'key', PMS_MAPPINGS.hostaway]);
  });
  it('takes a mapping of the host’s, an address of the host’s, and no webhooks', () => {
    const mapping = JSON.stringify({ ...PMS_MAPPINGS.lodgify, pms: 'mine' });
    const own = { ...def, pms: 'own', mapping, path: '', baseUrl: 'https://pms.example/' } as const;
    const settings = readSettings({ ...own, prepaid: 'airbnb, Booking.com,' }, {});
    assert.deepEqual(
      [settings.mapping.pms, settings.origin, settings.hook],
      ['mine', 'https://pms.example', null],
    );
    assert.deepEqual(settings.prepaidChannels, ['airbnb', 'Booking.com']);
  });
  it('takes several secrets of Standard Webhooks while one is replaced', () => {
    const one = `whsec_${btoa('a'.repeat(24))}`;
    const { hook } = readSettings(
      { ...def, scheme: 'standard-webhooks' },
      { webhookSecret: `${one} ${one}` },
    );
    assert.deepEqual(hook?.scheme, { kind: 'standard-webhooks', secrets: [one, one] });
  });
  it('says what was expected', () => {
    for (const [wrong, webhookSecret, message] of [
      [{ units: [] }, 'x'.repeat(16), /units: expected/u],
      [{ path: 'no path' }, 'x'.repeat(16), /path: expected/u],
      [{}, 'short', /webhook password: expected at least 16/u],
      [{ scheme: 'hmac-sha256', header: ' ' }, 'x'.repeat(16), /header: expected/u],
      [{ scheme: 'standard-webhooks' }, 'none', /webhook secret: expected whsec_/u],
      [{ pms: 'own', mapping: '{' }, 'x'.repeat(16), /mapping: expected JSON/u],
      [{ pms: 'own', mapping: '{}' }, 'x'.repeat(16), /PMS mapping: pms/u],
    ] as const) {
      assert.throws(
        () => readSettings({ ...def, ...wrong }, { webhookSecret }),
        (error: StaycodeError) => error.code === 'bad-config' && message.test(error.message),
      );
    }
  });
});
