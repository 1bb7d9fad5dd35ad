import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { holdsDigits } from '../../support/holds-digits.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type BoardHome, startBoardHome } from './board-home.ts';

const root = join(import.meta.dirname, '../../..');
const PASSWORD = 'correct horse';
const USERS = { hana: ['stay.host'], clara: ['stay.clean'], vik: ['stay.view'], reed: ['read'], ada: '*' };
const GUEST = 'Ada Byron';

/** What Node-RED itself hashes passwords with. */
function hash(password: string): string {
  const require = createRequire(join(root, 'node_modules/@node-red/editor-api/package.json'));
  const { hashSync } = require('bcryptjs') as { hashSync: (text: string, rounds: number) => string };
  return hashSync(password, 4);
}

describe('permissions on the board, where Node-RED asks to sign in', function () {
  this.timeout(60_000);
  let browser: Browser;
  let home: BoardHome;
  let digits: string;
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    const users = Object.entries(USERS).map(([username, permissions]) => ({
      ...{ username, permissions, password: hash(PASSWORD) },
    }));
    home = await startBoardHome(scratchFolder(), { settings: { adminAuth: { type: 'credentials', users } } });
    started.push({ stop: () => home.node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    await home.book({ id: 'in-house', from: -1, to: 1, name: GUEST });
    await home.book({
      id: 'maybe',
      unit: 'flat-b',
      from: 0,
      to: 3,
      name: 'Mary Shelley',
      status: 'tentative',
    });
    const [message] = await home.sent();
    digits = message?.code.digits ?? '';
    assert.match(digits, /^\d{12}$/u);
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const tokenOf = async (username: string): Promise<string> => {
    const response = await fetch(`${home.node.url}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ client_id: 'node-red-editor', grant_type: 'password', scope: '', username, password: PASSWORD },
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const ask = async (username: string | null, path: string, body?: object): Promise<Response> =>
    fetch(`${home.node.url}/staycode/board/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        'content-type': 'application/json',
        ...(username !== null && { authorization: `Bearer ${await tokenOf(username)}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  /** The first thing that the stream says. */
  const stream = async (username: string, role: string): Promise<string> => {
    const response = await ask(username, `api/${role}/live`);
    assert.equal(response.status, 200);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return Buffer.from(value ?? []).toString();
  };
  /** The same, once a code is set, which takes two seconds from the start; after ten, as it is. */
  const streamOnceSet = async (username: string, role: string): Promise<string> => {
    for (let tries = 0; tries < 20; tries++) {
      const told = await stream(username, role);
      if (told.includes('"state":"set"')) return told;
      await sleep(500);
    }
    return stream(username, role);
  };
  /** Everything that a browser was sent, and everything that it shows, as text. */
  const visit = async (username: string): Promise<{ page: Page; received: string[] }> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en' });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const received: string[] = [];
    page.on('response', (response) => {
      if (!response.url().endsWith('/live'))
        void response.text().then(
          (text) => received.push(text),
          () => undefined,
        );
    });
    await page.goto(`${home.node.url}/staycode/board/`);
    await page.locator('[name=name]').fill(username);
    await page.locator('[name=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    return { page, received };
  };
  const ACTS = [
    'show-code',
    'change-times',
    'new-code',
    'revoke',
    'restore',
    'allow',
    'send-again',
    'told',
    'add-stay',
  ];
  const OTHERS = ['remove-stay', 'one-time-code', 'make-backups', 'print-backups', 'clock-code', 'cleaned'];
  const HOUSE = ['units/export', 'units/plan', 'locks/list', 'locks/files', 'staff/list', 'staff/show'];

  const isSecret = (text: string): boolean =>
    text.replaceAll(' ', '').includes(digits) || holdsDigits(text, digits.slice(0, 6));

  it('shows nobody anything without a sign-in', async () => {
    for (const role of ['host', 'clean', 'view']) {
      assert.equal((await ask(null, `api/${role}/live`)).status, 401);
      assert.equal((await ask(null, `api/${role}/me`)).status, 401);
    }
    for (const name of [...ACTS, ...OTHERS]) {
      const response = await ask(null, `api/host/acts/${name}`, { unitId: 'flat-a', stayId: 'in-house' });
      assert.equal(response.status, 401, name);
    }
    for (const path of ['detail', ...HOUSE])
      assert.equal((await ask(null, `api/host/${path}`, { unitId: 'flat-a' })).status, 401, path);
    const page = await (await ask(null, '')).text();
    assert.ok(!page.includes('Flat A') && !page.includes(GUEST));
  });

  it('lets who has only Node-RED’s own permissions to read see nothing, and says what is needed', async () => {
    const { page } = await visit('reed');
    await page.getByText('may not see this board').waitFor();
    assert.equal(await page.locator('#live-text').textContent(), 'No permission');
    await page.context().close();
  });

  for (const [username, role] of [
    ['vik', 'view'],
    ['clara', 'clean'],
  ] as const) {
    it(`tells ${role === 'view' ? 'a viewer' : 'a cleaner'} when guests come and go, and neither who nor a digit`, async () => {
      const { page, received } = await visit(username);
      await page.locator('.stay[data-stay="in-house"]').click();
      await page.locator('#panel .state-line').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Show code and message' }).count(), 0);
      assert.equal(await page.locator('.acts button').count(), 0);
      const seen = [await page.content(), await stream(username, role), ...received];
      for (const text of seen) {
        assert.ok(!isSecret(text), 'digits');
        assert.ok(!text.includes(GUEST) && !text.includes('Mary Shelley'), 'a guest');
      }
      const told = await streamOnceSet(username, role);
      assert.match(told, /"state":"set"/u);
      assert.doesNotMatch(told, /tentative|codeId":"/u);
      await page.context().close();
    });

    it(`refuses ${role === 'view' ? 'a viewer' : 'a cleaner'} every act of the host’s, by whichever address`, async () => {
      for (const name of [...ACTS, ...OTHERS]) {
        const body = { unitId: 'flat-a', stayId: 'in-house', why: 'x' };
        assert.equal((await ask(username, `api/host/acts/${name}`, body)).status, 401, name);
        const status = (await ask(username, `api/${role}/acts/${name}`, body)).status;
        assert.equal(status, role === 'clean' && name === 'cleaned' ? 200 : 404, name);
      }
      assert.equal(
        (await ask(username, 'api/host/detail', { unitId: 'flat-a', stayId: 'in-house' })).status,
        401,
      );
      for (const path of HOUSE) {
        const body = { siteId: 'site', staffId: 'c1' };
        assert.equal((await ask(username, `api/host/${path}`, body)).status, 401, path);
        assert.equal((await ask(username, `api/${role}/${path}`, body)).status, 404, path);
      }
      assert.equal((await ask(username, 'api/host/live')).status, 401);
      if (role === 'view')
        assert.equal((await ask(username, 'api/clean/acts/cleaned', { unitId: 'flat-a' })).status, 401);
    });
  }

  it('lets a cleaner say that a unit is ready, by name', async () => {
    const { page } = await visit('clara');
    await page.locator('.unit button', { hasText: 'Flat B' }).click();
    await page.locator('#panel').getByRole('button', { name: 'Ready for the next guest' }).click();
    await page.locator('#panel form .main').click();
    await page.getByText('Ready since').waitFor();
    await page.context().close();
    const detail = await (await ask('hana', 'api/host/detail', { unitId: 'flat-b' })).text();
    assert.match(detail, /"what":"cleaned","by":"clara"/u);
  });

  it('gives the host all of it, without digits until they are asked for, and writes down who asked', async () => {
    const { page, received } = await visit('hana');
    await page.locator('.stay[data-stay="in-house"]').click();
    await page.locator('#panel').getByText('What was done').waitFor();
    for (const text of [await page.content(), await stream('hana', 'host'), ...received])
      assert.ok(!isSecret(text));
    await page.getByRole('button', { name: 'Show code and message' }).click();
    assert.equal(
      ((await page.locator('.digits > span').first().textContent()) ?? '').replaceAll(' ', ''),
      digits,
    );
    await page.getByText('Code shown · hana').waitFor();
    await page.context().close();
  });

  it('takes the sign-in of the editor for its own, and a wrong password for none', async () => {
    const context = await browser.newContext({ locale: 'en' });
    const page = await context.newPage();
    const token = await tokenOf('ada');
    await page.goto(`${home.node.url}/staycode/board/`);
    await page.locator('[name=name]').fill('hana');
    await page.locator('[name=password]').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('That name and password are not known.').waitFor();
    await page.evaluate((access_token) => {
      localStorage.setItem('auth-tokens', JSON.stringify({ access_token }));
    }, token);
    await page.reload();
    await page.locator('.row').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('[name=password]').waitFor();
    await context.close();
  });

  it('is at home where the editor has another root, with the editor’s sign-in of that root', async () => {
    const users = [{ username: 'hana', permissions: ['stay.host'], password: hash(PASSWORD) }];
    const other = await startBoardHome(scratchFolder(), {
      settings: { adminAuth: { type: 'credentials', users }, httpAdminRoot: '/admin' },
    });
    started.push({ stop: () => other.node.stop() });
    const context = await browser.newContext({ locale: 'en' });
    const page = await context.newPage();
    await page.goto(`${other.node.url}/admin/staycode/board`);
    await page.locator('[name=name]').fill('hana');
    await page.locator('[name=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.row').first().waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['auth-tokens-admin']);
    await context.close();
  });

  it('takes no act that another page could send: only JSON', async () => {
    const response = await fetch(`${home.node.url}/staycode/board/api/host/acts/revoke`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenOf('hana')}` },
      body: new URLSearchParams({ unitId: 'flat-a', stayId: 'in-house', why: 'x' }),
    });
    assert.equal(response.status, 409);
    assert.match(await response.text(), /not-json/u);
  });

  it('writes no digit into Node-RED’s log', () => {
    assert.ok(!isSecret(home.node.logs()));
  });
});
