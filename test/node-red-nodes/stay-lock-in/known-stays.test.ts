import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_KEEPER,
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveLogKey,
  deriveUnitKey,
  fingerprintOf,
  issueCode,
  lockTopics,
  readRosterReport,
  type RosterReport,
} from '@staycode/core';
import { openLogKeeper, systemClock } from '@staycode/core/edges';
import { connectLock, type MqttLink } from '../../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../../mqtt-lock-sim/src/simulated-lock.ts';
import { type Broker, startBroker } from '../../support/broker.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { brokerNode, flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';

const SITE_KEY = '5c'.repeat(32);
const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const lockKey = deriveLockKey(siteKey, 'door', 1);
const commandKey = deriveCommandKey(lockKey, DEFAULT_KEEPER);
const stay = (from: number, to: number) =>
  ({ kind: 'stay', revision: 0, startsAtMs: instant(from, 15), endsAtMs: instant(to, 11) }) as const;
const UNKNOWN = { unitId: 'flat-a', keyVersion: 1, ...stay(-2, 1) };

interface Note {
  readonly payload: string;
  readonly problem?: { readonly reason: string; readonly detail: string };
}

/** Its log went home to another controller and is forgotten, so that the roster alone can tell of what opened. */
describe('the stays that Node-RED knows and those that a lock has seen', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let broker: Broker;
  let lock: SimulatedLock;
  let link: MqttLink;
  let node: RunningNodeRed;

  const notes = (): Note[] =>
    home.received.filter(({ from }) => from === 'noted').map(({ msg }) => msg as unknown as Note);
  const told = (reason: string): (string | undefined)[] =>
    notes()
      .filter(({ problem }) => problem?.reason === reason)
      .map(({ problem }) => problem?.detail);
  const reports = (): RosterReport[] =>
    broker
      .published('staycode/door/roster')
      .map((text) => readRosterReport(commandKey, text))
      .filter((report) => report !== null);
  const unitKey = (unitId: string): Uint8Array => deriveUnitKey(siteKey, unitId, 1);

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    lock = new SimulatedLock({
      file: {
        ...{ lockId: 'door', name: 'Door', zone: 'UTC', lockKey },
        units: ['flat-a', 'flat-z'].map((unitId) => {
          return { unitId, keyVersion: 1, alphabet: 'decimal', unitKey: unitKey(unitId) };
        }),
        rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }),
        staff: [],
        keeper: 'another',
      },
      ...{ folder: scratchFolder(), system: systemClock, randomBytes, autoLockMs: 0 },
      journal: { keepAcknowledged: 0 },
    });
    const digits = issueCode(deriveCodeKey(unitKey('flat-a')), { ...UNKNOWN, alphabet: 'decimal' });
    assert.equal((await lock.enter(digits)).signal, 'opened');
    await bringHomeToAnother(lock);
    link = connectLock(lock, { url: broker.url, reconnectMs: 50, log: () => undefined });
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [...flowsFor(home).map(withFlatB), ...doorNodes(home, broker.port)],
      credentials: { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar` } },
    });
    await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
  });
  after(async () => {
    await node.stop();
    await link.close();
    lock.close();
    await broker.stop();
    await home.close();
    removeScratch();
  });

  it('are compared without a wire: the host hears of a code that opened and that nobody here issued', async () => {
    await home.waitFor(() => told('unlisted-code').length > 0);
    const window = [UNKNOWN.startsAtMs, UNKNOWN.endsAtMs].map((ms) => new Date(ms).toISOString()).join(' / ');
    assert.deepEqual(told('unlisted-code'), [`flat-a, ${window}`]);
  });

  it('show which unit’s key the lock has and its node does not name, and which it lacks', async () => {
    await home.waitFor(() => told('missing-key').length > 0 && told('foreign-key').length > 0);
    assert.deepEqual([told('missing-key'), told('foreign-key')], [['flat-b, 1'], ['flat-z, 1']]);
    assert.match(
      notes().find(({ problem }) => problem?.reason === 'missing-key')?.payload ?? '',
      /do not get in/u,
    );
  });

  it('are told to the lock, which knows the host’s stay without having seen it, and a new one soon after', async () => {
    const print = (from: number, to: number): string =>
      fingerprintOf(commandKey, { unitId: 'flat-a', keyVersion: 1, ...stay(from, to) });
    await until(() => reports().some(({ unseen }) => unseen.includes(print(-1, 2))));
    const stays = [
      { uid: 'running', from: -1, to: 2 },
      { uid: 'next', from: 3, to: 6 },
    ];
    home.feed = { ...home.feed, body: sampleFeed(stays) };
    await fetch(`${node.url}/inject/poll`, { method: 'POST' });
    await until(() => reports().some(({ unseen }) => unseen.includes(print(3, 6))));
  });

  it('give no reason to tell twice, nor to tell of a guest of the host’s', async () => {
    const guest = home.received.find(({ from }) => from === 'guest')?.msg.code.digits ?? '';
    const before = reports().length;
    assert.equal((await lock.enter(guest)).signal, 'opened');
    await until(() => reports().length > before);
    await lock.applyFault({ fault: 'network-off', on: true });
    await home.waitFor(() => told('out-of-reach').length > 0);
    await lock.applyFault({ fault: 'network-off', on: false });
    const count = reports().length;
    await until(() => reports().length > count);
    await home.waitFor(() => told('back').length > 0);
    assert.equal(told('unlisted-code').length, 1);
    assert.equal(told('missing-key').length, 1);
  });
});

/** What happened so far is kept elsewhere, and the lock has no more of it. */
async function bringHomeToAnother(lock: SimulatedLock): Promise<void> {
  const topics = lockTopics('door');
  const keeper = openLogKeeper({
    ...{ folder: scratchFolder(), lockId: 'door', controllerId: 'another' },
    ...{ commandKey: deriveCommandKey(lockKey, 'another'), logKey: deriveLogKey(lockKey) },
  });
  for (const { topic, text } of lock.audit('up')) {
    if (topic !== topics.auditEntries) continue;
    const { ack } = await keeper.receive({ text, retained: false }, 0);
    await lock.receive({ topic: topics.auditAck, text: ack ?? '', retained: false });
  }
  lock.audit('down');
  await keeper.close();
}

/** The door's node names a unit whose key the lock was not given. */
function withFlatB(flowNode: object): object {
  return 'type' in flowNode && flowNode.type === 'stay-lock'
    ? { ...flowNode, units: ['unit', 'unit-b'] }
    : flowNode;
}

function doorNodes(home: SampleHome, brokerPort: number): object[] {
  return [
    brokerNode(brokerPort),
    {
      id: 'unit-b',
      type: 'stay-unit',
      name: 'Flat B',
      site: 'site',
      unitId: 'flat-b',
      alphabet: 'decimal',
      keyVersion: 1,
    },
    {
      id: 'door',
      z: 'tab',
      type: 'stay-lock-in',
      lock: 'lock',
      broker: 'broker',
      wires: [[], ['pick-note']],
    },
    {
      ...{ id: 'pick-note', z: 'tab', type: 'function', func: 'return { payload: msg };', outputs: 1 },
      wires: [['post-note']],
    },
    {
      ...{ id: 'post-note', z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/noted`, wires: [[]] },
    },
  ];
}
