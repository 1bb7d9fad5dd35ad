/** The way of someone who has never seen it, from an empty canvas to a code: three nodes, one address, all else as it stands. */
import type { Editor } from '../support/editor.ts';

/** Resolves once the debug sidebar has a guest's message. */
export async function makeFirstCode(editor: Editor, calendar: string): Promise<void> {
  const { page } = editor;
  const feed = await editor.add('stay-feed', { x: 150, y: 100 });
  const code = await editor.add('stay-code', { x: 350, y: 100 });
  const debug = await editor.add('debug', { x: 550, y: 100 });
  await editor.wire(feed, code);
  await editor.wire(code, debug);
  await editor.open(feed);
  await editor.openConfig('unit', 'add');
  await editor.openConfig('site', 'add');
  await editor.save(2);
  await page.locator('#node-input-url').fill(calendar);
  await page.locator('#node-input-allowPrivate').check();
  await editor.save();
  await editor.deploy();
  await page.locator('.red-ui-debug-msg', { hasText: 'door code' }).waitFor({ state: 'attached' });
}
