import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_KEEPER,
  deriveLockKey,
  deriveUnitKey,
  type SeamAccessCode,
} from '@staycode/core';
import { openAccessCodeStore, systemClock } from '@staycode/core/edges';
import { connectLock, type MqttLink } from '../../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../../mqtt-lock-sim/src/simulated-lock.ts';
import { type Broker, startBroker } from '../../support/broker.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { sampleFeed } from '../sample-feed.ts';
import { brokerNode, flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { startWebhookSink, type SunkEvent, type WebhookSink } from './webhook-sink.ts';

const SITE_KEY = '5c'.repeat(32);
const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const unitKey = deriveUnitKey(siteKey, 'flat-a', 1);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe('webhooks of a Node-RED whose lock was offline and that is killed', function () {
  this.timeout(90_000);
  const userDir = scratchFolder();
  let home: SampleHome;
  let broker: Broker;
  let sink: WebhookSink;
  let lock: SimulatedLock;
  let link: MqttLink;
  let node: RunningNodeRed;
  let usedBetween = [0, 0];

  const register = join(userDir, 'staycode/register.sqlite');
  const typesTaken = (): string[] => sink.taken().map(({ event }) => event.event_type);
  const isVerified = ({ event }: SunkEvent): boolean => event.staycode.lifecycle === 'verified';
  const verifiedAttempts = (): SunkEvent[] => sink.attempts.filter(isVerified);
  const record = (): SeamAccessCode => {
    const store = openAccessCodeStore(register);
    const [one] = store.readRecords('flat-a');
    store.close();
    return one!.record;
  };

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    sink = await startWebhookSink(SECRET);
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    lock = new SimulatedLock({
      file: {
        ...{ lockId: 'door', name: 'Door', zone: 'UTC', lockKey: deriveLockKey(siteKey, 'door', 1) },
        units: [{ unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', unitKey }],
        rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }),
        staff: [],
        keeper: DEFAULT_KEEPER,
      },
      ...{ folder: scratchFolder(), system: systemClock, randomBytes, autoLockMs: 0 },
    });
    await lock.applyFault({ fault: 'network-off', on: true });
    link = connectLock(lock, { url: broker.url, reconnectMs: 50, log: () => undefined });
    node = await startNodeRed({
      userDir,
      flows: [...flowsFor(home), ...apiNodes(home, broker.port)],
      credentials: {
        site: { siteKey: SITE_KEY },
        feed: { url: `${home.url}/calendar` },
        api: { webhookUrl: sink.url, webhookSecret: SECRET },
      },
    });
  });
  after(async () => {
    await node.stop();
    await link.close();
    lock.close();
    await broker.stop();
    await sink.close();
    await home.close();
    removeScratch();
  });

  it('tell of a code from its issue until guest and lock can do with it, in its digits once they are out', async () => {
    await sink.waitFor(() => typesTaken().includes('access_code.set_on_device'));
    assert.deepEqual(sink.errors, []);
    assert.deepEqual(
      [...new Set(typesTaken())],
      ['access_code.created', 'access_code.changed', 'access_code.set_on_device'],
    );
    const digits = home.received.find(({ from }) => from === 'guest')?.msg.code.digits;
    assert.equal(sink.taken().at(-1)?.event.code, digits);
    assert.ok(!JSON.stringify(sink.taken()[0]).includes(String(digits)), 'digits before the guest was told');
  });

  it('tell the flow the same', async () => {
    const { length } = sink.taken();
    await home.waitFor((received) => received.filter(({ from }) => from === 'told').length >= length);
    const told = home.received.filter(({ from }) => from === 'told').map(({ msg }) => msg.payload);
    assert.deepEqual(
      told,
      sink.taken().map(({ event }) => event),
    );
  });

  it('keep that the guest came in, of which they hear once the lock is back, while the receiver fails', async () => {
    const digits = home.received.find(({ from }) => from === 'guest')?.msg.code.digits ?? '';
    await waitForStatus(node, 'door', 'lock out of reach');
    const beforeMs = Date.now();
    assert.equal((await lock.enter(digits)).signal, 'opened');
    usedBetween = [beforeMs, Date.now()];
    assert.equal(record().staycode.lifecycle, 'set');
    sink.status = 500;
    await lock.applyFault({ fault: 'network-off', on: false });
    await sink.waitFor(() => verifiedAttempts().length === 1);
    await home.waitFor((received) =>
      received.some(({ from, msg }) => from === 'noted' && String(msg.payload).includes('HTTP 500')),
    );
    await node.stop('SIGKILL');
    sink.status = 0;
    node = await startNodeRed({ userDir });
    await sink.waitFor(() => verifiedAttempts().length === 2);
    await waitForStatus(node, 'api', '1 to be told');
    await node.stop('SIGKILL');
  });

  it('tell it once the receiver takes it, with the same id and the time of use, and reading agrees', async () => {
    // The next attempt would be in five minutes.
    const db = new DatabaseSync(register);
    db.exec('UPDATE webhook_delivery SET due_at_ms = 0');
    db.close();
    sink.status = 200;
    node = await startNodeRed({ userDir });
    await sink.waitFor(() => sink.taken().some(isVerified));
    await waitForStatus(node, 'api', 'all told');
    assert.deepEqual(sink.errors, []);
    assert.equal(new Set(verifiedAttempts().map(({ id }) => id)).size, 1);
    const { event } = sink.taken().find(isVerified)!;
    const usedAtMs = Date.parse(event.occurred_at);
    assert.ok(usedBetween[0]! <= usedAtMs && usedAtMs <= usedBetween[1]!, 'by the time of use');
    const { staycode, status, access_code_id, device_id } = record();
    assert.deepEqual(event.staycode, { ...staycode, message_state: null, door_pins: [] });
    assert.deepEqual([staycode.verified_at, status], [event.occurred_at, 'set']);
    assert.deepEqual([event.access_code_id, event.device_id], [access_code_id, device_id]);
  });

  it('end where the receiver says that it is no more, and go on after the next start', async () => {
    await node.stop();
    sink.status = 410;
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 3 }]) };
    node = await startNodeRed({ userDir });
    await waitForStatus(node, 'api', 'webhook refused: 410');
    await home.waitFor((received) =>
      received.some(({ from, msg }) => from === 'noted' && String(msg.payload).includes('410')),
    );
    await node.stop();
    const attempts = sink.attempts.length;
    sink.status = 200;
    const db = new DatabaseSync(register);
    db.exec('UPDATE webhook_delivery SET due_at_ms = 0');
    db.close();
    node = await startNodeRed({ userDir });
    await sink.waitFor(() => typesTaken().includes('access_code.time_frame_changed'));
    assert.ok(sink.attempts.length > attempts);
    assert.ok(typesTaken().includes('access_code.code_changed'));
    assert.deepEqual(sink.errors, []);
  });
});

function apiNodes(home: SampleHome, brokerPort: number): object[] {
  const post = (to: string): object[] => [
    {
      ...{ id: `pick-${to}`, z: 'tab', type: 'function', outputs: 1, wires: [[`post-${to}`]] },
      func: 'return { payload: { payload: msg.payload, topic: msg.topic } };',
    },
    {
      ...{ id: `post-${to}`, z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/${to}`, wires: [[]] },
    },
  ];
  return [
    brokerNode(brokerPort),
    { ...{ id: 'door', z: 'tab', type: 'stay-lock-in', lock: 'lock', broker: 'broker' }, wires: [[], []] },
    { id: 'api', z: 'tab', type: 'stay-api', name: '', wires: [['pick-told'], ['pick-noted']] },
    ...post('told'),
    ...post('noted'),
  ];
}
