import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { findSerious } from '../../support/axe.ts';
import { launchBrowser } from '../../support/browser.ts';
import { type Editor, openEditor } from '../../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { flowsFor } from '../sample-flow.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';

/** A node of the deployed flow: people of a site, or their ids at a lock. */
interface Flow<Staff = unknown> {
  readonly id: string;
  readonly staff?: readonly Staff[];
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly keyVersion: string;
}

describe('staff in the dialogs of site and lock', function () {
  this.timeout(120_000);
  let home: SampleHome;
  let browser: Browser;
  let node: RunningNodeRed;
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    home = await startSampleHome();
    started.push({ stop: () => home.close() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
  });
  beforeEach(async () => {
    const verify = {
      ...{ id: 'verify', z: 'tab', type: 'stay-verify', source: 'lock', lock: 'lock', property: 'payload' },
      ...{ groups: 'whole', x: 300, y: 200, wires: [[], [], []] },
    };
    // The editor asks before it deploys what is not complete, or not all written down, as these two.
    const complete = flowsFor(home).filter((one) => !['bare', 'poll'].includes((one as { id: string }).id));
    node = await startNodeRed({
      ...{ userDir: scratchFolder(), flows: [...complete, verify] },
      credentials: { site: { siteKey: '5c'.repeat(32) }, feed: { url: `${home.url}/calendar` } },
    });
  });
  afterEach(() => node.stop());
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const openLock = async (editor: Editor): Promise<void> => {
    await editor.open('verify');
    await editor.openConfig('lock');
  };
  const openSite = async (editor: Editor): Promise<void> => {
    await openLock(editor);
    await editor.openConfig('site');
  };
  const row = (page: Page, at: number) => page.locator('#stay-site-staff > li').nth(at);
  const add = async (page: Page, name: string): Promise<void> => {
    await page.locator('.red-ui-editableList-addButton').click();
    await page.locator('.stay-site-staff-name').last().fill(name);
  };
  /** The editor's button is done a moment before Node-RED is. */
  const deploy = async (editor: Editor): Promise<void> => {
    const taken = editor.page.waitForResponse(
      (one) => one.request().method() === 'POST' && one.url().endsWith('/flows'),
    );
    await editor.deploy();
    await (await taken).finished();
  };
  const staffOf = async <Staff>(id: string): Promise<readonly Staff[]> => {
    const flows = (await (await fetch(`${node.url}/flows`)).json()) as Flow<Staff>[];
    return flows.find((one) => one.id === id)?.staff ?? [];
  };

  for (const theme of ['light', 'dark'] as const) {
    it(`are named on the site and ticked at the lock, each counting in the odds, in the ${theme} theme`, async () => {
      const editor = await openEditor(browser, node.url, { theme });
      const { page } = editor;
      await openSite(editor);
      const odds = page.locator('#stay-site-odds');
      await odds.getByText('1 of 1,000,000 cases').waitFor();
      await add(page, 'Clara');
      await add(page, 'Tom');
      await row(page, 1).locator('.stay-site-staff-doors').selectOption('chosen');
      await row(page, 1).locator('.stay-site-staff-digits').selectOption('6');
      await odds.getByText('1 of 166,667 cases').waitFor();
      await odds.getByText('More than 1 % a year').waitFor();
      assert.deepEqual(await findSerious(page, '.red-ui-tray:last-child .form-row ol'), []);
      await editor.save();
      // Back in the lock's dialog, which knows of them at once.
      const box = (name: string) => page.locator('#stay-lock-staff').getByLabel(name);
      await box('Clara (opens every door)').waitFor();
      assert.ok(await box('Clara (opens every door)').isDisabled());
      assert.ok(await box('Clara (opens every door)').isChecked());
      await page.locator('#stay-lock-odds').getByText('1 of 1,000,000 cases').waitFor();
      await box('Tom').check();
      await page.locator('#stay-lock-odds').getByText('1 of 166,667 cases').waitFor();
      assert.deepEqual(await findSerious(page, '#stay-lock-staff'), []);
      await editor.save(2);
      await deploy(editor);
      const [clara, tom] = await staffOf<Person>('site');
      assert.deepEqual(
        { ...tom, id: '' },
        { id: '', name: 'Tom', doors: 'chosen', digits: '6', keyVersion: '1' },
      );
      assert.notEqual(clara?.id, tom?.id);
      assert.match(tom?.id ?? '', /^[0-9a-f]{16}$/u);
      assert.deepEqual(await staffOf('lock'), [tom?.id]);
      await openLock(editor);
      assert.ok(await box('Tom').isChecked());
      await editor.openConfig('site');
      await row(page, 1).locator('.red-ui-editableList-item-remove').click();
      await row(page, 0).locator('.stay-site-staff-keyVersion').fill('2');
      await editor.save(3);
      await deploy(editor);
      assert.deepEqual(await staffOf('site'), [{ ...clara, keyVersion: '2' }]);
      assert.deepEqual(await staffOf('lock'), []);
      assert.deepEqual(editor.errors, []);
    });
  }

  it('are marked where two have one name, and where a version is none', async () => {
    const editor = await openEditor(browser, node.url);
    const { page } = editor;
    const isMarked = async (): Promise<boolean> =>
      page.evaluate(() => {
        const { RED } = globalThis as unknown as { RED: { nodes: { node(id: string): { valid: boolean } } } };
        return !RED.nodes.node('site').valid;
      });
    await openSite(editor);
    await add(page, 'Clara');
    await add(page, 'Clara');
    await editor.save();
    assert.ok(await isMarked());
    await editor.openConfig('site');
    await row(page, 1).locator('.stay-site-staff-name').fill('Tom');
    await editor.save();
    assert.ok(!(await isMarked()));
    await editor.openConfig('site');
    await row(page, 1).locator('.stay-site-staff-keyVersion').fill('0');
    await editor.save();
    assert.ok(await isMarked());
    assert.deepEqual(editor.errors, []);
  });
});
