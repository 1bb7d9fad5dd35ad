/** The dialogs of the nodes as a host sees them, from the demo's own flow. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type Editor, openEditor } from '../test/support/editor.ts';

/** The calendar after its test, the site with its odds, in the dark too, and what makes and words the codes. */
export async function pictureDialogs(browser: Browser, url: string, pictures: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    const editor = await openEditor(browser, url, { theme });
    await editor.open(await editor.idOf('stay-feed'));
    await editor.page.locator('#stay-feed-test').click();
    await editor.page.locator('#stay-feed-test-result li, #stay-feed-test-result tr').first().waitFor();
    await picture(editor, join(pictures, `dialog-feed-${theme}.png`));
    await editor.openConfig('unit');
    await editor.openConfig('site');
    await editor.page.locator('#stay-site-odds', { hasText: 'One flat' }).waitFor();
    await picture(editor, join(pictures, `dialog-site-${theme}.png`));
    await editor.cancel(3);
    await editor.open(await editor.idOf('stay-code'));
    await picture(editor, join(pictures, `dialog-code-${theme}.png`));
    await editor.cancel();
    await editor.close();
  }
}

async function picture({ page }: Editor, path: string): Promise<void> {
  await page.locator('.red-ui-tray').last().screenshot({ path });
}
