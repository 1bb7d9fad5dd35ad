import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { openEditor } from '../../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed } from '../sample-feed.ts';
import { flowsFor } from '../sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from '../sample-home.ts';

describe('the property, in a real Node-RED', function () {
  this.timeout(120_000);
  let home: SampleHome;
  let node: RunningNodeRed | undefined;

  before(async () => {
    home = await startSampleHome();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'soon', from: 5, to: 7 }]) };
  });
  afterEach(async () => {
    await node?.stop();
    node = undefined;
    home.received.length = 0;
  });
  after(async () => {
    await home.close();
    removeScratch();
  });

  const start = async (site: object): Promise<RunningNodeRed> => {
    const units = ['unit', 'unit', 'unit'];
    const flows = flowsFor(home).map((one) => {
      const { id } = one as { id: string };
      if (id === 'site') return { ...one, ...site };
      if (id === 'lock') return { ...one, units };
      return id === 'feed' ? { ...one, x: 200, y: 100 } : one;
    });
    const credentials = { site: { siteKey: '5c'.repeat(32) }, feed: { url: `${home.url}/calendar.ics` } };
    node = await startNodeRed({ userDir: scratchFolder(), flows, credentials });
    return node;
  };
  const of = (from: string): FlowMessage[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg);

  it('opens early and late by its buffers, and tells the guest the times that were booked', async () => {
    await start({ beforeMinutes: '60', afterMinutes: '30' });
    await home.waitFor(() => of('guest').length === 1);
    const { code, payload } = of('guest')[0] as FlowMessage & { code: { startsAt: string; endsAt: string } };
    assert.equal(Date.parse(code.startsAt), instant(5, 14));
    assert.equal(Date.parse(code.endsAt), instant(7, 12));
    assert.match(String(payload), /15:00[^]*11:00/u);
  });

  it('gives no code under buffers that are none, and says what it expected', async () => {
    const started = await start({ beforeMinutes: '121' });
    await home.waitFor(() => of('host').length > 0);
    assert.equal((of('host')[0] as unknown as { problem: { reason: string } }).problem.reason, 'no-rules');
    assert.match(started.logs(), /buffer: expected whole minutes from 0 to 120, got 121/u);
  });

  describe('its dialog', () => {
    let browser: Browser;
    before(async function () {
      needsChromium(this);
      browser = await launchBrowser();
    });
    after(() => browser.close());

    it('shows the odds of a flat and of its fullest door while the rules are typed, and narrows them', async () => {
      const { url } = await start({});
      const editor = await openEditor(browser, url);
      const { page } = editor;
      await editor.open('feed');
      await editor.openConfig('unit');
      await editor.openConfig('site');
      const odds = page.locator('#stay-site-odds');
      await odds.getByText('Door with 3 units').waitFor();
      const before = await odds.innerText();
      assert.match(before, /One flat: opens in 1 of [\d,.]+ cases/u);
      await odds.getByText('More than 1 % a year').waitFor();
      await page.locator('#node-config-input-maxNights').fill('0');
      await odds.getByText('nights: expected whole numbers').waitFor();
      await page.locator('#stay-site-street-door').click();
      await page.waitForFunction(
        () => !document.querySelector('#stay-site-odds')?.textContent.includes('More than'),
      );
      await odds.getByText('Door with 3 units').waitFor();
      assert.equal(await page.locator('#node-config-input-pinDigits').inputValue(), '8');
      await page.locator('#node-config-input-beforeMinutes').fill('30');
      await editor.save(3);
      await editor.open('feed');
      await editor.openConfig('unit');
      await editor.openConfig('site');
      const values = ['maxNights', 'pinDigits', 'beforeMinutes', 'clockLost'].map((name) =>
        page.locator(`#node-config-input-${name}`).inputValue(),
      );
      assert.deepEqual(await Promise.all(values), ['14', '8', '30', 'grace']);
      assert.deepEqual(editor.errors, []);
    });
  });
});
