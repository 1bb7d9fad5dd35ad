import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRules, DEFAULT_HOUSE_RULES, reconcile, wantReservation } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import type { Browser, Page } from 'playwright-core';
import { findSerious } from '../../support/axe.ts';
import { launchBrowser, PHONE } from '../../support/browser.ts';
import { writeBusyHouse } from '../../support/busy-house.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type BoardLook, openBoard as openBoardAt } from './board-home.ts';

const ZONE = 'Europe/Berlin';
const UNITS = 40;
const STAYS = 8;

interface Look extends Pick<BoardLook, 'colorScheme' | 'locale'> {
  readonly width?: number;
  readonly height?: number;
}

describe('the board', function () {
  this.timeout(60_000);
  let browser: Browser;
  let node: RunningNodeRed;
  let userDir: string;
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    userDir = scratchFolder();
    const house = writeBusyHouse({ userDir, units: UNITS, stays: STAYS, zone: ZONE, nowMs: Date.now() });
    node = await startNodeRed({ userDir, ...house });
    started.push({ stop: () => node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const pages: Page[] = [];
  const errors: string[] = [];
  const openBoard = async ({ width = 1600, height = 1000, ...look }: Look = {}): Promise<Page> => {
    const page = await openBoardAt(browser, node.url, { viewport: { width, height }, errors, ...look });
    pages.push(page);
    await page.locator('.row').first().waitFor();
    return page;
  };
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    assert.deepEqual(errors.splice(0), []);
  });

  it('shows a row for each of forty units, by number, and every stay in sight as a bar', async () => {
    const page = await openBoard();
    const names = await page.locator('.unit').allTextContents();
    assert.deepEqual(
      names,
      Array.from({ length: UNITS }, (_, i) => `Flat ${i + 1}`),
    );
    await page.locator('#days').selectOption('60');
    await page.locator('#earlier').click();
    const earlier = await page
      .locator('.stay[data-stay]')
      .evaluateAll((bars) => bars.map((bar) => bar.dataset.stay));
    await page.locator('#later').click();
    const later = await page
      .locator('.stay[data-stay]')
      .evaluateAll((bars) => bars.map((bar) => bar.dataset.stay));
    const seen = new Set([...earlier, ...later].filter((id) => !id?.endsWith('-again')));
    assert.equal(seen.size, UNITS * STAYS);
  });

  it('tells every state by a shape and words of its own', async () => {
    const page = await openBoard();
    const found = await page
      .locator('#rows .stay')
      .evaluateAll((bars) =>
        bars.map((bar) => [
          bar.dataset.state,
          bar.querySelector('path')?.getAttribute('d'),
          bar.ariaLabel?.split(': ').at(-1),
        ]),
      );
    const shapes = new Map(found.map(([state, path]) => [state, path]));
    assert.deepEqual([...shapes.keys()].sort(), [
      'conflict',
      'created',
      'expired',
      'held',
      'revoked',
      'set',
      'setting',
      'verified',
    ]);
    assert.equal(new Set(shapes.values()).size, shapes.size);
    assert.deepEqual(
      [...new Set(found.filter(([state]) => state === 'held').map(([, , words]) => words))],
      ['Not paid'],
    );
  });

  it('puts who has no code before all others', async () => {
    const page = await openBoard();
    const [first] = await page.locator('#warnings-list li').allTextContents();
    assert.match(first ?? '', /^Flat \d+ .*The booking is not paid\./u);
    assert.match((await page.locator('#arrivals-list li').first().textContent()) ?? '', /Not paid$/u);
    assert.match((await page.locator('#departures-list').textContent()) ?? '', /next guest today 15:00/u);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has nothing serious for axe in the ${colorScheme} theme, on a desk and on a phone, the panel open too`, async () => {
      for (const size of [{ width: 1600, height: 1000 }, PHONE]) {
        const page = await openBoard({ ...size, colorScheme });
        // Eleven units with stays in every state: axe takes its time.
        await page.locator('#search').fill('flat 1');
        assert.deepEqual(await findSerious(page), []);
        await page.locator('.stay[data-state="held"]').first().click();
        await page.locator('#panel[open]').waitFor();
        assert.deepEqual(await findSerious(page), []);
      }
    });
  }

  it('is no wider than a small phone, in either language', async () => {
    const german = await openBoard({ ...PHONE, locale: 'de-DE' });
    assert.equal(await german.evaluate('document.documentElement.scrollWidth'), PHONE.width);
    const page = await openBoard(PHONE);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
    const low = await page
      .locator('#rows .stay')
      .evaluateAll((bars) => bars.filter((bar) => bar.getBoundingClientRect().height < 24));
    assert.equal(low.length, 0);
  });

  it('is walked through with keys alone: one stop for the calendar, arrows within, Enter and Escape', async () => {
    const page = await openBoard();
    await page.locator('#days').focus();
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await page.keyboard.press('Home');
    assert.equal(await focused(), 'Flat 1');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Flat 2');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const label = await focused();
    assert.match(label, /^\S+ \S+, Flat 2, \w+,? \d+ \w+,? \d\d:00 to /u);
    await page.keyboard.press('Enter');
    await page.locator('#panel[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#panel:not([open])').waitFor({ state: 'attached' });
    assert.equal(await focused(), label);
    await page.keyboard.press('PageDown');
    assert.match(await focused(), /Flat 2/u);
    await page.keyboard.press('Tab');
    assert.doesNotMatch(await focused(), /Flat/u);
  });

  it('keeps the panel closed where news comes in the moment that it is closed', async () => {
    const page = await openBoard();
    await page.locator('.stay[data-state="held"]').first().click();
    await page.locator('#panel[open]').waitFor();
    await page.evaluate(() => {
      document.querySelector<HTMLDialogElement>('#panel')?.close();
      dispatchEvent(new HashChangeEvent('hashchange'));
    });
    await page.waitForFunction(() => location.hash === '');
    assert.equal(await page.locator('#panel[open]').count(), 0);
    await page.locator('.stay[data-state="held"]').first().click();
    await page.locator('#panel[open]').waitFor();
  });

  it('leaves the focus where a key has put it in the moment that the panel is closed', async () => {
    const page = await openBoard();
    const bar = page.locator('.stay[data-state="held"]').first();
    const row = (await bar.getAttribute('aria-label'))?.match(/Flat \d+/u)?.[0] ?? '';
    await bar.click();
    await page.locator('#panel[open]').waitFor();
    await page.evaluate(() => {
      document.querySelector<HTMLDialogElement>('#panel')?.close();
      const key = new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true });
      document.activeElement?.dispatchEvent(key);
    });
    await page.waitForFunction(() => location.hash === '');
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    assert.ok(row !== '' && focused.includes(row), focused);
  });

  it('finds a unit or a guest', async () => {
    const page = await openBoard();
    await page.locator('#search').fill('flat 33');
    assert.deepEqual(await page.locator('.unit').allTextContents(), ['Flat 33']);
    await page.locator('#search').fill('no such');
    await page.getByText('No unit or guest is called “no such”.').waitFor();
  });

  it('shows what comes into the register without a reload, and keeps the focus', async () => {
    const page = await openBoard();
    await page.locator('.stay').nth(3).focus();
    const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    const startsAtMs = Math.ceil(Date.now() / 86_400_000 + 2) * 86_400_000 + 14 * 3_600_000;
    const news = wantReservation(
      {
        id: 'late-one',
        startsAtMs,
        endsAtMs: startsAtMs + 20 * 3_600_000,
        guestName: 'Late',
        status: 'confirmed',
      },
      { source: 'hand' },
    );
    store.changeUnit('flat-40', (records) =>
      reconcile({
        ...{
          ...records,
          unit: { unitId: 'flat-40', keyVersion: 1, alphabet: 'decimal' },
          zone: ZONE,
          hasKey: true,
        },
        ...{ rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone: ZONE }), nowMs: Date.now() },
        ...{ news: [news], newId: () => crypto.randomUUID() },
      }),
    );
    store.close();
    await page.locator('.stay[data-stay="late-one"]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), label);
  });

  it('says that it has lost Node-RED, and follows it again once it is back', async () => {
    const page = await openBoard();
    const port = Number(new URL(node.url).port);
    await node.stop();
    await page.locator('body[data-live="lost"]').waitFor();
    await page.getByText('Connection lost').waitFor();
    node = await startNodeRed({ userDir, port });
    await page.locator('body[data-live="live"]').waitFor({ timeout: 20_000 });
    // The browser's own word on the broken connection is no fault of the page.
    errors.splice(0);
  });

  it('speaks the language of the browser, and every word is there in each', async () => {
    const page = await openBoard({ locale: 'de-DE' });
    await page.getByText('Braucht Sie', { exact: true }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    const keys = (language: string): string[] =>
      [
        ...readFileSync(
          join(import.meta.dirname, `../../../node-red-nodes/plugins/stay-board/page/words/${language}.js`),
          'utf8',
        ).matchAll(/^ {2}'?([\w.-]+)'?:/gmu),
      ].map(([, key]) => key ?? '');
    assert.deepEqual(keys('de'), keys('en'));
  });
});
