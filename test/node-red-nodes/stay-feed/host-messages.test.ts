import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { sampleFeed, type SampleEntry } from '../sample-feed.ts';
import { flowsFor } from '../sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from '../sample-home.ts';

const here: SampleEntry = { uid: 'here', from: -1, to: 3 };
const soon: SampleEntry = { uid: 'soon', from: 5, to: 7 };
const later: SampleEntry = { uid: 'later', from: 20, to: 22 };

describe('what a feed has for the host, in a real Node-RED', function () {
  this.timeout(20_000);
  let home: SampleHome;
  let userDir: string;
  let node: RunningNodeRed;

  const of = (from: string): FlowMessage[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg);
  const serve = (entries: readonly SampleEntry[]): void => {
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed(entries) };
  };
  const inject = async (props: Record<string, string> = {}): Promise<void> => {
    const list = Object.entries(props).map(([p, v]) => ({ p, v, vt: 'str' }));
    const response = await fetch(`${node.url}/inject/poll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(list.length > 0 ? { __user_inject_props__: list } : {}),
    });
    assert.equal(response.status, 200);
  };

  before(async () => {
    home = await startSampleHome();
    userDir = mkdtempSync(join(tmpdir(), 'staycode-red-'));
    serve([here, soon, later]);
    // The second output goes where the other nodes' notes go.
    const flows = flowsFor(home).map((one) =>
      'id' in one && one.id === 'feed' ? { ...one, wires: [['code', 'pick-event'], ['pick-host']] } : one,
    );
    node = await startNodeRed({ userDir, flows, credentials: { feed: { url: `${home.url}/calendar.ics` } } });
    await home.waitFor(() => of('event').length === 3);
  });
  after(async () => {
    await node.stop();
    await home.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  const notes = (): string[] =>
    of('host')
      .filter((msg) => 'alert' in msg)
      .map(({ payload }) => String(payload));

  it('says that stays vanished at once, and keeps them', async () => {
    serve([later]);
    await inject();
    await home.waitFor(() => notes().length === 1);
    assert.match(notes()[0] ?? '', /^Flat A: 2 stays vanished from the calendar at once/);
    await home.waitFor(() => of('status').some(({ status }) => status.text === 'odd, kept 3'));
  });
  it('says that all is well again', async () => {
    serve([here, soon, later]);
    await inject();
    await home.waitFor(() => notes().length === 2);
    assert.match(notes()[1] ?? '', /as it should be again/);
  });
  it("takes the host's word that nobody comes", async () => {
    await inject({ word: 'no-stay', reservationId: 'soon@airbnb.com' });
    await home.waitFor(() => of('event').some(({ event }) => event === 'cancelled'));
    const last = of('event').at(-1);
    assert.equal((last?.payload as { id: string }).id, 'soon@airbnb.com');
    assert.equal((last as unknown as { reason: string }).reason, 'host');
  });
  it('refuses a word that is none', async () => {
    await inject({ word: 'maybe', reservationId: 'soon@airbnb.com' });
    await home.waitFor(() => of('status').some(({ status }) => status.text === 'failed, see the log'));
    assert.match(node.logs(), /expected msg.word to be stay or no-stay/);
  });
});
