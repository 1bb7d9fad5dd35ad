import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_KEEPER,
  deriveCodeKey,
  deriveLockKey,
  deriveLogKey,
  deriveUnitKey,
  issueCode,
  verifyLog,
} from '@staycode/core';
import { openAccessCodeStore, systemClock } from '@staycode/core/edges';
import { connectLock, type MqttLink } from '../../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../../mqtt-lock-sim/src/simulated-lock.ts';
import { type Broker, startBroker } from '../../support/broker.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { brokerNode, flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';

const SITE_KEY = '5c'.repeat(32);
const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
const unitKey = deriveUnitKey(siteKey, 'flat-a', 1);

interface Told {
  readonly output: 'door' | 'note';
  readonly event?: string;
  readonly payload: Record<string, unknown>;
  readonly problem?: { readonly reason: string };
  readonly mayBeDuplicate?: boolean;
}

describe("a lock's log, kept by Node-RED", function () {
  this.timeout(60_000);
  const userDir = scratchFolder();
  const lockFolder = join(scratchFolder(), 'lock');
  let home: SampleHome;
  let broker: Broker;
  let lock: SimulatedLock;
  let link: MqttLink;
  let node: RunningNodeRed;
  let digits = '';

  const told = (output: Told['output']): Told[] =>
    home.received
      .filter(({ from }) => from === 'told')
      .map(({ msg }) => msg as unknown as Told)
      .filter((one) => one.output === output);
  const openings = (): Told[] => told('door').filter(({ payload }) => payload.source === 'Keypad');
  const problems = (): string[] => told('note').map(({ problem }) => problem?.reason ?? '');
  const enter = async (text: string): Promise<void> => {
    assert.equal((await lock.enter(text)).signal, 'opened');
  };
  /** When the register saw the first use of the stay's code. */
  const usedAtMs = (): number | null => {
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    const [code] = store.readUnit('flat-a').codes;
    const at = code ? store.uses.firstUsedAtMs(code) : null;
    store.close();
    return at;
  };
  const untilVerified = async (): Promise<number> => {
    for (;;) {
      const at = usedAtMs();
      if (at !== null) return at;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const startLock = (): void => {
    lock = new SimulatedLock({
      file: {
        ...{ lockId: 'door', name: 'Door', zone: 'UTC', lockKey: deriveLockKey(siteKey, 'door', 1) },
        units: [{ unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', unitKey }],
        rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }),
        staff: [],
        keeper: DEFAULT_KEEPER,
      },
      ...{ folder: lockFolder, system: systemClock, randomBytes, autoLockMs: 0 },
    });
    link = connectLock(lock, { url: broker.url, reconnectMs: 50, log: () => undefined });
  };

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'running', from: -1, to: 2 }]) };
    startLock();
    await lock.applyFault({ fault: 'network-off', on: true });
    node = await startNodeRed({
      userDir,
      flows: [...flowsFor(home), ...doorNodes(home, broker.port)],
      credentials: { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar` } },
    });
    await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
    digits = home.received.find(({ from }) => from === 'guest')?.msg.code.digits ?? '';
  });
  after(async () => {
    await node.stop();
    await link.close();
    lock.close();
    await broker.stop();
    await home.close();
    removeScratch();
  });

  it('tells of a guest who came in while the lock was offline, as history, once the network is back', async () => {
    await waitForStatus(node, 'door', 'lock out of reach');
    const beforeMs = Date.now();
    await enter(digits);
    const afterMs = Date.now();
    assert.equal(usedAtMs(), null);
    await lock.applyFault({ fault: 'network-off', on: false });
    await home.waitFor(() => openings().length === 1);
    const { event, payload, mayBeDuplicate } = openings()[0]!;
    const { at, seq, logId, accessCodeId, reservationId, ...rest } = payload;
    assert.equal(event, 'LockOperation');
    assert.deepEqual(rest, {
      ...{ event: 'LockOperation', operation: 'Unlock', source: 'Keypad', reason: 'stay', lockId: 'door' },
      ...{ unitId: 'flat-a', staff: null, guestName: null, firstUse: true, historical: true },
      window: {
        startsAt: new Date(instant(-1, 15)).toISOString(),
        endsAt: new Date(instant(2, 11)).toISOString(),
      },
    });
    const code = home.received.find(({ from }) => from === 'guest')?.msg.code;
    assert.equal(accessCodeId, code?.accessCodeId);
    assert.equal(mayBeDuplicate, false);
    const used = await untilVerified();
    assert.ok(beforeMs <= used && used <= afterMs, 'by the time of use');
    assert.equal(Date.parse(String(at)), used);
  });

  it('tells of a second entry as news, and that the guest has been here before', async () => {
    await enter(digits.slice(0, 6));
    await home.waitFor(() => openings().length === 2);
    const { payload } = openings()[1]!;
    assert.deepEqual([payload.reason, payload.historical, payload.firstUse], ['pin', false, false]);
    assert.match(await statusOf(), /^opened \d\d:\d\d$/u);
  });

  it('tells after a kill what happened meanwhile, leaves nothing out and tells nothing twice without a mark', async () => {
    const used = usedAtMs();
    await node.stop('SIGKILL');
    for (let i = 0; i < 3; i++) await enter(digits);
    node = await startNodeRed({ userDir });
    await home.waitFor(() => firstTold().length === 5);
    assert.equal(new Set(openings().map(({ payload }) => payload.seq)).size, 5);
    assert.deepEqual(
      firstTold()
        .slice(2)
        .map(({ payload }) => [payload.historical, payload.firstUse]),
      [...Array.from({ length: 3 }, () => [true, false])],
    );
    assert.equal(usedAtMs(), used);
  });

  it('tells the host of a code that it did not issue, of a low battery, of a forced door, and of a lock that goes and comes', async () => {
    const window = { startsAtMs: instant(-2, 15), endsAtMs: instant(1, 11), alphabet: 'decimal' } as const;
    await enter(issueCode(deriveCodeKey(unitKey), { kind: 'stay', revision: 0, ...window }));
    await home.waitFor(() => problems().includes('unlisted'));
    await lock.applyFault({ fault: 'battery-low', on: true, percent: 12 });
    await home.waitFor(() => problems().includes('battery-low'));
    await lock.applyFault({ fault: 'forced' });
    await home.waitFor(() => problems().includes('forced'));
    await lock.applyFault({ fault: 'network-off', on: true });
    await home.waitFor(() => problems().includes('out-of-reach'));
    await lock.applyFault({ fault: 'network-off', on: false });
    await home.waitFor(() => problems().includes('back'));
    // The lock's own list names the code as well, a moment later: the host hears of it once.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.deepEqual(
      problems().filter((reason) => reason.startsWith('unlisted')),
      ['unlisted'],
    );
  });

  it('has a copy that verifies as whole and holds no code, and lets the lock forget what is in it', async () => {
    const folder = join(userDir, 'staycode/logs/door');
    const [name = ''] = readdirSync(folder);
    await until(() => lock.health().log.acknowledged === lock.health().log.last);
    const text = readFileSync(join(folder, name), 'utf8');
    const check = verifyLog(text, {
      lockId: 'door',
      logKey: deriveLogKey(deriveLockKey(siteKey, 'door', 1)),
    });
    assert.ok(check.ok, JSON.stringify(check));
    for (const place of [text, JSON.stringify(openings()), node.logs()]) assert.ok(!place.includes(digits));
  });

  it('keeps a lock’s log with one node alone: a second one says so and takes nothing', async () => {
    await waitForStatus(node, 'door-too', 'incomplete, see log');
    assert.match(node.logs(), /lock door: expected one node that keeps its log, got a second one/u);
    assert.equal(home.received.filter(({ from }) => from === 'told-too').length, 0);
  });

  it('takes nothing more of a log that was set back, and tells the host to look', async () => {
    const copy = scratchFolder();
    cpSync(lockFolder, copy, { recursive: true });
    await enter(digits);
    await until(() => lock.health().log.acknowledged === lock.health().log.last);
    await link.close();
    lock.close();
    rmSync(lockFolder, { recursive: true });
    cpSync(copy, lockFolder, { recursive: true });
    startLock();
    await home.waitFor(() => problems().includes('log-fault'));
    await waitForStatus(node, 'door', 'log fault');
    const acknowledged = lock.health().log.acknowledged;
    const count = told('door').length;
    await enter(digits);
    await waitForStatus(node, 'door', 'log fault');
    assert.deepEqual([lock.health().log.acknowledged, told('door').length], [acknowledged, count]);
    assert.equal(problems().filter((reason) => reason === 'log-fault').length, 1);
  });

  /** Without what the kill has had told again. */
  function firstTold(): Told[] {
    const seen = new Set<unknown>();
    return openings().filter(({ payload, mayBeDuplicate }) => {
      const isNew = !seen.has(payload.seq);
      assert.ok(isNew || mayBeDuplicate, `entry ${String(payload.seq)} told twice without a mark`);
      seen.add(payload.seq);
      return isNew;
    });
  }

  async function statusOf(): Promise<string> {
    await home.waitFor((received) =>
      received.some(({ from, msg }) => from === 'shown' && msg.status.text.startsWith('opened')),
    );
    return home.received.findLast(({ from }) => from === 'shown')?.msg.status.text ?? '';
  }
});

function doorNodes(home: SampleHome, brokerPort: number): object[] {
  const post = (id: string, func: string, to: string): object[] => [
    { id: `pick-${id}`, z: 'tab', type: 'function', func, outputs: 1, wires: [[`post-${id}`]] },
    {
      ...{ id: `post-${id}`, z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: `${home.url}/${to}`, wires: [[]] },
    },
  ];
  return [
    brokerNode(brokerPort),
    {
      ...{ id: 'door', z: 'tab', type: 'stay-lock-in', lock: 'lock', broker: 'broker' },
      wires: [['pick-door'], ['pick-note']],
    },
    {
      ...{ id: 'door-too', z: 'tab', type: 'stay-lock-in', lock: 'lock', broker: 'broker' },
      wires: [['pick-door-too'], ['pick-door-too']],
    },
    ...post('door-too', 'return { payload: msg };', 'told-too'),
    ...post('door', "return { payload: { output: 'door', ...msg } };", 'told'),
    ...post('note', "return { payload: { output: 'note', ...msg } };", 'told'),
    { id: 'shown', z: 'tab', type: 'status', scope: ['door'], wires: [['pick-shown']] },
    ...post('shown', 'return { payload: { status: msg.status } };', 'shown'),
  ];
}
