import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_KEEPER,
  deriveCodeKey,
  deriveLockKey,
  deriveUnitKey,
  issueCode,
} from '@staycode/core';
import { systemClock } from '@staycode/core/edges';
import { connectLock, type MqttLink } from '../../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../../mqtt-lock-sim/src/simulated-lock.ts';
import { type Broker, startBroker } from '../../support/broker.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { brokerNode, flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';

const SITE_KEY = '5c'.repeat(32);
const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const lockKey = deriveLockKey(siteKey, 'door', 1);

interface Answered {
  readonly output: 'done' | 'refused' | 'error';
  readonly ask: number;
  readonly topic?: string;
  readonly payload?: unknown;
  readonly answer?: { command: string; lockId: string; ok: boolean; reason: string | null };
  readonly problem?: unknown;
  readonly error?: { message: string };
}

describe('a lock, told by Node-RED what to do', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let broker: Broker;
  let lock: SimulatedLock;
  let link: MqttLink;
  let node: RunningNodeRed;
  let code = { digits: '', accessCodeId: '' };
  let asks = 0;

  const unitKey = (unitId: string, version: number): Uint8Array => deriveUnitKey(siteKey, unitId, version);
  /** Sends a message into the flow and waits for what comes out of the node, on any output, or to the catch node. */
  const ask = async (msg: object, to = 'out'): Promise<Answered> => {
    const number = ++asks;
    await fetch(`${node.url}/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...msg, to, ask: number }),
    });
    const answers = (): Answered[] =>
      home.received
        .filter(({ from }) => from === 'answered')
        .map(({ msg: one }) => one as unknown as Answered);
    await home.waitFor(() => answers().some((one) => one.ask === number));
    return answers().find((one) => one.ask === number)!;
  };
  const outcome = async (msg: object, to?: string): Promise<string> => {
    const { output, answer, error } = await ask(msg, to);
    return `${output} ${answer?.reason ?? error?.message ?? ''}`.trim();
  };
  const signal = async (digits: string): Promise<string> => (await lock.enter(digits)).signal;

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    lock = new SimulatedLock({
      file: {
        ...{ lockId: 'door', name: 'Door', zone: 'UTC', lockKey },
        units: ['flat-a', 'flat-b'].map((unitId) => {
          return { unitId, keyVersion: 1, alphabet: 'decimal', unitKey: unitKey(unitId, 1) };
        }),
        rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }),
        staff: [],
        keeper: DEFAULT_KEEPER,
      },
      ...{ folder: scratchFolder(), system: systemClock, randomBytes, autoLockMs: 0 },
    });
    link = connectLock(lock, { url: broker.url, reconnectMs: 50, log: () => undefined });
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [...flowsFor(home), ...outNodes(home, broker.port)],
      credentials: { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar` } },
    });
    await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
    const guest = home.received.find(({ from }) => from === 'guest')?.msg.code;
    code = { digits: guest?.digits ?? '', accessCodeId: guest?.accessCodeId ?? '' };
    await waitForStatus(node, 'out', 'lock in reach');
  });
  after(async () => {
    await node.stop();
    await link.close();
    lock.close();
    await broker.stop();
    await home.close();
    removeScratch();
  });

  it('unlocks and locks, hands on what came with the lock’s answer, and needs no word from the message', async () => {
    const { output, topic, payload, answer } = await ask({ payload: 'mine' }, 'out-unlock');
    const done = { command: 'unlock', lockId: 'door', ok: true, reason: null };
    assert.deepEqual([output, topic, payload, answer], ['done', 'Door', 'mine', done]);
    assert.equal(lock.status().bolt, 'unsecured');
    assert.equal(await outcome({ command: 'lock' }), 'done');
    assert.equal(lock.status().bolt, 'secured');
  });

  it('says on the second output what the lock refuses, in a sentence and as data', async () => {
    await lock.applyFault({ fault: 'jammed', on: true });
    const { output, payload, answer, problem } = await ask({ command: 'unlock' });
    await lock.applyFault({ fault: 'jammed', on: false });
    assert.deepEqual([output, answer?.ok, answer?.reason], ['refused', false, 'jammed']);
    assert.equal(payload, 'Door: not done: unlock. The bolt is jammed.');
    assert.deepEqual(problem, { reason: 'jammed', detail: 'unlock', lockId: 'door' });
  });

  it('extends, suspends, resumes and revokes a code by the id that the guest’s message has', async () => {
    const until = new Date(instant(2, 14)).toISOString();
    assert.equal(await outcome({ command: 'extend', code, until }), 'refused unknown-code');
    assert.equal(await signal(code.digits), 'opened');
    assert.equal(await outcome({ command: 'extend', code, until }), 'done');
    assert.equal(await outcome({ command: 'extend', code, until: instant(900, 14) }), 'refused out-of-range');
    assert.equal(await outcome({ command: 'suspend', code }), 'done');
    assert.equal(await signal(code.digits), 'refused');
    assert.equal(await outcome({ command: 'resume', code }), 'done');
    assert.equal(await signal(code.digits), 'opened');
    assert.equal(await outcome({ command: 'revoke', code }), 'done');
    assert.equal(await signal(code.digits), 'refused');
  });

  it('has a keypad that is closed after wrong entries take entries again', async () => {
    while (!lock.health().lockout) await signal('000000000000');
    assert.equal(await outcome({ command: 'clear-guesses' }), 'done');
    assert.equal(lock.health().lockout, false);
  });

  it('sets the clock to the time of this machine', async () => {
    await lock.applyFault({ fault: 'clock-jump', seconds: -86_400 });
    assert.equal(await outcome({ command: 'set-clock' }), 'done');
    const offMs = lock.status().atMs - Date.now();
    assert.ok(Math.abs(offMs) < 60_000, `${offMs} ms`);
  });

  it('raises a unit’s key to the version of its node, and the lock opens for codes of that one', async () => {
    const window = { startsAtMs: instant(-1, 15), endsAtMs: instant(3, 11), alphabet: 'decimal' } as const;
    const next = issueCode(deriveCodeKey(unitKey('flat-b', 2)), { kind: 'stay', revision: 0, ...window });
    assert.equal(await signal(next), 'refused');
    assert.equal(await outcome({}, 'out-raise-same'), 'refused out-of-range');
    assert.equal(await outcome({}, 'out-raise'), 'done');
    assert.equal(await signal(next), 'opened');
  });

  it('takes what names no command, no code and no time for an error, and sends nothing', async () => {
    const before = broker.published('staycode/door/command').length;
    assert.match(await outcome({ command: 'open' }), /^error .*command: expected one of lock, unlock/u);
    assert.match(await outcome({ command: 'revoke' }), /^error .*code: expected the accessCodeId/u);
    assert.match(
      await outcome({ command: 'revoke', code: { accessCodeId: 'x' } }),
      /^error .*code: expected one of/u,
    );
    assert.match(
      await outcome({ command: 'extend', code, until: 'soon' }),
      /^error .*until: expected milliseconds/u,
    );
    assert.equal(broker.published('staycode/door/command').length, before);
  });

  it('says so at once where the lock is out of reach', async () => {
    await lock.applyFault({ fault: 'network-off', on: true });
    await waitForStatus(node, 'out', 'lock out of reach');
    assert.equal(await outcome({ command: 'unlock' }), 'refused unreachable');
    await lock.applyFault({ fault: 'network-off', on: false });
    await waitForStatus(node, 'out', 'lock in reach');
  });

  it('counts its commands with the other nodes of the lock, so that none is refused for another', async () => {
    const answers = await Promise.all(
      ['out', 'out-unlock', 'out', 'out-unlock', 'out'].map((to) => outcome({ command: 'lock' }, to)),
    );
    assert.deepEqual(answers, Array(5).fill('done'));
    const refusals = lock
      .recentEvents(200)
      .filter(({ event, source }) => event === 'LockOperationError' && source === 'Remote');
    assert.deepEqual(
      refusals.map(({ reason }) => reason).filter((reason) => reason === 'replayed'),
      [],
    );
  });

  it('leaves no code in its log', () => {
    assert.ok(!node.logs().includes(code.digits));
  });
});

