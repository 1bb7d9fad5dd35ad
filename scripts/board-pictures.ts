/** Makes the pictures of the board and of the sidebar, from a house of forty flats that is nobody's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { writeBusyHouse } from '../test/support/busy-house.ts';
import { openEditor } from '../test/support/editor.ts';
import { startNodeRed } from '../test/support/node-red.ts';

const DESK = { width: 1600, height: 1000 };
const PHONE = { width: 390, height: 844 };

export async function pictureBoard(browser: Browser, pictures: string): Promise<void> {
  const userDir = mkdtempSync(join(tmpdir(), 'staycode-board-'));
  const house = writeBusyHouse({ userDir, units: 40, stays: 8, zone: 'Europe/Berlin', nowMs: Date.now() });
  const node = await startNodeRed({ userDir, ...house });
  const open = async (viewport: typeof DESK, colorScheme: 'light' | 'dark'): Promise<Page> => {
    const deviceScaleFactor = viewport === PHONE ? 2 : 1;
    const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor, locale: 'en' });
    await page.goto(`${node.url}/staycode/board/`);
    await page.locator('.row').first().waitFor();
    await page.waitForTimeout(500);
    return page;
  };
  const shoot = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: join(pictures, `${name}.png`) });
    await page.context().close();
  };
  try {
    for (const theme of ['light', 'dark'] as const) await shoot(await open(DESK, theme), `board-${theme}`);
    await shoot(await open(PHONE, 'light'), 'board-phone');
    const panel = await open({ width: 1280, height: 900 }, 'light');
    await panel.locator('.stay[data-state="verified"]').nth(2).click();
    await panel.locator('[data-act="change-times"]').click();
    await panel.locator('.outcome:not(:empty)').waitFor();
    await shoot(panel, 'board-panel');
    await pictureSidebar(browser, node.url, join(pictures, 'sidebar.png'));
  } finally {
    await node.stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

async function pictureSidebar(browser: Browser, url: string, path: string): Promise<void> {
  const editor = await openEditor(browser, url);
  const { page } = editor;
  await page.evaluate("RED.sidebar.show('staycode')");
  await page.locator('.staycode-sidebar [data-list=arrivals] li').first().waitFor();
  // The lower half of the sidebar is another tab's.
  await page.locator('button[data-tab-id="debug"]').click();
  await page.mouse.move(600, 400);
  await page.waitForTimeout(800);
  await page.screenshot({ path });
  await editor.close();
}
