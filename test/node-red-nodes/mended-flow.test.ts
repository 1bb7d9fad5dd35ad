import assert from 'node:assert/strict';
import { booking, START_MS } from '../core/reservations/belief/feed-play.ts';
import { calendar } from '../core/reservations/feeds.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../support/node-red.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { sampleFeed } from './sample-feed.ts';
import { flowsFor } from './sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from './sample-home.ts';

const SITE_KEY = '5c'.repeat(32);

describe('a flow with faults in a real Node-RED', function () {
  this.timeout(30_000);
  let home: SampleHome;
  let node: RunningNodeRed | null;

  beforeEach(async () => {
    home = await startSampleHome();
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed([{ uid: 'a', from: 3, to: 5 }]) };
  });
  afterEach(async () => {
    await node?.stop();
    await home.close();
    removeScratch();
  });

  const start = async (flows: readonly object[]): Promise<RunningNodeRed> => {
    const credentials = { feed: { url: `${home.url}/calendar.ics` }, site: { siteKey: SITE_KEY } };
    node = await startNodeRed({ userDir: scratchFolder(), flows: [...flows], credentials });
    return node;
  };
  const of = (from: string): FlowMessage[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg);
  const deploy = async ({ url }: RunningNodeRed, flows: readonly object[]): Promise<void> => {
    const response = await fetch(`${url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'node-red-deployment-type': 'nodes' },
      body: JSON.stringify(flows),
    });
    assert.equal(response.status, 204);
  };

  /** A deploy is answered before its nodes run, so the first poll may come too early; at home it is the next one by itself. */
  const pollUntil = async ({ url }: RunningNodeRed, holds: () => boolean): Promise<void> => {
    const polling = setInterval(() => void fetch(`${url}/inject/poll`, { method: 'POST' }), 300);
    await home.waitFor(holds).finally(() => {
      clearInterval(polling);
    });
  };

  it('gives a stay its code that came before a deploy had finished the flow, though the calendar’s node was left alone', async () => {
    const flows = flowsFor(home);
    const isCode = (one: object): boolean => 'type' in one && one.type === 'stay-code';
    const running = await start(flows.map((one) => (isCode(one) ? { ...one, d: true } : one)));
    await home.waitFor(() => of('event').length === 1);
    await deploy(running, flows);
    await pollUntil(running, () => of('guest').length === 1);
  });

  it('tells the guest of a change though the calendar’s node was deleted and made anew', async () => {
    const flows = flowsFor(home);
    const running = await start(flows);
    await home.waitFor(() => of('guest').length === 1);
    const anew = JSON.parse(JSON.stringify(flows).replaceAll('"feed"', '"anew"')) as { id: string }[];
    const credentials = { url: `${home.url}/calendar.ics` };
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'a', from: 3, to: 6 }]) };
    await deploy(
      running,
      anew.map((one) => (one.id === 'anew' ? { ...one, credentials } : one)),
    );
    await home.waitFor(() => of('guest').length === 2);
    assert.deepEqual(
      of('event').map(({ event }) => event),
      ['new', 'changed'],
    );
    assert.ok(of('guest')[1]?.replacesEarlier);
  });

  it('keeps to settings that are named by variables, for a calendar’s closures and for what was lost', async () => {
    const named = { feed: { unit: '${U}', closures: 'none' }, code: { unit: '${U}', d: true } };
    const flows = (flowsFor(home) as { id: string }[]).map((one) => ({
      ...one,
      ...(one.id === 'tab' && { env: [{ name: 'U', value: 'unit', type: 'str' }] }),
      ...(one.id in named && named[one.id as keyof typeof named]),
    }));
    const today = Math.floor((Date.now() - START_MS) / 86_400_000);
    home.feed = { ...home.feed, body: calendar(booking(today + 3, today + 5)) };
    const running = await start(flows);
    await waitForStatus(running, 'feed', '0 stays');
    assert.equal(of('event').length, 0);

    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'a', from: 3, to: 5 }]) };
    await fetch(`${running.url}/inject/poll`, { method: 'POST' });
    await home.waitFor(() => of('event').length === 1);
    await deploy(
      running,
      flows.map((one) => (one.id === 'code' ? { ...one, d: false } : one)),
    );
    await pollUntil(running, () => of('guest').length === 1);
  });

  it('runs on where a setting is none, says which, and gives codes to all others', async () => {
    const unit = { type: 'stay-unit', site: 'site', alphabet: 'decimal', keyVersion: 1 };
    const running = await start([
      ...flowsFor(home),
      {
        id: 'site-2',
        type: 'stay-site',
        name: 'Nowhere',
        zone: 'Europe/Berlim',
        checkIn: '15:00',
        checkOut: '11:00',
      },
      { ...unit, id: 'unit-2', name: 'Two', unitId: 'two', site: 'site-2' },
      { ...unit, id: 'unit-3', name: 'Three', unitId: 'three', keyVersion: 0 },
      { ...unit, id: 'unit-4', name: 'Four', unitId: 'four', alphabet: undefined },
      { id: 'lock-2', type: 'stay-lock', name: 'Side door', site: 'site', lockId: 'side' },
    ]);
    await home.waitFor(() => of('guest').length === 1);
    assert.match(running.logs(), /expected an IANA time zone such as Europe\/Berlin, got "Europe\/Berlim"/u);
    assert.match(running.logs(), /key version: expected a whole number from 1, got 0/u);
    assert.match(running.logs(), /alphabet: expected decimal or no-zero, got undefined/u);
    assert.equal((await fetch(`${running.url}/flows`)).status, 200);
  });
});
