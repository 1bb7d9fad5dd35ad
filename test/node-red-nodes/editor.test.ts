import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { type Editor, openEditor, type Theme } from '../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { makeFirstCode } from './first-code.ts';
import { sampleFeed } from './sample-feed.ts';
import { brokerNode, flowsFor } from './sample-flow.ts';
import { type SampleHome, startSampleHome } from './sample-home.ts';
import { MILL_HOUSE } from './stay-board/board-home.ts';

/** How a person gets to the dialog of each node: a node on the canvas, then fields that name config nodes. */
const DIALOGS: readonly { type: string; on: string; through: readonly string[] }[] = [
  { type: 'stay-feed', on: 'feed', through: [] },
  { type: 'stay-code', on: 'code', through: [] },
  { type: 'stay-verify', on: 'verify', through: [] },
  { type: 'stay-lock-in', on: 'door', through: [] },
  { type: 'stay-pms', on: 'pms', through: [] },
  { type: 'stay-lock-out', on: 'tell', through: [] },
  { type: 'stay-message', on: 'message', through: [] },
  { type: 'stay-api', on: 'api', through: [] },
  { type: 'stay-program', on: 'program', through: [] },
  { type: 'stay-tonight', on: 'tonight', through: [] },
  { type: 'stay-unit', on: 'feed', through: ['unit'] },
  { type: 'stay-site', on: 'feed', through: ['unit', 'site'] },
  { type: 'stay-lock', on: 'verify', through: ['lock'] },
];
const CANVAS = {
  feed: [300, 100],
  code: [500, 100],
  verify: [300, 200],
  door: [300, 300],
  tell: [500, 400],
  api: [500, 300],
  tonight: [500, 200],
  program: [700, 300],
  pms: [700, 100],
  message: [700, 200],
} as const;

/** Why the editor marks a node. */
const markedFor = ({ page }: Editor, id: string): Promise<string[]> =>
  page.evaluate((nodeId) => {
    const { nodes } = (window as object as { RED: { nodes: { node(id: string): object } } }).RED;
    return (nodes.node(nodeId) as { validationErrors?: string[] }).validationErrors ?? [];
  }, id);

