import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { installNodes } from '../support/packed-nodes.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { makeFirstCode } from './first-code.ts';
import { sampleFeed } from './sample-feed.ts';
import { type SampleHome, startSampleHome } from './sample-home.ts';

const NAME = '@staycode/node-red';
const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../node-red-nodes/package.json'), 'utf8'),
) as { version: string; 'node-red': { nodes: Record<string, string> } };

for (const version of ['4.1', '5'] as const) {
  describe(`the packed package, installed into a fresh Node-RED ${version}`, function () {
    this.timeout(120_000);
    let userDir: string;
    let node: RunningNodeRed;
    let home: SampleHome;
    let browser: Browser | undefined;

    before(async () => {
      home = await startSampleHome();
      home.feed = { ...home.feed, body: sampleFeed([{ uid: 'one', from: 2, to: 5 }]) };
      userDir = scratchFolder();
      installNodes(userDir);
      node = await startNodeRed({
        ...{ userDir, version, flows: [{ id: 'tab', type: 'tab', label: 'Home' }] },
        settings: { logging: { console: { level: 'debug', metrics: false, audit: false } } },
      });
    });
    after(async () => {
      await Promise.all([browser?.close(), node.stop(), home.close()]);
      removeScratch();
    });

    it('is what runs, and every node of it loads', async () => {
      assert.match(node.logs(), new RegExp(`Node-RED version: v${version.replace('.', '\\.')}\\.`, 'u'));
      // What lies in the repo is found as well, and gives way.
      const own = join(userDir, 'node_modules', NAME);
      assert.ok(node.logs().includes(`] Module: ${NAME} ${manifest.version} ${own}\n`), node.logs());
      const answer = await fetch(`${node.url}/nodes`, { headers: { accept: 'application/json' } });
      const sets = (await answer.json()) as {
        module: string;
        name: string;
        enabled: boolean;
        err?: string;
      }[];
      assert.deepEqual(
        sets
          .filter(({ module }) => module === NAME)
          .map(({ name, enabled, err }) => [name, enabled, err])
          .sort(),
        Object.keys(manifest['node-red'].nodes)
          .map((name) => [name, true, undefined])
          .sort(),
      );
    });

    it('has the icons, the words and the examples of its nodes', async () => {
      const ask = async (path: string): Promise<string> => {
        const answer = await fetch(`${node.url}/${path}`, { headers: { accept: '*/*' } });
        return answer.ok ? answer.text() : '';
      };
      assert.match(await ask(`icons/${NAME}/stay-feed.svg`), /M6\.5 25\.5/u);
      assert.match(await ask(`locales/${NAME}/stay-feed?lng=en-US`), /Read every/u);
      assert.match(await ask(`library/examples/flows/${NAME}/stay-feed`), /"type": "stay-feed"/u);
    });

    it('goes from an empty canvas to a first code', async function () {
      needsChromium(this);
      browser = await launchBrowser();
      const editor = await openEditor(browser, node.url);
      await makeFirstCode(editor, `${home.url}/calendar`);
      assert.deepEqual(editor.errors, []);
    });
  });
}
