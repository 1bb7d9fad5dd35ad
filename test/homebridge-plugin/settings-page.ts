/** Our settings page in the real Homebridge UI, opened as a person does. */
import type { Browser, Frame, Page } from 'playwright-core';

export interface SettingsPage {
  readonly page: Page;
  /** Where the page itself lies. */
  readonly frame: Frame;
  /** What the pages complained of. */
  readonly errors: readonly string[];
  /** Presses the dialog's own button and waits until the config is written. */
  save(): Promise<void>;
  close(): Promise<void>;
}

/** From the list of plugins to the dialog, until the locks have been looked for. */
export async function openSettings(
  browser: Browser,
  url: string,
  size = { width: 1100, height: 1250 },
): Promise<SettingsPage> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(`${url}/plugins`, { waitUntil: 'domcontentloaded' });
  const card = page.locator('app-plugin-card', { hasText: 'homebridge-staycode' });
  await card.locator('.dropdown-toggle').click();
  await card.getByText('Plugin Config').click();
  const element = await page.waitForSelector('iframe');
  const frame = await element.contentFrame();
  if (!frame) throw new Error('the settings page has no frame');
  await frame.locator('#look:enabled').waitFor();
  return {
    ...{ page, frame, errors },
    save: async () => {
      const written = page.waitForResponse(
        (answer) => answer.request().method() === 'POST' && answer.url().includes('/config-editor/'),
      );
      await page.locator('.modal-footer').getByRole('button', { name: 'Save' }).click();
      await written;
    },
    close: () => context.close(),
  };
}
