/** Makes the pictures in docs/pictures from the running demo: `npm run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHome } from '../demo/home.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { openEditor } from '../test/support/editor.ts';
import { pictureBoard } from './board-pictures.ts';
import { pictureDialogs } from './picture-dialogs.ts';
import { pictureHomebridge } from './picture-homebridge.ts';

const pictures = join(import.meta.dirname, '../docs/pictures');
mkdirSync(pictures, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'staycode-pictures-'));
const home = await startHome({ folder });
const browser = await launchBrowser();
try {
  await pictureKeypad();
  await pictureFlow();
  await pictureDialogs(browser, home.urls.nodeRed, pictures);
  await pictureBoard(browser, pictures);
  await pictureHomebridge(browser, folder, pictures);
} finally {
  await browser.close();
  await home.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function pictureKeypad(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  await page.goto(home.urls.keypad);
  await page.locator('#bolt-text', { hasText: 'Locked' }).waitFor();
  await waitForCode();
  const now = Date.now();
  const running = home.ota.messages.find(
    ({ code }) => Date.parse(code.startsAt) <= now && now < Date.parse(code.endsAt),
  );
  for (const digit of running?.code.digits ?? '') await page.keyboard.press(digit);
  await page.keyboard.press('Enter');
  await page.locator('#signal-text', { hasText: 'Opened' }).waitFor();
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(pictures, 'keypad.png') });
}

async function pictureFlow(): Promise<void> {
  const editor = await openEditor(browser, home.urls.nodeRed);
  const { page } = editor;
  await page.setViewportSize({ width: 1600, height: 560 });
  await page.locator('#red-ui-palette-search input').pressSequentially('stay');
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(pictures, 'flow.png') });
  await editor.close();
}

async function waitForCode(): Promise<void> {
  while (home.ota.messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 100));
}
