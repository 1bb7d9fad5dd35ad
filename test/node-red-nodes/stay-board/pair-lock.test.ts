import assert from 'node:assert/strict';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AxeBuilder } from '@axe-core/playwright';
import { deriveCommandKey, deriveLockKey, parsePairing } from '@staycode/core';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { SITE_KEY } from '../../support/busy-house.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { brokerNode } from '../sample-flow.ts';
import { MILL_HOUSE, openBoard } from './board-home.ts';

/** Nobody answers there: a line is made all the same. */
const PORT = 1;

describe("the board's pairing string for Homebridge", function () {
  this.timeout(120_000);
  const started: { stop(): Promise<void> }[] = [];
  let page: Page;

  before(async function () {
    needsChromium(this);
    const unit = { type: 'stay-unit', site: 'site', alphabet: 'decimal', keyVersion: 1 };
    const node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [
        { id: 'tab', type: 'tab', label: 'Mine' },
        MILL_HOUSE,
        { id: 'unit', name: 'Flat A', unitId: 'flat-a', ...unit },
        ...['door', 'shed'].map((lockId) => ({
          ...{
            id: `lock-${lockId}`,
            type: 'stay-lock',
            name: `The ${lockId}`,
            site: 'site',
            lockId,
            units: ['unit'],
          },
        })),
        brokerNode(PORT),
        { id: 'in', z: 'tab', type: 'stay-lock-in', lock: 'lock-door', broker: 'broker', wires: [[], []] },
      ],
      credentials: { site: { siteKey: SITE_KEY } },
    });
    started.push({ stop: () => node.stop() });
    const browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    page = await openBoard(browser, node.url);
    await page.getByRole('button', { name: 'Lock files' }).click();
  });
  after(async () => {
    await Promise.all(started.map((one) => one.stop()));
    removeScratch();
  });

  it('is offered for a lock that is at a broker', async () => {
    await page.getByText('The shed').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Pair with Homebridge' }).count(), 1);
    await page.getByRole('button', { name: 'Pair with Homebridge' }).click();
    assert.equal(await page.locator('[name=brokerUrl]').inputValue(), `mqtt://127.0.0.1:${PORT}`);
  });

  it('says what was expected of an address that is none', async () => {
    await page.locator('[name=brokerUrl]').fill('192.168.1.10');
    await page.getByRole('button', { name: 'Make the pairing string' }).click();
    await page.locator('#window [role=alert]', { hasText: 'expected mqtt://' }).waitFor();
  });

  it('gives Homebridge a key of its own at this lock, and is on record', async () => {
    await page.locator('[name=brokerUrl]').fill('mqtts://192.168.1.10:8883');
    await page.locator('[name=username]').fill('homebridge');
    await page.locator('[name=password]').fill('an example');
    await page.getByRole('button', { name: 'Make the pairing string' }).click();
    const line = await page.getByLabel('Pairing string').inputValue();
    const { commandKey, ...pairing } = parsePairing(line);
    assert.deepEqual(pairing, {
      ...{ brokerUrl: 'mqtts://192.168.1.10:8883', username: 'homebridge', password: 'an example' },
      ...{ lockId: 'door', name: 'The door', controllerId: 'homebridge' },
    });
    const lockKey = deriveLockKey(Buffer.from(SITE_KEY, 'hex'), 'door', 1);
    assert.equal(bytesToHex(commandKey), bytesToHex(deriveCommandKey(lockKey, 'homebridge')));
    const { violations } = await new AxeBuilder({ page }).include('#window').analyze();
    assert.deepEqual(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
      [],
    );
  });
});
