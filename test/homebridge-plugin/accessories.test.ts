import assert from 'node:assert/strict';
import { removeScratch } from '../support/scratch.ts';
import { HomeApp } from './home-app.ts';
import { PluggedHome } from './plugged-home.ts';
import { WiredLock } from './wired-lock.ts';

const UNSECURED = 0;
const SECURED = 1;
const LOCKS = 50;

describe('the accessories of a real Homebridge', function () {
  this.timeout(120_000);
  let plugged: PluggedHome;

  before(async () => {
    plugged = new PluggedHome();
    await plugged.start({}, []);
    await plugged.lock.join();
  });
  after(async () => {
    await plugged.stop();
    removeScratch();
  });

  it('can be one of its own, paired by itself, and no longer one behind the bridge', async () => {
    assert.equal((await plugged.home.locks()).length, 1);
    await plugged.restart([plugged.lockConfig({ standalone: true })]);
    assert.equal((await plugged.home.locks()).length, 0);
    const portOf = (): string | undefined =>
      /Front door .*is running on port (\d+)/u.exec(plugged.bridge.logs())?.[1];
    await plugged.until('its port', () => portOf() !== undefined);
    const own = new HomeApp({ username: 'front-door', port: Number(portOf()) });
    await own.pair(plugged.bridge.pin);
    await own.discover();
    await plugged.until('the state', async () => (await own.read('current')) === SECURED);
    assert.equal(await own.write('target', UNSECURED), 'done');
    assert.equal(plugged.lock.bolt, 'unsecured');
    await own.close();
    await plugged.restart([plugged.lockConfig()]);
    assert.equal((await plugged.home.locks()).length, 1);
  });

  it(`are ${LOCKS} on one broker, and a command moves the bolt that it is meant for`, async () => {
    const locks = Array.from({ length: LOCKS - 1 }, (_, i) => new WiredLock(plugged.broker.url, `door-${i}`));
    for (const lock of locks) await lock.join();
    const configs = locks.map((lock) => plugged.lockConfig({ name: lock.lockId }, lock));
    await plugged.restart([plugged.lockConfig(), ...configs]);
    assert.equal((await plugged.home.locks()).length, LOCKS);
    for (let at = 0; at < LOCKS; at++) {
      await plugged.home.discover(at);
      await plugged.untilReads('current', at === 0 ? UNSECURED : SECURED);
    }
    assert.equal(await plugged.home.read('serial'), `door-${LOCKS - 2}`);
    assert.equal(await plugged.home.write('target', UNSECURED), 'done');
    const moved = locks.filter(({ bolt }) => bolt === 'unsecured').map(({ lockId }) => lockId);
    assert.deepEqual(moved, [`door-${LOCKS - 2}`]);
    for (const lock of locks) await lock.leave();
  });
});
