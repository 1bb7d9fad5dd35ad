import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findSerious } from '../../support/axe.ts';
import { launchBrowser, PHONE } from '../../support/browser.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { dayText } from '../sample-feed.ts';
import { type BoardHome, openBoard, startBoardHome } from './board-home.ts';

const STAFF = [
  { id: 'c1', name: 'Clara', doors: 'all', digits: '8', keyVersion: '1' },
  { id: 't1', name: 'Tom', doors: 'chosen', digits: '6', keyVersion: '3' },
];
const PASSWORD = 'correct horse';
const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [{ width: 1280, height: 900 }, PHONE].map((viewport) => ({ colorScheme, viewport })),
);

describe('every window of the board, for axe and for its width', function () {
  this.timeout(240_000);
  let browser: Browser;
  let home: BoardHome;
  let guarded: BoardHome;
  const started: { stop(): Promise<void> }[] = [];

  const act = async (name: string, body: object): Promise<void> => {
    const response = await fetch(`${home.node.url}/staycode/board/api/host/acts/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ why: 'for the test', ...body }),
    });
    assert.equal(response.status, 200, await response.text());
  };

  before(async function () {
    needsChromium(this);
    home = await startBoardHome(scratchFolder(), { staff: STAFF });
    started.push({ stop: () => home.node.stop() });
    guarded = await startBoardHome(scratchFolder(), { settings: { adminAuth: reader() } });
    started.push({ stop: () => guarded.node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    const iso = (days: number): string => dayText(days).replace(/(....)(..)(..)/u, '$1-$2-$3');
    await home.book({ id: 'in-house', from: -1, to: 1, name: 'Ada Byron' });
    await home.book({
      id: 'maybe',
      unit: 'flat-b',
      from: 2,
      to: 4,
      name: 'Mary Shelley',
      status: 'tentative',
    });
    await home.book({ id: 'back', unit: 'flat-b', from: 0, to: 1, name: 'Grace Hopper' });
    await home.book({ id: 'later', unit: 'flat-b', from: 40, to: 42, name: 'Mary Shelley' });
    await act('show-code', { unitId: 'flat-b', stayId: 'back' });
    await act('revoke', { unitId: 'flat-b', stayId: 'back' });
    await act('add-stay', { unitId: 'flat-b', name: 'Vera', from: `${iso(5)}T15:00`, to: `${iso(6)}T11:00` });
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  for (const { colorScheme, viewport } of LOOKS) {
    const look = `in the ${colorScheme} theme, ${viewport.width} wide`;
    const openPage = (url: string): Promise<Page> => openBoard(browser, url, { viewport, colorScheme });

    it(`has nothing serious in the windows of the house ${look}`, async () => {
      const page = await openPage(home.node.url);
      await page.locator('.row').first().waitFor();
      const found = new Faults(page, '#window');
      const tool = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
      await tool('Units');
      await found.look('units');
      const plan = page.getByRole('button', { name: 'Look at what it changes' });
      await page.locator('#window textarea').fill('unit_id,keypad\nflat-9,hex\n');
      await plan.click();
      await page.locator('.faults').waitFor();
      await found.look('units, faults');
      await page.locator('#window textarea').fill('unit_id,name\nflat-9,Flat 9\nflat-a,Flat A\n');
      await plan.click();
      await page.locator('#window tbody').waitFor();
      await found.look('units, what it changes');
      await page.keyboard.press('Escape');
      await tool('Lock files');
      await page.locator('.lock-list').waitFor();
      await page.locator('[name=passphrase]').fill('long enough');
      await page.locator('[name=again]').fill('another one');
      await page.locator('#window form .main').click();
      await page.getByText('The two are not the same.').waitFor();
      await found.look('lock files');
      await page.keyboard.press('Escape');
      await tool('Staff');
      await page.locator('.people').waitFor();
      await found.look('staff');
      await page.getByRole('button', { name: 'Show QR code: Clara' }).click();
      await page.locator('.qr').waitFor();
      await found.look('staff, QR code');
      await page.keyboard.press('Escape');
      await tool('Add a stay');
      await page.locator('#window .outcome:not(:empty), #window .problem:not(:empty)').first().waitFor();
      await found.look('add a stay');
      await page.locator('#window [name=to]').fill('2026-01-01T11:00');
      await page.locator('#window .problem:not(:empty)').waitFor();
      await found.look('add a stay, refused');
      assert.deepEqual(found.all, []);
      await page.context().close();
    });

    it(`has nothing serious in the panel and the form of every act ${look}`, async () => {
      const page = await openPage(home.node.url);
      await page.locator('.row').first().waitFor();
      const found = new Faults(page, '#panel');
      const forms = new Set<string>();
      const openForms = async (of: string): Promise<void> => {
        await page.locator('#panel .acts button').first().waitFor();
        const names = await page
          .locator('#panel .acts button')
          .evaluateAll((buttons) => buttons.map((button) => button.dataset.act ?? ''));
        for (const name of names) {
          if (forms.has(name)) continue;
          forms.add(name);
          await page.locator(`#panel [data-act="${name}"]`).click();
          await page.locator('#panel .act-form').waitFor();
          await found.look(`${of}, ${name}`);
          await page.locator('#panel form').getByRole('button', { name: 'Cancel' }).click();
        }
      };
      const openPanel = async (hash: string): Promise<void> => {
        await page.evaluate((to) => {
          location.hash = to;
        }, hash);
        await page.locator('#panel .detail section').first().waitFor();
      };
      const vera = await page.locator('.stay[aria-label^="Vera"]').getAttribute('data-stay');
      const closePanel = async (): Promise<void> => {
        await page.keyboard.press('Escape');
        // What is closed takes itself out of the address a moment later.
        await page.waitForFunction(() => location.hash === '' && !document.querySelector('#panel[open]'));
      };
      for (const stay of ['in-house', 'maybe', 'back', vera, 'later', '']) {
        const hash = `flat-${stay === 'in-house' ? 'a' : 'b'}/${stay}`;
        await openPanel(hash);
        await found.look(hash);
        await openForms(hash);
        await closePanel();
      }
      assert.deepEqual(
        [...forms].sort(),
        [
          ...[
            'add-stay',
            'allow',
            'backup',
            'change-times',
            'clock-code',
            'cleaned',
            'make-backups',
            'new-code',
          ],
          ...['one-time-code', 'print-backups', 'remove-stay', 'restore', 'revoke', 'send-again', 'told'],
        ].sort(),
      );
      await openPanel('flat-a/in-house');
      await page.getByRole('button', { name: 'Show code and message' }).click();
      await page.locator('#panel .digits').first().waitFor();
      await page.locator('#panel summary').click();
      await found.look('the code and the message');
      await closePanel();
      await openPanel('flat-a/');
      await page.locator('[data-act="clock-code"]').click();
      await page.locator('#panel form .main').click();
      await page.locator('#panel .result').waitFor();
      await found.look('what came of an act');
      await page.getByRole('button', { name: 'Done' }).click();
      await page.locator('[data-act="print-backups"]').click();
      await page.locator('#panel form .main').click();
      await page.locator('.sheet').waitFor();
      await found.look('backup codes for paper', '#window');
      assert.deepEqual(found.all, []);
      await page.context().close();
    });

    it(`has nothing serious where one signs in ${look}`, async () => {
      const page = await openPage(guarded.node.url);
      const found = new Faults(page);
      await page.locator('[name=password]').waitFor();
      await found.look('sign in');
      const signIn = async (password: string): Promise<void> => {
        await page.locator('[name=name]').fill('reed');
        await page.locator('[name=password]').fill(password);
        await page.keyboard.press('Enter');
      };
      await signIn('wrong');
      await page.getByText('That name and password are not known.').waitFor();
      await found.look('wrong password');
      await signIn(PASSWORD);
      await page.getByText('may not see this board').waitFor();
      await found.look('not allowed');
      assert.deepEqual(found.all, []);
      await page.context().close();
    });
  }
});

/** What axe found, with the window that it is in; and what would have to be pushed sideways to be read. */
class Faults {
  readonly all: string[] = [];
  readonly #page: Page;
  readonly #within: string | undefined;

  constructor(page: Page, within?: string) {
    this.#page = page;
    this.#within = within;
  }

  async look(window: string, within: string | undefined = this.#within): Promise<void> {
    const found = await findSerious(this.#page, within);
    this.all.push(...found.map((fault) => `${window}: ${fault}`));
    const part = this.#page.locator(within ?? 'html');
    if (await part.evaluate((element) => element.scrollWidth > element.clientWidth))
      this.all.push(`${window}: wider than its place`);
  }
}

/** Somebody who may read flows and nothing of the board. */
function reader(): object {
  const root = join(import.meta.dirname, '../../..');
  const require = createRequire(join(root, 'node_modules/@node-red/editor-api/package.json'));
  const { hashSync } = require('bcryptjs') as { hashSync: (text: string, rounds: number) => string };
  const users = [{ username: 'reed', permissions: ['read'], password: hashSync(PASSWORD, 4) }];
  return { type: 'credentials', users };
}
