import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { openEditor, type Theme } from '../../support/editor.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type BoardHome, startBoardHome } from './board-home.ts';

describe('the sidebar of stays in the editor', function () {
  this.timeout(60_000);
  let browser: Browser;
  let home: BoardHome;
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    home = await startBoardHome(scratchFolder());
    started.push({ stop: () => home.node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    await home.book({ id: 'in-house', from: -2, to: 1, name: 'Ada Byron' });
    await home.book({
      id: 'maybe',
      unit: 'flat-b',
      from: 0,
      to: 3,
      name: 'Mary Shelley',
      status: 'tentative',
    });
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  for (const theme of ['light', 'dark'] satisfies Theme[]) {
    it(`shows what needs the host and who comes and goes today, in the ${theme} theme`, async () => {
      const editor = await openEditor(browser, home.node.url, { theme });
      const { page } = editor;
      await page.evaluate("RED.sidebar.show('staycode')");
      const sidebar = page.locator('.staycode-sidebar');
      await sidebar.locator('[data-list=warnings] a', { hasText: 'Flat B' }).waitFor();
      assert.match((await sidebar.locator('[data-list=warnings]').textContent()) ?? '', /not confirmed yet/u);
      assert.match(
        (await sidebar.locator('[data-list=arrivals]').textContent()) ?? '',
        /15:00Flat B Mary ShelleyNot confirmed/u,
      );
      assert.match(
        (await sidebar.locator('[data-list=departures]').textContent()) ?? '',
        /^Departures today/u,
      );
      const { violations } = await new AxeBuilder({ page }).include('.staycode-sidebar').analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(
        serious.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
        [],
      );
      assert.deepEqual(editor.errors, []);
      await editor.close();
    });
  }

  it('speaks the language of the editor', async () => {
    const context = await browser.newContext({ locale: 'de-DE' });
    const page = await context.newPage();
    await page.goto(home.node.url);
    await page.locator('[data-tab-id="staycode"][aria-label="Aufenthalte"]').waitFor();
    await page.evaluate("RED.sidebar.show('staycode')");
    await page.locator('.staycode-sidebar').getByText('Tafel öffnen').waitFor();
    await context.close();
  });

  it('follows what happens, and leads to the stay on the board', async () => {
    const editor = await openEditor(browser, home.node.url);
    const { page } = editor;
    await page.evaluate("RED.sidebar.show('staycode')");
    await home.book({ id: 'today', unit: 'flat-a', from: 0, to: 2, name: 'Grace Hopper' });
    const item = page.locator('.staycode-sidebar [data-list=arrivals] a', { hasText: 'Grace Hopper' });
    await item.waitFor();
    const opening = page.context().waitForEvent('page');
    await item.click();
    const board = await opening;
    await board.locator('#panel[open]').getByText('Grace Hopper').waitFor();
    await editor.close();
  });
});
