import assert from 'node:assert/strict';
import { startBroker } from '../support/broker.ts';
import { removeScratch } from '../support/scratch.ts';
import { NO_RESPONSE, PluggedHome } from './plugged-home.ts';
import { WiredLock } from './wired-lock.ts';

const UNSECURED = 0;
const SECURED = 1;
const JAMMED = 2;

describe('a real Homebridge with the plugin', function () {
  this.timeout(60_000);
  let plugged: PluggedHome;

  before(async () => {
    plugged = new PluggedHome();
    await plugged.start({}, ['current', 'target']);
  });
  after(async () => {
    await plugged.stop();
    removeScratch();
  });
  beforeEach(() => {
    plugged.home.events.length = 0;
  });

  it('shows No Response until the lock has spoken, then its state', async () => {
    const { home, lock } = plugged;
    assert.equal(await home.read('current'), NO_RESPONSE);
    assert.equal(await home.read('target'), NO_RESPONSE);
    await lock.join();
    await plugged.untilEvents('target 1', 'current 1');
    assert.equal(await home.read('current'), SECURED);
    assert.equal(await home.read('target'), SECURED);
    assert.equal(await home.read('serial'), 'front-door');
  });

  it('unlocks the lock and is told so', async () => {
    const { home, lock } = plugged;
    assert.equal(await home.write('target', UNSECURED), 'done');
    assert.equal(lock.bolt, 'unsecured');
    await plugged.untilEvents('current 0');
    assert.equal(await home.read('target'), UNSECURED);
  });

  it('shows an outside change as wanted first, then as done', async () => {
    plugged.lock.bolt = 'secured';
    await plugged.lock.publishState();
    await plugged.untilEvents('target 1', 'current 1');
  });

  it('shows a jam, fails the command and takes the wish back', async () => {
    const { home, lock } = plugged;
    lock.bolt = 'jammed';
    await lock.publishState();
    await plugged.untilEvents('current 2');
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    await plugged.untilEvents('target 1');
    assert.equal(await home.read('current'), JAMMED);
    assert.equal(await home.read('target'), SECURED);
    lock.bolt = 'secured';
    await lock.publishState();
    await plugged.untilEvents('current 1');
  });

  it('ends the spinner when the lock never answers', async () => {
    const { home, lock } = plugged;
    lock.silent = true;
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    lock.silent = false;
    await plugged.untilEvents('target 1');
    assert.equal(await home.read('target'), SECURED);
  });

  it('has a battery only once a level is known', async () => {
    const { home, lock } = plugged;
    assert.equal((await home.discover()).level, undefined);
    lock.battery = 15;
    await lock.publishState();
    await plugged.until('battery', async () => (await home.discover()).level !== undefined);
    assert.equal(await home.read('level'), 15);
    assert.equal(await home.read('low'), 1);
    lock.battery = 21;
    await lock.publishState();
    await plugged.untilReads('low', 0);
    lock.battery = null;
    await lock.publishState();
    await plugged.until('no battery', async () => (await home.discover()).level === undefined);
  });

  it('has a door only while the lock has a contact, open or closed, and marked when it was forced', async () => {
    const { home, lock } = plugged;
    assert.equal((await home.discover()).door, undefined);
    lock.door = 'open';
    await lock.publishState();
    await plugged.until('door', async () => (await home.discover()).door !== undefined);
    assert.deepEqual([await home.read('door'), await home.read('doorTampered')], [1, 0]);
    lock.door = 'closed';
    lock.tampered = true;
    await lock.publishState();
    await plugged.untilReads('door', 0);
    assert.deepEqual([await home.read('doorTampered'), await home.read('doorActive')], [1, 1]);
    await lock.publishAvailability('offline');
    await plugged.untilReads('door', NO_RESPONSE);
    assert.equal(await home.read('doorActive'), 0);
    await lock.publishAvailability('online');
    lock.door = null;
    await lock.publishState();
    await plugged.until('no door', async () => (await home.discover()).door === undefined);
  });

  it('sends nothing to a lock that is out of reach', async () => {
    const { home, lock } = plugged;
    const before = lock.received.length;
    await lock.publishAvailability('offline');
    await plugged.untilReads('current', NO_RESPONSE);
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    await lock.publishAvailability('online');
    await lock.publishState();
    await plugged.untilReads('current', SECURED);
    assert.equal(lock.received.length, before);
  });

  it('shows No Response while the broker is away, and the state when it is back', async () => {
    const { home, lock } = plugged;
    await plugged.broker.stop();
    await plugged.untilReads('current', NO_RESPONSE);
    assert.equal(await home.read('target'), NO_RESPONSE);
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    plugged.broker = await startBroker({ port: plugged.broker.port });
    await plugged.untilReads('current', SECURED);
    assert.equal(await home.write('target', UNSECURED), 'done');
    assert.equal(lock.bolt, 'unsecured');
  });

  it('comes back from a restart as the same accessory, without the last run’s reading', async () => {
    const before = await plugged.home.discover();
    await plugged.lock.leave();
    await plugged.broker.stop();
    await plugged.restart([plugged.lockConfig()]);
    assert.deepEqual(await plugged.home.discover(), before);
    assert.equal(await plugged.home.read('current'), NO_RESPONSE);
    plugged.broker = await startBroker({ port: plugged.broker.port });
    plugged.lock = new WiredLock(plugged.broker.url);
    await plugged.lock.join();
    await plugged.untilReads('current', SECURED);
  });

  it('keeps the accessory, as No Response, while the config has a fault, and says which', async () => {
    await plugged.restart([plugged.lockConfig({ commandKey: 'abc123abc123' })]);
    const { bridge, home } = plugged;
    assert.match(
      bridge.logs(),
      /locks\[0\]\.commandKey: expected 64 hexadecimal digits, got a text of 12 char/u,
    );
    await home.discover();
    assert.equal(await home.read('current'), NO_RESPONSE);
    assert.equal(await home.read('occupancy'), NO_RESPONSE);
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    assert.ok(!bridge.logs().includes('abc123abc123'));
  });

  it('removes a lock that is no longer listed', async () => {
    await plugged.restart([]);
    assert.deepEqual(await plugged.home.discover(), {});
  });

  it('does nothing unconfigured', async () => {
    await plugged.restart(undefined, { broker: undefined });
    assert.match(plugged.bridge.logs(), /Nothing is configured yet/u);
    assert.deepEqual(await plugged.home.discover(), {});
  });
});
