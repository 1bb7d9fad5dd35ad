import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AccessCode } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import { type Broker, startBroker } from '../support/broker.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { sampleFeed } from './sample-feed.ts';
import { brokerNode, flowsFor } from './sample-flow.ts';
import { type SampleHome, startSampleHome } from './sample-home.ts';
import { type SampleLock, startSampleLock } from './sample-lock.ts';

const SITE_KEY = '5c'.repeat(32);

/** A flat behind two doors: one far away on a broker, one whose brain is this Node-RED. */
describe('a code that is off, in a real Node-RED', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let broker: Broker;
  let far: SampleLock;
  let node: RunningNodeRed;
  let store: AccessCodeStore;
  let digits: string;

  const codes = (): AccessCode[] => [...store.readUnit('flat-a').codes];
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${node.url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const say = (on: boolean): Promise<Response> =>
    post('word', { id: codes()[0]?.reservationId, by: 'host', why: 'a test', hold: on });
  const typeAtOwn = async (): Promise<string> => {
    const verdicts = (): { payload: { outcome: string; reason: string } }[] =>
      home.received
        .filter(({ from }) => from === 'verdict')
        .map(({ msg }) => msg as unknown as { payload: { outcome: string; reason: string } });
    const before = verdicts().length;
    await post('type', { value: digits });
    await home.waitFor(() => verdicts().length > before);
    const { outcome, reason } = verdicts()[before]!.payload;
    return `${outcome} ${reason}`;
  };

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    far = startSampleLock({ siteKey: SITE_KEY, lockId: 'door', unitId: 'flat-a', brokerUrl: broker.url });
    const userDir = scratchFolder();
    node = await startNodeRed({
      userDir,
      flows: [...flowsFor(home), ...doors(home, broker.port)],
      credentials: { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar` } },
    });
    await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
    digits = home.received.find(({ from }) => from === 'guest')?.msg.code.digits ?? '';
    store = openAccessCodeStore(join(userDir, 'staycode', 'register.sqlite'));
  });
  after(async () => {
    store.close();
    await node.stop();
    await far.stop();
    await broker.stop();
    await home.close();
    removeScratch();
  });

  it('was seen to open at the door that Node-RED is, without a broker in between', async () => {
    assert.equal(await typeAtOwn(), 'opened stay');
    await until(() => codes().some((code) => store.uses.firstUsedAtMs(code) !== null));
    assert.equal(store.readRecords('flat-a')[0]?.record.staycode.lifecycle, 'verified');
  });

  it('ends at both doors by itself, while one that is still awaited does not count', async () => {
    await far.lock.applyFault({ fault: 'network-off', on: true });
    await home.waitFor((received) => received.some(({ msg }) => isAbout(msg, 'out-of-reach')));
    assert.equal((await say(true)).status, 200);
    await until(() => store.ends.deadAt('side').size > 0);
    assert.equal(await typeAtOwn(), 'refused revoked');
    const [code] = codes();
    assert.ok(code);
    assert.equal(store.ends.deadSinceMs(code), null);
    await far.lock.applyFault({ fault: 'network-off', on: false });
    await until(() => store.ends.deadSinceMs(code) !== null);
    assert.equal((await far.lock.enter(digits)).signal, 'refused');
    assert.deepEqual(store.readRecords('flat-a'), []);
  });

  it('is nobody’s again: the stay that comes back has another', async () => {
    await say(false);
    await until(() => codes().length > 1);
    const [old, fresh] = codes();
    assert.notEqual(old?.withdrawnAtMs, null);
    assert.deepEqual([fresh?.withdrawnAtMs, fresh?.revision], [null, 1]);
  });
});

function isAbout(msg: unknown, reason: string): boolean {
  return (msg as { problem?: { reason: string } }).problem?.reason === reason;
}

function doors(home: SampleHome, brokerPort: number): object[] {
  const send = (id: string, func: string): object[] => [
    { ...{ id: `pick-${id}`, z: 'tab', type: 'function', func, outputs: 1 }, wires: [[`post-${id}`]] },
    {
      ...{ id: `post-${id}`, z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/${id}`, wires: [[]] },
    },
  ];
  const hear = (id: string, to: string): object => {
    return { id: `in-${id}`, z: 'tab', type: 'http in', url: `/${id}`, method: 'post', wires: [[to, 'ok']] };
  };
  return [
    brokerNode(brokerPort),
    {
      id: 'far',
      z: 'tab',
      type: 'stay-lock-in',
      lock: 'lock',
      broker: 'broker',
      wires: [[], ['pick-noted']],
    },
    ...send('noted', 'return { payload: msg };'),
    { id: 'lock-side', type: 'stay-lock', name: 'Side', site: 'site', lockId: 'side', units: ['unit'] },
    {
      ...{ id: 'side', z: 'tab', type: 'stay-verify', name: '', groups: 'whole', property: 'payload.value' },
      ...{ source: 'lock', lock: 'lock-side', lockFile: '', wires: Array(3).fill(['pick-verdict']) },
    },
    ...send('verdict', 'const { req, res, ...rest } = msg; return { payload: rest };'),
    ...[hear('type', 'side'), hear('word', 'name')],
    {
      ...{ id: 'name', z: 'tab', type: 'change', wires: [['code']] },
      rules: [
        { t: 'set', p: 'event', pt: 'msg', to: 'override', tot: 'str' },
        { t: 'set', p: 'unit', pt: 'msg', to: 'flat-a', tot: 'str' },
      ],
    },
    { id: 'ok', z: 'tab', type: 'http response', statusCode: '200', wires: [] },
  ];
}
