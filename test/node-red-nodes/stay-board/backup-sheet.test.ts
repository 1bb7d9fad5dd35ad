import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type BoardHome, openBoard, startBoardHome } from './board-home.ts';

describe('the list of backup codes for paper', function () {
  this.timeout(60_000);
  let browser: Browser;
  let home: BoardHome;
  let page: Page;
  const started: { stop(): Promise<void> }[] = [];
  const errors: string[] = [];

  before(async function () {
    needsChromium(this);
    home = await startBoardHome(scratchFolder());
    started.push({ stop: () => home.node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    page = await openBoard(browser, home.node.url, { errors });
    await page.locator('.unit button', { hasText: 'Flat B' }).click();
  });
  afterEach(() => {
    assert.deepEqual(errors.splice(0), []);
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const panel = () => page.locator('#panel');
  const sheet = () => page.locator('.sheet');
  const makeSheet = async (days: number): Promise<string[]> => {
    await panel().getByRole('button', { name: 'Print backup codes' }).click();
    await panel().locator('[name=days]').fill(String(days));
    await panel().getByRole('button', { name: 'Show the list' }).click();
    await sheet().waitFor();
    return sheet().locator('.code').allTextContents();
  };
  const close = async (): Promise<void> => {
    await page.locator('#window').getByRole('button', { name: 'Close' }).click();
    await sheet().waitFor({ state: 'detached' });
  };

  it('has a code a day, grouped, with unit, site, day and zone, and takes what was made ahead', async () => {
    await panel().getByRole('button', { name: 'Make backup codes' }).click();
    await panel().locator('[name=days]').fill('2');
    await panel().getByRole('button', { name: 'Make them' }).click();
    await panel().getByText('2 made; 2 can be drawn.').waitFor();
    await panel().getByRole('button', { name: 'Done' }).click();
    const codes = await makeSheet(3);
    assert.equal(codes.length, 3);
    for (const code of codes) assert.match(code, /^\d{4} \d{4} \d{4}$/u);
    const text = await sheet().innerText();
    assert.match(text, /^Flat B · Mill House\s+Times of UTC\. Made /u);
    const days = await sheet().locator('tbody th').allTextContents();
    assert.equal(new Set(days).size, 3);
    for (const day of days) assert.match(day, /^\w+,? \d+ \w+ \d{4}$/u);
    await close();
  });

  it('counts all of them as handed out: none is left to draw, the panel says so, and it is on record', async () => {
    await panel().getByText('None are made ahead.').waitFor();
    await panel().getByText('Backup codes printed · host').first().waitFor();
  });

  it('has the same digits when it is printed again, which open the door once, and which nobody else gets', async () => {
    const [today = ''] = await makeSheet(3);
    await close();
    assert.equal((await makeSheet(3))[0], today);
    await close();
    await panel().getByRole('button', { name: 'One-time code' }).click();
    await panel().locator('[name=forWhom]').fill('Plumber');
    await panel().locator('form .main').click();
    const drawn = (await panel().locator('.digits > span').first().textContent()) ?? '';
    assert.match(drawn, /^\d{4} \d{4} \d{4}$/u);
    assert.notEqual(drawn, today);
    await panel().getByRole('button', { name: 'Done' }).click();
    assert.equal(await home.type('b', today.replaceAll(' ', '')), 'opened one-time');
    assert.equal(await home.type('b', today.replaceAll(' ', '')), 'refused consumed');
  });

  it('is all that is printed, on as many pages as it takes, dark on white in the dark theme too', async () => {
    const codes = await makeSheet(80);
    assert.equal(codes.length, 80);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const gone of ['header.bar', '#main', '#panel', '.panel-head', '.sheet + .buttons'])
      assert.ok(await page.locator(gone).first().isHidden(), gone);
    const colours = await sheet().evaluate((element) => [
      getComputedStyle(element).color,
      getComputedStyle(document.body).backgroundColor,
    ]);
    assert.deepEqual(colours, ['rgb(27, 30, 35)', 'rgb(255, 255, 255)']);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    const pages = pdf.match(/\/Type \/Page\b/gu)?.length ?? 0;
    assert.ok(pages > 1, `${pages} pages`);
    await page.emulateMedia({ media: null, colorScheme: null });
    await close();
  });

  it('leaves nothing behind in the page, in a cache or in Node-RED’s log', async () => {
    const [today = ''] = await makeSheet(1);
    await close();
    assert.ok(!(await page.content()).includes(today));
    const answer = await fetch(`${home.node.url}/staycode/board/api/host/acts/print-backups`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ unitId: 'flat-b', days: 1 }),
    });
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.ok((await answer.text()).includes(today));
    assert.ok(!home.node.logs().includes(today.replaceAll(' ', '')));
  });
});
