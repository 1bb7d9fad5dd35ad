import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../support/node-red.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { sampleFeed } from './sample-feed.ts';
import { brokerNode, flowsFor } from './sample-flow.ts';
import { type SampleHome, startSampleHome } from './sample-home.ts';

const PACKAGE = join(import.meta.dirname, '../../node-red-nodes');
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  'node-red': { nodes: Record<string, string> };
};
const NODES = Object.keys(manifest['node-red'].nodes);
/** A status is cut off beyond this in the editor; a time or a number that is filled in counts as five characters. */
const STATUS_LENGTH = 20;

type Words = Readonly<Record<string, string>>;

/** Every text of a locale by its whole key. */
function wordsOf(node: string, locale: string): Words {
  const text = readFileSync(join(PACKAGE, 'nodes', node, 'locales', locale, `${node}.json`), 'utf8');
  const words: Record<string, string> = {};
  const collect = (value: unknown, path: string): void => {
    if (typeof value === 'string') words[path] = value;
    else
      for (const [key, one] of Object.entries(value as object)) collect(one, path ? `${path}.${key}` : key);
  };
  collect(JSON.parse(text), '');
  return words;
}

const filledIn = (text: string): string[] => [...text.matchAll(/__\w+__/gu)].map(([name]) => name).sort();

function helpOf(path: string): string {
  const html = readFileSync(join(PACKAGE, 'nodes', path), 'utf8');
  return /data-help-name="[^"]+">([\s\S]*?)<\/script>/u.exec(html)?.[1] ?? '';
}

/** What is code is the same in every language. */
const codeWords = (help: string): string[] =>
  [...new Set([...help.matchAll(/`([^`]+)`/gu)].map(([, word = '']) => word))].sort();

describe('the words of the nodes', () => {
  for (const node of NODES) {
    it(`of ${node} are there in English and German, with the same keys and the same to fill in`, () => {
      const [english, german] = [wordsOf(node, 'en-US'), wordsOf(node, 'de')];
      assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
      for (const [key, text] of Object.entries(german)) {
        assert.notEqual(text.trim(), '', key);
        assert.deepEqual(filledIn(text), filledIn(english[key] ?? ''), key);
      }
    });

    it(`of ${node} fit under it`, () => {
      const statuses = ['en-US', 'de'].flatMap((locale) =>
        Object.entries(wordsOf(node, locale)).filter(([key]) => key.includes('.status.')),
      );
      const long = statuses.filter(
        ([, text]) => text.replaceAll(/__\w+__/gu, '00:00').length > STATUS_LENGTH,
      );
      assert.deepEqual(long, []);
    });

    it(`of the help of ${node} name the same fields in German, and leave no English behind`, () => {
      const english = helpOf(`${node}/${node}.html`);
      const german = helpOf(`${node}/locales/de/${node}.html`);
      assert.deepEqual(codeWords(german), codeWords(english));
      const shape = (help: string): (string | undefined)[] =>
        help
          .split('\n')
          .map((line) => /^(?:#+|\d+\.|:)(?= )/u.exec(line)?.[0])
          .filter(Boolean);
      assert.deepEqual(shape(german), shape(english));
      assert.doesNotMatch(german, /\b(?:the|and|which|with)\b/u);
    });
  }
});

describe('an editor in German', function () {
  this.timeout(120_000);
  let home: SampleHome;
  let node: RunningNodeRed;
  let browser: Browser | undefined;

  before(async function () {
    needsChromium(this);
    home = await startSampleHome();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'one', from: 2, to: 5 }]) };
    node = await startNodeRed({
      ...{ userDir: scratchFolder(), env: { LANG: 'de_DE.UTF-8' }, flows: placed(home) },
      credentials: { site: { siteKey: '5c'.repeat(32) }, feed: { url: `${home.url}/calendar` } },
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await node.stop();
    await home.close();
    removeScratch();
  });

  it('shows every dialog in German', async () => {
    const editor = await openEditor(browser!, node.url, { language: 'de-DE' });
    const open = async (on: string, ...through: string[]): Promise<void> => {
      await editor.open(on);
      for (const property of through) await editor.openConfig(property);
      await assertGerman(editor.page);
      await editor.cancel(through.length + 1);
    };
    for (const id of Object.keys(PLACES)) await open(id);
    await open('feed', 'unit');
    await open('feed', 'unit', 'site');
    await open('verify', 'lock');
    assert.deepEqual(editor.errors, []);
  });

  it('has the help in German', async () => {
    const headers = { accept: 'text/html', 'accept-language': 'de' };
    const html = await (await fetch(`${node.url}/nodes`, { headers })).text();
    for (const name of NODES) assert.ok(html.includes(helpOf(`${name}/locales/de/${name}.html`)), name);
  });

  it('speaks German under the nodes where Node-RED runs in German', async () => {
    await waitForStatus(node, 'feed', '1 Aufenthalt');
    await waitForStatus(node, 'bare', 'kein Kalender');
  });
});

/** Each element that names its words has the German ones. */
async function assertGerman(page: Page): Promise<void> {
  const shown = await page
    .locator('.red-ui-tray')
    .last()
    .locator('[data-i18n*="stay-"]')
    .evaluateAll((elements) =>
      elements.map((element) => {
        const [, attribute = '', key = ''] =
          /^(?:\[(.+)\])?(?:.+:)?(.+)$/u.exec(element.getAttribute('data-i18n') ?? '') ?? [];
        const isText = attribute === '' || attribute === 'html';
        return { key, text: (isText ? element.textContent : element.getAttribute(attribute)) ?? '' };
      }),
    );
  assert.notEqual(shown.length, 0);
  for (const { key, text } of shown) {
    const words = wordsOf(key.split('.')[0] ?? '', 'de');
    assert.equal(text, words[key]?.replaceAll(/<\/?code>/gu, ''), key);
  }
}

const PLACES: Readonly<Record<string, readonly [number, number]>> = {
  feed: [300, 100],
  code: [500, 100],
  verify: [300, 200],
  door: [300, 300],
  tonight: [500, 200],
};

function placed(home: SampleHome): object[] {
  const on = (rest: object): object => ({ z: 'tab', ...rest });
  const verify = { id: 'verify', type: 'stay-verify', source: 'lock', lock: 'lock', groups: 'whole' };
  const flows = [
    ...flowsFor(home),
    on({ ...verify, property: 'payload', wires: [[], [], []] }),
    on({ id: 'door', type: 'stay-lock-in', lock: 'lock', broker: 'broker', wires: [[], []] }),
    on({ id: 'tonight', type: 'stay-tonight', site: 'site', time: '', wires: [[]] }),
    brokerNode(1),
  ];
  return flows.map((one) => {
    const [x, y] = PLACES['id' in one ? String(one.id) : ''] ?? [];
    return x === undefined ? one : { ...one, x, y };
  });
}