function outNodes(home: SampleHome, brokerPort: number): object[] {
  const out = (id: string, fields: object): object[] => [
    {
      ...{ id, z: 'tab', type: 'stay-lock-out', lock: 'lock', broker: 'broker', timeout: 20 },
      ...{ code: 'code.accessCodeId', codeType: 'msg', until: 'until', untilType: 'msg', unit: '' },
      ...fields,
      wires: [['pick-done'], ['pick-refused']],
    },
  ];
  const targets = ['out', 'out-unlock', 'out-raise', 'out-raise-same'];
  const pick = (output: string): object => ({
    ...{ id: `pick-${output}`, z: 'tab', type: 'function', outputs: 1, wires: [['post-answer']] },
    func: `const { req, res, ...rest } = msg; return { payload: { output: '${output}', ...rest } };`,
  });
  const raise = { command: 'raise-key', commandType: 'command' };
  return [
    brokerNode(brokerPort),
    {
      id: 'unit-b',
      type: 'stay-unit',
      name: 'Flat B',
      site: 'site',
      unitId: 'flat-b',
      alphabet: 'decimal',
      keyVersion: 2,
    },
    { id: 'door', z: 'tab', type: 'stay-lock-in', lock: 'lock', broker: 'broker', wires: [[], []] },
    { id: 'ask', z: 'tab', type: 'http in', url: '/ask', method: 'post', wires: [['answer-http', 'route']] },
    { id: 'answer-http', z: 'tab', type: 'http response', wires: [] },
    {
      ...{
        id: 'route',
        z: 'tab',
        type: 'function',
        outputs: targets.length,
        wires: targets.map((id) => [id]),
      },
      func: `const { to, ...rest } = msg.payload; return ${JSON.stringify(targets)}.map((id) => (id === to ? rest : null));`,
    },
    ...out('out', { command: 'command', commandType: 'msg' }),
    ...out('out-unlock', { command: 'unlock', commandType: 'command' }),
    ...out('out-raise', { ...raise, unit: 'unit-b' }),
    ...out('out-raise-same', { ...raise, unit: 'unit' }),
    { id: 'failed', z: 'tab', type: 'catch', scope: targets, wires: [['pick-error']] },
    ...['done', 'refused', 'error'].map(pick),
    {
      ...{ id: 'post-answer', z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/answered`, wires: [[]] },
    },
  ];
}
