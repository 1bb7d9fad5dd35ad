import assert from 'node:assert/strict';
import { formatPairing, sealStays } from '@staycode/core';
import { settingsRequests } from '../../homebridge-plugin/src/settings/index.ts';
import type { LockTest } from '../../homebridge-plugin/src/settings/test-lock.ts';
import type { ShownLocks } from '../../homebridge-plugin/src/settings/find-locks.ts';
import type { Added } from '../../homebridge-plugin/src/settings/settings-block.ts';
import type { StaysOfLock } from '../../homebridge-plugin/src/settings/todays-stays.ts';
import { type Broker, startBroker } from '../support/broker.ts';
import { WiredLock } from './wired-lock.ts';

const HOUR_MS = 3_600_000;
/** Made up: no lock has a key to it. */
const DIGITS = '918273645546';
const PASSWORD = 'made up for this test';

describe('what the settings page asks', function () {
  this.timeout(30_000);
  let broker: Broker;
  let lock: WiredLock;
  let cellar: WiredLock;
  const requests = settingsRequests();
  const ask = async <T>(path: string, body: object): Promise<T> => (await requests[path]?.(body)) as T;

  before(async () => {
    broker = await startBroker({ password: PASSWORD });
    const url = broker.url.replace('//', `//anyone:${encodeURIComponent(PASSWORD)}@`);
    lock = new WiredLock(url);
    cellar = new WiredLock(url, 'cellar door/2');
    await Promise.all([lock.join(), cellar.join()]);
  });
  after(async () => {
    await Promise.all([lock.leave(), cellar.leave()]);
    await broker.stop();
  });

  const pairingOf = (each: WiredLock, part: object = {}): string =>
    formatPairing({
      ...{ brokerUrl: broker.url, username: 'homebridge', password: PASSWORD },
      ...{ lockId: each.lockId, name: `Door ${each.lockId}`, controllerId: 'homebridge' },
      commandKey: each.commandKey('homebridge'),
      ...part,
    });
  const blockOf = (...pairings: string[]) => ({
    platform: 'Staycode',
    name: 'Staycode',
    locks: pairings.map((pairing) => ({ pairing })),
  });
  const test = (block: object): Promise<LockTest> => ask('/test', { block, at: 0 });
  const lastStep = ({ steps }: LockTest): string => steps.at(-1)?.text ?? '';

  it('adds a lock by its pairing string, whatever the paste brought along', async () => {
    const line = pairingOf(lock);
    const added = await ask<Added>('/pair', {
      block: {},
      pairing: ` ${line.slice(0, 40)}\n${line.slice(40)} `,
    });
    assert.deepEqual(added, {
      ...{ ok: true, name: 'Door front-door', replaced: false },
      block: { locks: [{ pairing: line }] },
    });
  });

  it('gives a lock that is listed its new key, and leaves the rest of it', async () => {
    const commandKey = '00'.repeat(32);
    const listed = { name: 'Old name', lockId: 'front-door', commandKey, services: { stay: true } };
    const block = { broker: { url: broker.url }, locks: [listed] };
    const pairing = pairingOf(lock);
    const added = await ask<Added>('/pair', { block, pairing });
    assert.ok(added.ok && added.replaced);
    assert.deepEqual(added.block.locks, [{ name: 'Old name', services: { stay: true }, pairing }]);
  });

  it('says what is wrong with a string, and repeats nothing of it', async () => {
    const line = pairingOf(lock);
    for (const pairing of ['', 5, 'a secret by mistake', line.slice(0, -1)]) {
      const added = await ask<Added>('/pair', { block: {}, pairing });
      assert.ok(!added.ok);
      assert.ok(!/secret|127\.0|front-door/u.test(added.text), added.text);
    }
  });

  it('lists the locks of the config, then those that the broker knows beside, with what they need', async () => {
    lock.battery = 80;
    await lock.publishState();
    const { broker: told, locks } = await ask<ShownLocks>('/locks', { block: blockOf(pairingOf(lock)) });
    assert.ok(told.ok, told.text);
    assert.deepEqual(
      locks.map(({ at, lockId, text, needs }) => [at, lockId, text, needs === null]),
      [
        [0, 'front-door', 'Online, locked, battery 80 %.', true],
        [null, 'cellar door/2', 'Online, locked.', false],
      ],
    );
    assert.match(locks[1]?.needs ?? '', /pairing string/u);
  });

  it('says so where no broker is set, where one is set wrongly, and where a lock has a fault', async () => {
    const none = await ask<ShownLocks>('/locks', { block: null });
    assert.match(none.broker.text, /No broker is set yet/u);
    const wrong = await ask<ShownLocks>('/locks', { block: { broker: { url: 'http://x' }, locks: [] } });
    assert.match(wrong.broker.text, /broker\.url: expected an address/u);
    const faulty = {
      broker: { url: broker.url },
      locks: [{ name: 'A', lockId: 'a', commandKey: 'secret!' }],
    };
    const { locks } = await ask<ShownLocks>('/locks', { block: faulty });
    assert.match(locks[0]?.needs ?? '', /\.commandKey: expected 64 hexadecimal digits/u);
    assert.ok(!JSON.stringify(locks).includes('secret!'));
  });

  it('tests a lock by a question that it answers only to its key, and moves nothing', async () => {
    const result = await test(blockOf(pairingOf(lock)));
    assert.ok(result.ok, lastStep(result));
    // The scripted lock lives ten minutes ahead.
    assert.equal(lastStep(result), 'The lock takes this key. Its clock is 10 min fast.');
    assert.equal(lock.received.length, 0);
  });

  it('tells a key that is not this lock’s', async () => {
    const result = await test(blockOf(pairingOf(lock, { commandKey: cellar.commandKey('other') })));
    assert.ok(!result.ok);
    assert.match(lastStep(result), /does not answer to this key/u);
  });

  it('tells a lock that is offline, and one that was never here', async () => {
    lock.silent = true;
    await lock.publishAvailability('offline');
    assert.match(lastStep(await test(blockOf(pairingOf(lock)))), /lock is offline/u);
    lock.silent = false;
    await lock.publishAvailability('online');
    const never = await test(blockOf(pairingOf(lock, { lockId: 'attic' })));
    assert.match(lastStep(never), /Nothing is heard of a lock “attic”/u);
  });

  it('tells a login that is refused, and a broker that is out of reach', async () => {
    const refused = await test(blockOf(pairingOf(lock, { password: 'another' })));
    assert.match(lastStep(refused), /refuses the login/u);
    assert.ok(!lastStep(refused).includes('another'));
    const away = await test(blockOf(pairingOf(lock, { brokerUrl: 'mqtt://127.0.0.1:9' })));
    assert.match(lastStep(away), /No broker answers at mqtt:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\)/u);
  });

  it('shows today’s stays without their codes, and one code when it is asked for', async () => {
    const block = blockOf(pairingOf(lock), pairingOf(cellar));
    const window = { startsAtMs: Date.now() - HOUR_MS, endsAtMs: Date.now() + HOUR_MS };
    const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, ...window } as const;
    const past = { ...code, startsAtMs: window.startsAtMs - HOUR_MS, endsAtMs: window.startsAtMs };
    const stays = [past, code].map((each) => ({ code: each, digits: DIGITS }));
    const nonce = new Uint8Array(24);
    await lock.publishStays(sealStays(lock.commandKey('homebridge'), { lockId: lock.lockId, stays }, nonce));
    const [front, other] = await ask<StaysOfLock[]>('/stays', { block });
    assert.deepEqual(
      front?.stays.map(({ unitId, startsAtMs }) => [unitId, startsAtMs]),
      [['flat-a', window.startsAtMs]],
    );
    assert.match(other?.text ?? '', /sends this Homebridge no stays/u);
    assert.ok(!JSON.stringify(front).includes(DIGITS));
    assert.deepEqual(await ask('/code', { id: front.stays.at(0)?.id }), { digits: '9182 7364 5546' });
    assert.deepEqual(await ask('/code', { id: 'another' }), { digits: null });
  });

  it('says so where the stays were sealed for another key', async () => {
    const sealed = sealStays(cellar.commandKey('x'), { lockId: lock.lockId, stays: [] }, new Uint8Array(24));
    await lock.publishStays(sealed);
    const [front] = await ask<StaysOfLock[]>('/stays', { block: blockOf(pairingOf(lock)) });
    assert.match(front?.text ?? '', /for another key/u);
  });
});