describe('the editor', function () {
  this.timeout(120_000);
  let browser: Browser;
  let home: SampleHome;
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    home = await startSampleHome();
    started.push({ stop: () => home.close() });
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const start = async (
    flows: readonly object[],
    credentials: Readonly<Record<string, Record<string, string>>> = {
      site: { siteKey: '5c'.repeat(32) },
      feed: { url: `${home.url}/calendar` },
    },
  ): Promise<RunningNodeRed> => {
    const node = await startNodeRed({ userDir: scratchFolder(), flows, credentials });
    started.push(node);
    return node;
  };

  for (const theme of ['light', 'dark'] satisfies Theme[]) {
    describe(`in its ${theme} theme`, () => {
      let editor: Editor;

      before(async () => {
        const node = await start(sampleFlow(home));
        editor = await openEditor(browser, node.url, { theme });
      });
      // A dialog that a failure left open would be in the way of the next test.
      afterEach(async function () {
        if (this.currentTest?.state === 'failed') await editor.page.reload();
      });

      for (const { type, on, through } of DIALOGS) {
        it(`opens the dialog of ${type}, keeps what is typed, and shows it again`, async () => {
          const { page } = editor;
          const config = through.length > 0 ? 'config-' : '';
          await openThrough(editor, on, through);
          await assertReadable(page);
          const name = `${type}, renamed`;
          await page.locator(`#node-${config}input-name`).fill(name);
          await editor.save(through.length + 1);
          await openThrough(editor, on, through);
          assert.equal(await page.locator(`#node-${config}input-name`).inputValue(), name);
          await editor.cancel(through.length + 1);
          assert.deepEqual(editor.errors.splice(0), []);
        });
      }

      it('keeps the listings of a PMS and how it signs, and shows only what the choice asks for', async () => {
        const { page } = editor;
        await editor.open('pms');
        await page.locator('.stay-pms-ref').fill('77');
        await page.locator('#node-input-pms').selectOption('lodgify');
        assert.equal(await page.locator('#node-input-scheme').inputValue(), 'hmac-sha256');
        assert.equal(await page.locator('#node-input-header').inputValue(), 'ms-signature');
        assert.ok(await page.locator('#node-input-user').isHidden());
        await page.locator('#node-input-pms').selectOption('own');
        await page.locator('#stay-pms-start').selectOption('qloapps');
        await page.waitForFunction(
          () => document.querySelector<HTMLTextAreaElement>('#node-input-mapping')?.value,
        );
        await editor.save();
        await editor.open('pms');
        assert.equal(await page.locator('.stay-pms-ref').inputValue(), '77');
        assert.match(await page.locator('#node-input-mapping').inputValue(), /"pms": "qloapps"/u);
        await page.locator('#node-input-mapping').fill('{');
        await page.locator('#node-input-mapping').blur();
        await page.locator('#node-input-mapping.input-error').waitFor();
        await editor.cancel();
      });

      it('keeps the words of the host, names whom a channel reaches, and marks words without the code', async () => {
        const { page } = editor;
        await editor.open('message');
        await page.locator('#node-input-channel').selectOption('sms');
        assert.equal(await page.locator('#node-input-to').inputValue(), 'guest.phone');
        await page.locator('.red-ui-editableList-addButton').click();
        await page.locator('.stay-message-tag').fill('nl');
        await page.locator('.stay-message-text').fill('Dag {name}: {code}');
        await editor.save();
        await editor.open('message');
        assert.equal(await page.locator('.stay-message-tag').inputValue(), 'nl');
        assert.equal(await page.locator('.stay-message-text').inputValue(), 'Dag {name}: {code}');
        await assertReadable(page);
        await page.locator('.stay-message-text').fill('Dag');
        await editor.save();
        await page.locator('[id="message"] .red-ui-flow-node-error:visible').waitFor();
      });

      it('marks an interval that is none, and says so on the node', async () => {
        const { page } = editor;
        await editor.open('feed');
        await page.locator('#node-input-intervalMinutes').fill('0');
        await page.keyboard.press('Tab');
        await page.locator('#node-input-intervalMinutes.input-error').waitFor();
        await editor.save();
        await page.locator('[id="feed"] .red-ui-flow-node-error:visible').waitFor();
      });
    });
  }

  it('marks a door without a lock, and a new key of no unit, before anybody opens their dialogs', async () => {
    const at = { z: 'tab', y: 500 };
    const bare = [
      { ...at, id: 'no-lock', type: 'stay-verify', source: 'lock', lock: '', x: 300, wires: [[], [], []] },
      {
        ...{ ...at, id: 'no-unit', type: 'stay-lock-out', lock: 'lock', broker: 'broker', unit: '', x: 500 },
        ...{ command: 'raise-key', commandType: 'command', timeout: 5, wires: [[], []] },
      },
      { ...at, id: 'no-key', type: 'stay-lock-out', lock: 'lock', broker: 'broker', unit: '', x: 700 },
    ];
    const node = await start([{ id: 'tab', type: 'tab', label: 'Home' }, ...bare]);
    const editor = await openEditor(browser, node.url);
    const named = async (id: string, field: string): Promise<boolean> =>
      (await markedFor(editor, id)).some((reason) => reason.includes(field));
    assert.ok(await named('no-lock', 'lock'));
    assert.ok(await named('no-unit', 'unit'));
    assert.ok(!(await named('no-key', 'unit')));
    await editor.close();
  });

  it('marks units and locks whose id another one has, until it has one of its own, and offers a new unit a free one', async () => {
    const unit = { type: 'stay-unit', site: '', unitId: 'unit-1', alphabet: 'decimal', keyVersion: 1 };
    const twins = [
      { ...unit, id: 'one', name: 'One' },
      { ...unit, id: 'two', name: 'Two' },
      { id: 'left', type: 'stay-lock', name: 'Left', site: '', lockId: 'door', units: ['one', 'two'] },
      { id: 'right', type: 'stay-lock', name: 'Right', site: '', lockId: 'door', units: ['one'] },
    ];
    const code = { id: 'code', z: 'tab', type: 'stay-code', unit: 'two', x: 300, y: 100, wires: [[], []] };
    const node = await start([{ id: 'tab', type: 'tab', label: 'Home' }, ...twins, code]);
    const editor = await openEditor(browser, node.url);
    const isTaken = async (id: string): Promise<boolean> =>
      (await markedFor(editor, id)).some((reason) => reason.includes('has this id'));
    for (const id of ['one', 'two', 'left', 'right']) assert.ok(await isTaken(id), id);
    await editor.open('code');
    await editor.openConfig('unit');
    await editor.page.locator('#node-config-input-unitId').fill('unit-2');
    await editor.save(2);
    for (const id of ['one', 'two']) assert.ok(!(await isTaken(id)), id);
    await editor.open('code');
    await editor.page.locator('#node-input-btn-unit-add').click();
    const offered = editor.page.locator('#node-config-input-unitId');
    await offered.waitFor();
    assert.equal(await offered.inputValue(), 'unit-3');
    await editor.close();
  });

  it('calls no unit and no lock unused that only a list or the board has', async () => {
    const unit = { type: 'stay-unit', site: 'site', alphabet: 'decimal', keyVersion: 1 };
    const flow = [
      ...[MILL_HOUSE, { ...unit, id: 'one', unitId: 'one' }, { ...unit, id: 'two', unitId: 'two' }],
      {
        id: 'street',
        type: 'stay-lock',
        name: 'Street',
        site: 'site',
        lockId: 'street',
        units: ['one', 'two'],
      },
      { id: 'code', z: 'tab', type: 'stay-code', unit: '', x: 300, y: 100, wires: [[], []] },
    ];
    const node = await start([{ id: 'tab', type: 'tab', label: 'Home' }, ...flow]);
    const editor = await openEditor(browser, node.url);
    await editor.open('code');
    await editor.page.locator('#node-input-name').fill('All flats');
    await editor.save();
    await editor.deploy();
    const said = editor.page.locator('.red-ui-notification', { hasText: 'Successfully deployed' });
    assert.doesNotMatch((await said.textContent()) ?? '', /unused/u);
    await editor.close();
  });

  it('asks before another site key takes the place of one in use, and marks one that is none', async () => {
    const unit = { type: 'stay-unit', site: 'site', unitId: 'one', alphabet: 'decimal', keyVersion: 1 };
    const code = { id: 'code', z: 'tab', type: 'stay-code', unit: 'one', x: 300, y: 100, wires: [[], []] };
    const flow = [{ id: 'tab', type: 'tab', label: 'Home' }, MILL_HOUSE, { ...unit, id: 'one' }, code];
    const node = await start(flow);
    const editor = await openEditor(browser, node.url);
    const { page } = editor;
    const asked: string[] = [];
    let answer = false;
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void (answer ? dialog.accept() : dialog.dismiss());
    });
    await editor.open('code');
    for (const field of ['unit', 'site']) await editor.openConfig(field);
    const field = page.locator('#node-config-input-siteKey');
    const before = await field.inputValue();
    const paste = async (text: string): Promise<void> => {
      await field.fill(text);
      await page.keyboard.press('Tab');
    };
    await paste('4a'.repeat(32));
    assert.match(asked.join(), /A new key ends every code of this site/u);
    assert.equal(await field.inputValue(), before);
    answer = true;
    await paste('4a');
    await page.locator('#node-config-input-siteKey.input-error').waitFor();
    await page.locator('#stay-site-new-key').click();
    await page.locator('#node-config-input-siteKey:not(.input-error)').waitFor();
    assert.match(await field.inputValue(), /^[0-9a-f]{64}$/u);
    assert.equal(asked.length, 3);
    await editor.close();
  });

  it('makes no other key for a site that lost its own, and asks before one is taken', async () => {
    const unit = { type: 'stay-unit', site: 'site', unitId: 'one', alphabet: 'decimal', keyVersion: 1 };
    const code = { id: 'code', z: 'tab', type: 'stay-code', unit: 'one', x: 300, y: 100, wires: [[], []] };
    const flow = [{ id: 'tab', type: 'tab', label: 'Home' }, MILL_HOUSE, { ...unit, id: 'one' }, code];
    const node = await start(flow, {});
    const editor = await openEditor(browser, node.url);
    const { page } = editor;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await editor.open('code');
    for (const field of ['unit', 'site']) await editor.openConfig(field);
    const field = page.locator('#node-config-input-siteKey');
    assert.equal(await field.inputValue(), '');
    await page.locator('#stay-site-new-key').click();
    await page.locator('#node-config-input-name').fill('Old Mill');
    await editor.save(1);
    await editor.openConfig('site');
    assert.equal(await field.inputValue(), '');
    assert.match(asked.join(), /no key here\. If it had one, its doors go by that: put it back/u);
    assert.equal(await field.inputValue(), '');
    await editor.close();
  });

  it('makes a key for the API, shows it once, and takes calls with it', async () => {
    const api = { id: 'api', z: 'tab', type: 'stay-api', path: '', x: 300, y: 100, wires: [[], []] };
    const node = await start([{ id: 'tab', type: 'tab', label: 'Home' }, api]);
    const editor = await openEditor(browser, node.url);
    const { page } = editor;
    const call = (key: string): Promise<Response> =>
      fetch(`${node.url}/staycode/access_codes/list`, { headers: { authorization: `Bearer ${key}` } });
    await editor.open('api');
    await page.locator('#node-input-path').fill('/staycode');
    await page.locator('#stay-api-new-key').click();
    const key = await page.locator('.stay-api-key').inputValue();
    assert.match(key, /^seam_[\w-]{43}$/u);
    await assertReadable(page);
    await editor.save();
    await editor.deploy();
    // The flows start a moment after the button is done.
    while ((await call(key)).status !== 200) await page.waitForTimeout(50);
    assert.equal((await call(`${key}x`)).status, 401);
    await editor.open('api');
    assert.equal(await page.locator('#stay-api-keys > div').count(), 1);
    assert.equal(await page.locator('.stay-api-key').count(), 0);
    await page.locator('#stay-api-keys button').click();
    await editor.save();
    await editor.deploy();
    while ((await call(key)).status === 200) await page.waitForTimeout(50);
    assert.deepEqual(editor.errors, []);
  });

  it('takes someone who has never seen it from nothing to a code: three nodes, one address, all else as it stands', async () => {
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'one', from: 2, to: 5 }]) };
    const node = await start([{ id: 'tab', type: 'tab', label: 'Home' }]);
    const editor = await openEditor(browser, node.url);
    await makeFirstCode(editor, `${home.url}/calendar`);
    assert.deepEqual(editor.errors, []);
  });
});

