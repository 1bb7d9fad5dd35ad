import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Broker, startBroker } from '../support/broker.ts';
import { type RunningHomebridge, startHomebridge } from '../support/homebridge.ts';
import { HomeApp } from './home-app.ts';
import { WiredLock } from './wired-lock.ts';

const ROOT = join(import.meta.dirname, '../..');
const NO_RESPONSE = 'status -70402';
const UNSECURED = 0;
const SECURED = 1;
const JAMMED = 2;

describe('a real Homebridge with the plugin', function () {
  this.timeout(60_000);
  const dir = mkdtempSync(join(tmpdir(), 'staycode-homebridge-'));
  let broker: Broker;
  let lock: WiredLock;
  let bridge: RunningHomebridge;
  let home: HomeApp;
  let pairing: Awaited<ReturnType<HomeApp['pair']>>;

  before(async () => {
    if (!existsSync(join(ROOT, 'homebridge-plugin/dist/index.js'))) {
      execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { cwd: ROOT });
    }
    mkdirSync(join(dir, 'plugins'));
    symlinkSync(join(ROOT, 'homebridge-plugin'), join(dir, 'plugins/homebridge-staycode'), 'dir');
    broker = await startBroker();
    lock = new WiredLock(broker.url);
    bridge = await start({ locks: [lockConfig()] });
    home = new HomeApp(bridge);
    pairing = await home.pair(bridge.pin);
    await home.discover();
    await home.subscribe();
  });
  after(async () => {
    await home.close();
    await bridge.stop();
    await lock.leave();
    await broker.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(() => {
    home.events.length = 0;
  });

  function lockConfig(): Record<string, unknown> {
    const commandKey = Buffer.from(lock.commandKey('homebridge')).toString('hex');
    return { name: 'Front door', lockId: lock.lockId, commandKey };
  }
  function start(settings: Record<string, unknown>): Promise<RunningHomebridge> {
    return startHomebridge({
      storageDir: join(dir, 'storage'),
      pluginDir: join(dir, 'plugins'),
      config: {
        platforms: [{ platform: 'Staycode', name: 'Staycode', broker: { url: broker.url }, ...settings }],
      },
    });
  }
  async function restart(settings: Record<string, unknown>): Promise<void> {
    await home.close();
    await bridge.stop();
    bridge = await start(settings);
    home = new HomeApp(bridge, pairing);
  }
  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (await holds()) return;
      await pause(25);
    }
    assert.fail(`never came: ${what}; events: ${home.events.join(', ')}\n${bridge.logs()}`);
  }
  function untilEvents(...expected: string[]): Promise<void> {
    return until(expected.join(', '), () => expected.join() === home.events.join());
  }

  it('shows No Response until the lock has spoken, then its state', async () => {
    assert.equal(await home.read('current'), NO_RESPONSE);
    assert.equal(await home.read('target'), NO_RESPONSE);
    await lock.join();
    await untilEvents('target 1', 'current 1');
    assert.equal(await home.read('current'), SECURED);
    assert.equal(await home.read('target'), SECURED);
    assert.equal(await home.read('serial'), 'front-door');
  });

  it('unlocks the lock and is told so', async () => {
    assert.equal(await home.write('target', UNSECURED), 'done');
    assert.equal(lock.bolt, 'unsecured');
    await untilEvents('current 0');
    assert.equal(await home.read('target'), UNSECURED);
  });

  it('shows an outside change as wanted first, then as done', async () => {
    lock.bolt = 'secured';
    await lock.publishState();
    await untilEvents('target 1', 'current 1');
  });

  it('shows a jam, fails the command and takes the wish back', async () => {
    lock.bolt = 'jammed';
    await lock.publishState();
    await untilEvents('current 2');
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    await untilEvents('current 2', 'target 1');
    assert.equal(await home.read('current'), JAMMED);
    assert.equal(await home.read('target'), SECURED);
    lock.bolt = 'secured';
    await lock.publishState();
    await untilEvents('current 2', 'target 1', 'current 1');
  });

  it('ends the spinner when the lock never answers', async () => {
    lock.silent = true;
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    lock.silent = false;
    await untilEvents('target 1');
    assert.equal(await home.read('target'), SECURED);
  });

  it('has a battery only once a level is known', async () => {
    assert.equal((await home.discover()).level, undefined);
    lock.battery = 15;
    await lock.publishState();
    await until('battery', async () => (await home.discover()).level !== undefined);
    assert.equal(await home.read('level'), 15);
    assert.equal(await home.read('low'), 1);
    lock.battery = null;
    await lock.publishState();
    await until('no battery', async () => (await home.discover()).level === undefined);
  });

  it('sends nothing to a lock that is out of reach', async () => {
    const before = lock.received.length;
    await lock.publishAvailability('offline');
    await until('No Response', async () => (await home.read('current')) === NO_RESPONSE);
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    await lock.publishAvailability('online');
    await lock.publishState();
    await until('the state', async () => (await home.read('current')) === SECURED);
    assert.equal(lock.received.length, before);
  });

  it('shows No Response while the broker is away, and the state when it is back', async () => {
    await broker.stop();
    await until('No Response', async () => (await home.read('current')) === NO_RESPONSE);
    assert.equal(await home.read('target'), NO_RESPONSE);
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    broker = await startBroker({ port: broker.port });
    await until('the state', async () => (await home.read('current')) === SECURED);
    assert.equal(await home.write('target', UNSECURED), 'done');
    assert.equal(lock.bolt, 'unsecured');
  });

  it('comes back from a restart as the same accessory, without the last run’s reading', async () => {
    const before = await home.discover();
    await lock.leave();
    await broker.stop();
    await restart({ locks: [lockConfig()] });
    assert.deepEqual(await home.discover(), before);
    assert.equal(await home.read('current'), NO_RESPONSE);
    broker = await startBroker({ port: broker.port });
    lock = new WiredLock(broker.url);
    await lock.join();
    await until('the state', async () => (await home.read('current')) === SECURED);
  });

  it('keeps the accessory, as No Response, while the config has a fault, and says which', async () => {
    await restart({ locks: [{ ...lockConfig(), commandKey: 'abc123abc123' }] });
    assert.match(
      bridge.logs(),
      /locks\[0\]\.commandKey: expected 64 hexadecimal digits, got a text of 12 char/u,
    );
    await home.discover();
    assert.equal(await home.read('current'), NO_RESPONSE);
    assert.equal(await home.write('target', UNSECURED), NO_RESPONSE);
    assert.ok(!bridge.logs().includes('abc123abc123'));
  });

  it('removes a lock that is no longer listed', async () => {
    await restart({ locks: [] });
    assert.deepEqual(await home.discover(), {});
  });

  it('does nothing unconfigured', async () => {
    await restart({ broker: undefined });
    assert.match(bridge.logs(), /Nothing is configured yet/u);
    assert.deepEqual(await home.discover(), {});
  });
});
