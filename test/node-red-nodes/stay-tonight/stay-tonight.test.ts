import assert from 'node:assert/strict';
import { type Broker, startBroker } from '../../support/broker.ts';
import { faketimeEnv, needsFaketime } from '../../support/faketime.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { brokerNode, flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { type SampleLock, startSampleLock } from '../sample-lock.ts';

const SITE_KEY = '5c'.repeat(32);

interface Told {
  readonly topic: string;
  readonly payload: string;
  readonly ready: boolean;
  readonly lines: readonly {
    readonly unitName: string;
    readonly arrival: { readonly startsAt: string } | null;
    readonly troubles: readonly { readonly reason: string; readonly text: string }[];
  }[];
}

describe("the check of tonight's arrivals in Node-RED", function () {
  this.timeout(120_000);
  let home: SampleHome;
  let broker: Broker;
  let sample: SampleLock;
  let node: RunningNodeRed;

  /** Presses the button until what is told is so; a lock's news takes a moment. */
  const untilTold = async (enough: (told: Told) => boolean): Promise<Told> => {
    for (let tries = 0; ; tries++) {
      const before = heard().length;
      await fetch(`${node.url}/inject/ask`, { method: 'POST' });
      await home.waitFor(() => heard().length > before);
      const told = heard().at(-1)!;
      if (enough(told)) return told;
      assert.ok(tries < 200, told.payload);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const heard = (): Told[] =>
    home.received.filter(({ from }) => from === 'told').map(({ msg }) => msg as unknown as Told);
  const reasonsOf = ({ lines }: Told): string[] =>
    lines.flatMap(({ troubles }) => troubles.map(({ reason }) => reason));

  before(async () => {
    home = await startSampleHome();
    broker = await startBroker();
    // Whatever the time is: one who is due this afternoon, or tomorrow.
    const from = Date.now() < instant(0, 15) ? 0 : 1;
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'one', from, to: from + 3 }]) };
    sample = startSampleLock({ siteKey: SITE_KEY, lockId: 'door', unitId: 'flat-a', brokerUrl: broker.url });
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [...flowsFor(home).filter((one) => !isBare(one)), ...tonightNodes(home, broker.port)],
      credentials: { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar` } },
    });
  });
  after(async () => {
    await node.stop();
    await sample.stop();
    await broker.stop();
    await home.close();
    removeScratch();
  });

  it('is ready once the calendar is read, the message sent and the lock heard of', async () => {
    const { topic, payload, lines } = await untilTold(
      ({ ready, lines: [first] }) => ready && first?.arrival != null,
    );
    assert.equal(topic, 'Tonight');
    assert.match(payload, /^Flat A: guest arrives (?:tomorrow )?at 15:00\. Ready\.$/mu);
    assert.match(payload, /^Loft: nobody arrives$/mu);
    assert.deepEqual(
      lines.map(({ unitName, arrival }) => [unitName, arrival !== null]),
      [
        ['Flat A', true],
        ['Loft', false],
      ],
    );
    await waitForStatus(node, 'tonight', 'all ready: 1');
  });

  it('is red with the reason: battery low, clock off, out of reach, clock lost; and green again in between', async () => {
    await sample.lock.applyFault({ fault: 'battery-low', on: true, percent: 12 });
    const weak = await untilTold((told) => reasonsOf(told).join() === 'battery-low');
    assert.match(weak.payload, /NOT READY: the battery of Door is at 12 %\.$/mu);
    await waitForStatus(node, 'tonight', 'not ready: 1');
    await sample.lock.applyFault({ fault: 'battery-low', on: false, percent: 5 });
    await sample.lock.applyFault({ fault: 'clock-jump', seconds: 420 });
    const fast = await untilTold((told) => reasonsOf(told).join() === 'clock-off');
    assert.match(fast.payload, /the clock of Door is 7 minutes fast/u);
    await sample.lock.applyFault({ fault: 'clock-jump', seconds: -420 });
    await untilTold(({ ready }) => ready);
    await sample.lock.applyFault({ fault: 'network-off', on: true });
    await untilTold((told) => reasonsOf(told).join() === 'lock-silent');
    await sample.lock.applyFault({ fault: 'network-off', on: false });
    await untilTold(({ ready }) => ready);
    await sample.lock.applyFault({ fault: 'clock-lost' });
    await untilTold((told) => reasonsOf(told).join() === 'clock-lost');
  });

  it('is red for a stay that is held back', async () => {
    const id = String((await codeMessage(home)).reservationId);
    await fetch(`${node.url}/inject/hold`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ __user_inject_props__: [{ p: 'payload', v: wordOn(id), vt: 'json' }, EVENT] }),
    });
    const held = await untilTold((told) => reasonsOf(told).includes('held'));
    assert.match(held.payload, /NOT READY: no code \(held by you\)/u);
  });

  it('looks by itself at the time that the host set, also at a calendar whose address is missing', async function () {
    needsFaketime(this);
    const alone = startNodeRed({
      ...{ userDir: scratchFolder(), env: faketimeEnv('2026-12-04T11:59:50Z') },
      flows: [...flowsFor(home).filter((one) => !isFeed(one)), ...tonightNodes(home, broker.port)],
      credentials: { site: { siteKey: SITE_KEY } },
    });
    try {
      await alone;
      await home.waitFor((received) => received.some(({ from }) => from === 'alone'));
    } finally {
      await (await alone).stop();
    }
    const { msg } = home.received.find(({ from }) => from === 'alone')!;
    assert.deepEqual(reasonsOf(msg as unknown as Told), ['feed-never-read']);
  });
});

const EVENT = { p: 'event', v: 'override', vt: 'str' };

function wordOn(id: string): string {
  return JSON.stringify({ id, by: 'Grace', why: 'a test', hold: true });
}

const isFeed = (node: object): boolean => 'id' in node && node.id === 'feed';
const isBare = (node: object): boolean => 'id' in node && node.id === 'bare';

async function codeMessage(home: SampleHome): Promise<{ reservationId: unknown }> {
  await home.waitFor((received) => received.some(({ from }) => from === 'guest'));
  const { msg } = home.received.find(({ from }) => from === 'guest')!;
  const { reservation } = msg as unknown as { reservation: { id: string } };
  return { reservationId: reservation.id };
}

function tonightNodes(home: SampleHome, brokerPort: number): object[] {
  const on = (rest: object): object => ({ z: 'tab', ...rest });
  const post = { type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore', wires: [[]] };
  const tell = (name: string): object[] => [
    on({ id: `pick-${name}`, type: 'function', func: WHOLE, outputs: 1, wires: [[`post-${name}`]] }),
    on({ ...post, id: `post-${name}`, url: `${home.url}/${name}` }),
  ];
  return [
    { id: 'unit-b', type: 'stay-unit', name: 'Loft', site: 'site', ...LOFT },
    on({ id: 'door', type: 'stay-lock-in', lock: 'lock', broker: 'broker', wires: [[], []] }),
    brokerNode(brokerPort),
    on({ id: 'ask', type: 'inject', props: [], wires: [['tonight']] }),
    on({ id: 'hold', type: 'inject', props: [], wires: [['code-a']] }),
    on({ id: 'code-a', type: 'stay-code', unit: 'unit', wires: [[], []] }),
    on({ id: 'tonight', type: 'stay-tonight', site: 'site', time: '', wires: [['pick-told']] }),
    on({ id: 'alone', type: 'stay-tonight', site: 'site', time: '12:00', wires: [['pick-alone']] }),
    ...[...tell('told'), ...tell('alone')],
  ];
}

const LOFT = { unitId: 'loft', alphabet: 'decimal', keyVersion: 1 };
const WHOLE = 'return { payload: msg };';