async function openThrough(editor: Editor, on: string, through: readonly string[]): Promise<void> {
  await editor.open(on);
  for (const property of through) await editor.openConfig(property);
}

/** No label that lacks its words, and nothing that axe finds serious. */
async function assertReadable(page: Page): Promise<void> {
  const text = await page.locator('.red-ui-tray').last().innerText();
  assert.doesNotMatch(text, /stay-[a-z]+\.[a-z]/u);
  const { violations } = await new AxeBuilder({ page })
    .include('.red-ui-tray .form-row')
    // Node-RED's own widgets, which stand in for the field that our label names.
    .exclude('.red-ui-typedInput-input')
    .exclude('.red-ui-button')
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
  );
}

/** The flow of the other tests with a keypad's and a lock's node beside it, and a place on the canvas for what is opened here. */
function sampleFlow(home: SampleHome): object[] {
  const verify = {
    id: 'verify',
    z: 'tab',
    type: 'stay-verify',
    source: 'lock',
    lock: 'lock',
    property: 'payload',
    groups: 'whole',
    wires: [[], [], []],
  };
  const door = {
    id: 'door',
    z: 'tab',
    type: 'stay-lock-in',
    lock: 'lock',
    broker: 'broker',
    wires: [[], []],
  };
  const api = { id: 'api', z: 'tab', type: 'stay-api', name: '', wires: [[], []] };
  const tonight = { id: 'tonight', z: 'tab', type: 'stay-tonight', site: 'site', time: '12:00', wires: [[]] };
  const pms = {
    ...{ id: 'pms', z: 'tab', type: 'stay-pms', name: '', pms: 'hostaway', mapping: '', prepaid: '' },
    ...{ units: ['unit'], refs: ['41'] },
    ...{ path: '/staycode/pms', scheme: 'basic', user: 'staycode', header: '', baseUrl: '', pollPath: '' },
    ...{ field: '', confirms: false, wires: [[], [], []] },
  };
  const tell = {
    ...{ id: 'tell', z: 'tab', type: 'stay-lock-out', lock: 'lock', broker: 'broker', timeout: 5, unit: '' },
    ...{ command: 'unlock', commandType: 'command', code: 'code.accessCodeId', codeType: 'msg' },
    ...{ until: 'until', untilType: 'msg', wires: [[], []] },
  };
  const message = {
    ...{ id: 'message', z: 'tab', type: 'stay-message', name: '', channel: 'text', to: 'guest.email' },
    ...{ toType: 'msg', language: '', fallback: 'en', templates: [], wires: [[], []] },
  };
  const program = {
    ...{ id: 'program', z: 'tab', type: 'stay-program', lock: 'lock', broker: 'broker', target: 'nuki-hub' },
    ...{ topic: 'nukihub/lock', slotCount: 10, wires: [[], [], []] },
  };
  return [...flowsFor(home), verify, door, tell, api, program, tonight, pms, message, brokerNode(1)].map(
    (node) => {
      const place = Object.entries(CANVAS).find(([id]) => id === (node as { id: string }).id)?.[1];
      return place ? { ...node, x: place[0], y: place[1] } : node;
    },
  );
}
