import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { type Editor, openEditor } from '../../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { dayText, sampleFeed } from '../sample-feed.ts';
import { flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';

const TOKEN = 'feed-token-55aa';
const BAD_EVENT =
  'BEGIN:VEVENT\r\nUID:bad@airbnb.com\r\nDTSTART;VALUE=DATE:20261399\r\nEND:VEVENT\r\nEND:VCALENDAR';

describe('the button that tests a calendar', function () {
  this.timeout(120_000);
  let home: SampleHome;
  let node: RunningNodeRed;
  let browser: Browser;
  let editor: Editor;
  let shown = (): Promise<string> => Promise.resolve('');

  before(async function () {
    needsChromium(this);
    home = await startSampleHome();
    const flows = flowsFor(home).map((one) =>
      'id' in one && one.id === 'feed' ? { ...one, x: 300, y: 100 } : one,
    );
    node = await startNodeRed({
      ...{ userDir: scratchFolder(), flows },
      credentials: { site: { siteKey: '5c'.repeat(32) }, feed: { url: `${home.url}/calendar-${TOKEN}` } },
    });
    browser = await launchBrowser();
    editor = await openEditor(browser, node.url);
    const result = editor.page.locator('#stay-feed-test-result');
    shown = () => result.innerText();
  });
  after(async () => {
    await browser.close();
    await node.stop();
    await home.close();
    removeScratch();
  });

  const press = async (text: string | RegExp): Promise<void> => {
    await editor.page.locator('#stay-feed-test').click();
    await editor.page.locator('#stay-feed-test-result', { hasText: text }).waitFor();
  };

  it('shows whose calendar it is, the stays with their nights, and bad entries with the reason, for the address that is kept', async () => {
    const body = sampleFeed([
      { uid: 'one', from: 2, to: 5 },
      { uid: 'two', from: 6, to: 8, summary: '<b>Ada</b>' },
    ]);
    home.feed = { ...home.feed, body: body.replace('END:VCALENDAR', BAD_EVENT) };
    await editor.open('feed');
    await press('Airbnb');
    const text = await shown();
    const day = dayText(2);
    const date = [day.slice(0, 4), day.slice(4, 6), day.slice(6)].join('-');
    assert.match(text, new RegExp(`${date} 15:00\\s+\\S+ 11:00\\s+3\\s+Reserved`, 'u'));
    assert.match(text, /Stays to come: 2\. Blocked: 0/u);
    assert.match(text, /<b>Ada<\/b>/u);
    assert.match(text, /Entries that are bad: 1\s+entry 3: expected a start/u);
  });

  it('takes an address as it is typed, before any deploy, and says what is wrong with it', async () => {
    const { page } = editor;
    home.feed = { status: 200, type: 'text/html', body: '<p>Log in</p>' };
    await page.locator('#node-input-url').fill(`${home.url}/calendar-new-${TOKEN}`);
    await press('This is not a calendar.');
    home.feed = { ...home.feed, status: 404 };
    await press(/cannot be read\.\s*feed at 127\.0\.0\.1:\d+: expected status 200, got 404/u);
    await page.locator('#node-input-allowPrivate').uncheck();
    await press('The calendar cannot be read.');
    assert.doesNotMatch(await shown(), new RegExp(TOKEN, 'u'));
    await editor.cancel();
    assert.doesNotMatch(node.logs(), new RegExp(TOKEN, 'u'));
    assert.deepEqual(editor.errors, []);
  });
});
