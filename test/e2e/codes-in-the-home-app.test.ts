import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deriveCommandKey, deriveLockKey, openStays, staysTopic } from '@staycode/core';
import { HomeApp } from '../homebridge-plugin/home-app.ts';
import { instant, sampleFeed } from '../node-red-nodes/sample-feed.ts';
import { brokerNode, flowsFor } from '../node-red-nodes/sample-flow.ts';
import { type SampleHome, startSampleHome } from '../node-red-nodes/sample-home.ts';
import { startSampleLock } from '../node-red-nodes/sample-lock.ts';
import { type Broker, startBroker } from '../support/broker.ts';
import { type RunningHomebridge, startHomebridge } from '../support/homebridge.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { unpackPlugin } from '../support/packed-plugin.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const SITE_KEY = '5c'.repeat(32);
const lockKey = deriveLockKey(Uint8Array.from(Buffer.from(SITE_KEY, 'hex')), 'door', 1);
const keyOf = (controllerId: string): Uint8Array => deriveCommandKey(lockKey, controllerId);
const TOPIC = staysTopic('door', 'homebridge');

describe('today’s codes, from the calendar to the Home app', function () {
  this.timeout(90_000);
  const ends: (() => Promise<void>)[] = [];
  let web: SampleHome;
  let broker: Broker;
  let node: RunningNodeRed;
  let bridge: RunningHomebridge;
  let app: HomeApp;
  const userDir = scratchFolder();

  const flows = (showsStays: boolean): object[] => [
    ...flowsFor(web).map((one) => ('type' in one && one.type === 'stay-lock' ? { ...one, showsStays } : one)),
    brokerNode(broker.port),
    { id: 'door', z: 'tab', type: 'stay-lock-in', lock: 'lock', broker: 'broker', wires: [[], []] },
  ];
  const startFlows = async (showsStays: boolean): Promise<void> => {
    const credentials = { site: { siteKey: SITE_KEY }, feed: { url: `${web.url}/calendar` } };
    node = await startNodeRed({ userDir, flows: flows(showsStays), credentials });
  };
  const poll = async (...stays: Parameters<typeof sampleFeed>[0]): Promise<void> => {
    web.feed = { ...web.feed, body: sampleFeed(stays) };
    await fetch(`${node.url}/inject/poll`, { method: 'POST' });
  };
  const ask = async (request: string): Promise<string> => {
    const value = Buffer.from(request, 'hex').toString('base64');
    return Buffer.from(String(await app.ask('codesControl', value)), 'base64').toString('hex');
  };
  /** What the Home app lists and reads, as digits. */
  const listed = async (): Promise<string[]> => {
    const ids = [...(await ask('010101')).matchAll(/030c0104(.{8})030100040100/gu)].map(([, id = '']) => id);
    const records = await Promise.all(ids.map((id) => ask(`01010202060104${id}`)));
    return records.map((record) => Buffer.from(/020c(.{24})/u.exec(record)?.[1] ?? '', 'hex').toString());
  };
  const untilListed = async (...digits: string[]): Promise<void> => {
    for (let tries = 0; tries < 600; tries++) {
      if ((await listed()).join() === digits.join()) return;
      await pause(100);
    }
    assert.fail(`never listed: ${digits.length} codes; ${bridge.logs()}`);
  };

  before(async () => {
    web = await startSampleHome();
    ends.push(() => web.close());
    broker = await startBroker();
    ends.push(() => broker.stop());
    const lock = startSampleLock({
      siteKey: SITE_KEY,
      lockId: 'door',
      unitId: 'flat-a',
      brokerUrl: broker.url,
    });
    ends.push(() => lock.stop());
    web.feed = { ...web.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    await startFlows(true);
    ends.push(() => node.stop());
    const folder = scratchFolder();
    const commandKey = Buffer.from(keyOf('homebridge')).toString('hex');
    const services = { accessCodes: true, stay: true };
    const locks = [{ name: 'Front door', lockId: 'door', commandKey, services }];
    bridge = await startHomebridge({
      ...{ release: '2.4', storageDir: join(folder, 'storage'), pluginDir: unpackPlugin(folder) },
      config: { platforms: [{ platform: 'Staycode', name: 'Staycode', broker: { url: broker.url }, locks }] },
    });
    ends.push(() => bridge.stop());
    app = new HomeApp(bridge, undefined);
    await app.pair(bridge.pin);
    await app.discover();
    ends.push(() => app.close());
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
    removeScratch();
  });

  it('are the guest’s, and nothing of them can be read at the broker without Homebridge’s key', async () => {
    await web.waitFor((received) => received.some(({ from }) => from === 'guest'));
    const digits = web.received.find(({ from }) => from === 'guest')?.msg.code.digits ?? '';
    await untilListed(digits);
    const text = broker.published(TOPIC).at(-1) ?? '';
    const [shown] = openStays(keyOf('homebridge'), 'door', text).stays;
    assert.deepEqual([shown?.digits, shown?.code.startsAtMs], [digits, instant(-1, 15)]);
    assert.throws(() => openStays(keyOf('node-red'), 'door', text), { code: 'bad-message' });
    assert.ok(!text.includes(digits));
    assert.ok(!node.logs().includes(digits) && !bridge.logs().includes(digits));
  });

  it('change with the stays; one of next week is not among them', async () => {
    const stays = [
      { uid: 'running', from: -1, to: 2 },
      { uid: 'later', from: 8, to: 11 },
    ];
    const count = broker.published(TOPIC).length;
    await poll(...stays);
    await web.waitFor((received) => received.filter(({ from }) => from === 'guest').length === 2);
    await pause(3_000);
    assert.equal(broker.published(TOPIC).length, count);
    assert.equal(
      openStays(keyOf('homebridge'), 'door', broker.published(TOPIC).at(-1) ?? '').stays.length,
      1,
    );
  });

  it('are taken away from the broker once they are to be shown no more', async () => {
    await node.stop();
    await startFlows(false);
    while (broker.published(TOPIC).at(-1) !== '') await pause(50);
  });
});
