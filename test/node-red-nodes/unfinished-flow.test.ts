import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../support/node-red.ts';
import { sampleFeed } from './sample-feed.ts';
import { flowsFor } from './sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from './sample-home.ts';

describe('an unfinished flow in a real Node-RED', function () {
  this.timeout(20_000);
  let home: SampleHome;
  let userDir: string;
  let node: RunningNodeRed;

  const of = (from: string): FlowMessage[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg);
  const credentials = (): Record<string, Record<string, string>> => ({
    feed: { url: `${home.url}/calendar.ics` },
  });

  before(async () => {
    home = await startSampleHome();
    userDir = mkdtempSync(join(tmpdir(), 'staycode-red-'));
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed([{ uid: 'a', from: 3, to: 5 }]) };
    const flows = [...flowsFor(home), ...TWINS, UNITLESS];
    node = await startNodeRed({ userDir, flows, credentials: credentials() });
  });
  after(async () => {
    await node.stop();
    await home.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('says that an address is missing', () => waitForStatus(node, 'bare', 'no calendar'));
  it('says that a unit is missing', () => waitForStatus(node, 'unitless', 'no unit'));
  it('says that two units share an id', () => {
    assert.match(node.logs(), /Right and Left have one id, twin: expected one for each/u);
    assert.doesNotMatch(node.logs(), /have one id, (?!twin)/u);
  });
  it('says that the site key is missing, and why there is no code', async () => {
    await waitForStatus(node, 'code', 'no site key');
    await home.waitFor(() => of('host').length === 1);
    assert.match(String(of('host')[0]!.payload), /no code, the site has no key/u);
    assert.equal(of('guest').length, 0);
  });
  it('says what a site key has to be that is none', async () => {
    await node.stop();
    node = await startNodeRed({ userDir, credentials: { ...credentials(), site: { siteKey: '4a' } } });
    await waitForStatus(node, 'code', 'no site key');
    assert.match(node.logs(), /site key: expected 64 hexadecimal digits/u);
    assert.equal(of('guest').length, 0);
  });
  it('gives the stay that waited its code once there is a key', async () => {
    await node.stop();
    const site = { siteKey: '5c'.repeat(32) };
    node = await startNodeRed({ userDir, credentials: { ...credentials(), site } });
    await home.waitFor(() => of('guest').length === 1);
    assert.equal(of('event').length, 1);
  });
  it('runs on and says so where the register is broken', async () => {
    await node.stop();
    writeFileSync(join(userDir, 'staycode', 'register.sqlite'), 'x'.repeat(4096));
    node = await startNodeRed({ userDir });
    await waitForStatus(node, 'feed', 'register unreadable');
    await waitForStatus(node, 'code', 'register unreadable');
    assert.equal((await fetch(`${node.url}/flows`)).status, 200);
    assert.match(node.logs(), /expected a file of Staycode's/u);
  });
});

const TWINS = ['Left', 'Right'].map((name) => ({
  ...{ id: `twin-${name}`, type: 'stay-unit', name, site: 'site', unitId: 'twin' },
  ...{ alphabet: 'decimal', keyVersion: 1 },
}));

/** Its unit was deleted. */
const UNITLESS = { id: 'unitless', z: 'tab', type: 'stay-code', unit: 'deleted', wires: [[], []] };
