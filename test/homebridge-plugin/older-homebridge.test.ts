import assert from 'node:assert/strict';
import { sealStays } from '@staycode/core';
import { removeScratch } from '../support/scratch.ts';
import { PluggedHome } from './plugged-home.ts';

const HOUR_MS = 3_600_000;
const SERVICES = { accessCodes: true };
/** Made up: no lock has a key to it. */
const DIGITS = '918273645546';

describe('the oldest Homebridge that is still in wide use, 1.11', function () {
  this.timeout(60_000);
  let plugged: PluggedHome;

  before(async () => {
    plugged = new PluggedHome('1.11');
    await plugged.start({ services: SERVICES }, ['current', 'occupancy', 'keypad']);
    await plugged.lock.join();
    await plugged.untilEvents('current 1');
  });
  after(async () => {
    await plugged.stop();
    removeScratch();
  });

  it('runs the plugin: state, command, entry and access codes', async () => {
    const { home, lock } = plugged;
    assert.match(plugged.bridge.logs(), /Homebridge v1\.11\./u);
    assert.equal(await home.write('target', 0), 'done');
    assert.equal(lock.bolt, 'unsecured');
    const window = { startsAtMs: Date.now() - HOUR_MS, endsAtMs: Date.now() + HOUR_MS };
    await lock.publishEvent({ unitId: 'flat-a', window });
    await plugged.untilEvents('current 0', 'occupancy 1', 'keypad 0');
    const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, ...window } as const;
    const stays = { lockId: lock.lockId, stays: [{ code, digits: DIGITS }] };
    await lock.publishStays(sealStays(lock.commandKey('homebridge'), stays, new Uint8Array(24)));
    await plugged.until('the code in the list', async () => {
      const list = String(await home.ask('codesControl', Buffer.from('010101', 'hex').toString('base64')));
      return Buffer.from(list, 'base64').length > 3;
    });
  });

  it('comes back from a restart with the cached accessory and the guest who had arrived', async () => {
    const before = await plugged.home.discover();
    await plugged.restart([plugged.lockConfig({ services: SERVICES })]);
    assert.deepEqual(await plugged.home.discover(), before);
    await plugged.untilReads('current', 0);
    assert.equal(await plugged.home.read('occupancy'), 1);
  });
});
