import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type Broker, startBroker } from '../support/broker.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Editor, openEditor } from '../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { startSampleLock } from './sample-lock.ts';

const FOLDER = join(import.meta.dirname, '../../node-red-nodes/examples');

interface Example {
  /** How one gets to the site's dialog: the node on the canvas, then the fields that name config nodes. */
  readonly site: readonly [type: string, ...fields: string[]];
  /** Buttons, each pressed once what is written after it has come: the debug node and a text of its message. */
  readonly steps: readonly (readonly [button: string | null, node: string, text: string | RegExp])[];
  /** Whether it needs its lock on a broker. */
  readonly needsLock?: boolean;
}

/** What a person who imports an example does, and what comes of it. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  'stay-feed.json': { site: ['stay-feed', 'unit', 'site'], steps: [[null, 'stay', /object/iu]] },
  'stay-code.json': {
    site: ['stay-code', 'unit', 'site'],
    steps: [
      ['book', 'for the guest', /Ada.*\d{4} \d{4} \d{4}/u],
      ['cancel', 'for the host', 'cancelled'],
    ],
  },
  'stay-pms.json': {
    site: ['stay-code', 'unit', 'site'],
    steps: [
      ['booked, not paid', 'for the host', 'Nothing is paid yet'],
      ['it is paid', 'for the guest', /Ada Example.*\d{4} \d{4} \d{4}/u],
      [null, 'written to the PMS', /\d{4} \d{4} \d{4}/u],
      ['refunded', 'for the host', 'Nothing is paid yet'],
      ['let in anyhow', 'for the host', 'Nothing is paid yet'],
    ],
  },
  'stay-api.json': {
    site: ['stay-code', 'unit', 'site'],
    steps: [['book', 'what becomes of codes', 'access_code.created']],
  },
  'stay-message.json': {
    site: ['stay-code', 'unit', 'site'],
    steps: [
      ['a guest, Ada', 'for the mail node', /Hello Ada.*\d{4} \d{4} \d{4}/u],
      ['una huésped, Lucía', 'for the mail node', /Hola, Lucía/u],
      [
        'een gast, Anneke',
        'for the mail node',
        /Hallo Anneke,.*\d{4} \d{4} \d{4}.*zondag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag/u,
      ],
    ],
  },
  'stay-program.json': {
    site: ['stay-code', 'unit', 'site'],
    steps: [
      ['book', 'PIN in the lock', /\d{6}/u],
      ['the guest types it', 'at the door', 'LockOperation'],
    ],
    needsLock: true,
  },
  'zigbee-keypad-home.json': {
    site: ['stay-feed', 'unit', 'site'],
    steps: [
      [null, 'for the guest', /\d{4} \d{4} \d{4}/u],
      ['the guest types it', 'opened', 'opened'],
    ],
    needsLock: true,
  },
  'stay-verify.json': {
    site: ['stay-verify', 'lock', 'site'],
    steps: [['type twelve digits', 'refused', 'refused']],
  },
  'stay-lock-in.json': {
    site: ['stay-lock-in', 'lock', 'site'],
    steps: [[null, 'at the door', /object/iu]],
    needsLock: true,
  },
  'stay-lock-out.json': {
    site: ['stay-lock-out', 'lock', 'site'],
    steps: [['open the door', 'done', /unlock/u]],
    needsLock: true,
  },
  'stay-tonight.json': {
    site: ['stay-tonight', 'site'],
    steps: [
      [null, 'for the guest', /\d{4} \d{4} \d{4}/u],
      ['check now', 'a line for each unit', /Flat A: guest/u],
    ],
  },
  'pms-home.json': {
    site: ['stay-tonight', 'site'],
    steps: [
      ['a direct booking, not paid', 'for the host', 'Nothing is paid yet'],
      ['it is paid', 'mail to the guest', /Guten Tag Ada Example.*Flat A.*\d{4} \d{4} \d{4}/u],
      [null, 'written to the PMS', /\d{4} \d{4} \d{4}/u],
      ['moved to Flat B', 'for the host', 'moved to another room'],
      [null, 'mail to the guest', /Flat B.*\d{4} \d{4} \d{4}/u],
    ],
  },
  'offline-cabin.json': {
    site: ['stay-code', 'unit', 'site'],
    steps: [['book', 'opened: the bolt', 'opened']],
  },
  'cleaners.json': {
    site: ['stay-feed', 'unit', 'site'],
    steps: [
      [null, 'for the guest', /\d{4} \d{4} \d{4}/u],
      ['list of tomorrow', 'for the cleaners', 'Flat A: free from check-out, new guests the same day'],
    ],
  },
};
const readExample = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const idsIn = (text: string, field: 'unitId' | 'lockId'): string[] =>
  (JSON.parse(text) as Record<string, string | undefined>[]).flatMap((node) => node[field] ?? []);
const SITE_KEY = '5c'.repeat(32);

describe('the examples', function () {
  this.timeout(120_000);
  let browser: Browser;
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });
  after(async () => {
    await browser.close();
  });

  const open = async (): Promise<{ node: RunningNodeRed; editor: Editor }> => {
    const flows = [{ id: 'tab', type: 'tab', label: 'Flow 1' }];
    const node = await startNodeRed({ userDir: scratchFolder(), flows });
    started.push(node);
    return { node, editor: await openEditor(browser, node.url) };
  };

  it('all have a test', () => {
    assert.deepEqual(Object.keys(EXAMPLES).sort(), readdirSync(FOLDER).sort());
  });

  it('have ids that no other example has, nor a house: they may all stand in one Node-RED', () => {
    const texts = readdirSync(FOLDER).map(readExample);
    for (const field of ['unitId', 'lockId'] as const) {
      const ids = texts.flatMap((text) => idsIn(text, field));
      assert.equal(new Set(ids).size, ids.length, ids.join(' '));
      for (const id of ids) assert.match(id, /^example-/u);
    }
  });

  it('stand in the dialog that imports them', async () => {
    const { editor } = await open();
    const { page } = editor;
    await page.keyboard.press('Control+i');
    await page.locator('.red-ui-tab-link-button, .red-ui-tab', { hasText: 'Examples' }).last().click();
    await page.locator('.red-ui-treeList-label', { hasText: '@staycode/node-red' }).last().click();
    for (const file of readdirSync(FOLDER)) {
      await page
        .locator('.red-ui-treeList-label', { hasText: file.replace('.json', '') })
        .last()
        .waitFor();
    }
  });

  const startLock = async (text: string): Promise<Broker> => {
    const broker = await startBroker();
    const [unitId = ''] = idsIn(text, 'unitId');
    const [lockId = ''] = idsIn(text, 'lockId');
    const sample = { siteKey: SITE_KEY, lockId, unitId, brokerUrl: broker.url, zone: 'Europe/Berlin' };
    const sampleLock = startSampleLock(sample);
    started.push(sampleLock, broker);
    // Something to tell of: digits that open nothing.
    await sampleLock.lock.enter('000000000000');
    return broker;
  };

  for (const [file, { site, steps, needsLock = false }] of Object.entries(EXAMPLES)) {
    it(`${file} runs to its last message once its site has a key`, async () => {
      const { node, editor } = await open();
      const text = readExample(file);
      const port = needsLock ? (await startLock(text)).port : 1883;
      const flow = text.replaceAll('http://127.0.0.1:1880', node.url).replaceAll('"1883"', `"${port}"`);
      await editor.importFlow(flow);
      const [type, ...fields] = site;
      await editor.open(await editor.idOf(type));
      for (const field of fields) await editor.openConfig(field);
      // A lock has the site's key already; for all others the one that the dialog made is as good.
      if (needsLock) await editor.page.locator('#node-config-input-siteKey').fill(SITE_KEY);
      await editor.save(fields.length + 1);
      await editor.deploy();
      for (const [button, name, shown] of steps) {
        if (button !== null) await editor.press(await editor.idOf('inject', button));
        await editor.waitForDebug(name, shown);
      }
      assert.deepEqual(editor.errors, []);
    });
  }
});
