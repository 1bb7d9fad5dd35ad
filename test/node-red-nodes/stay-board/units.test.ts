import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deriveCodeKey, deriveUnitKey, issueCode, openLockFile } from '@staycode/core';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { SITE_KEY } from '../../support/busy-house.ts';
import { ExampleLock } from '../../support/lock-example.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { MILL_HOUSE, openBoard } from './board-home.ts';

const PASSPHRASE = 'a passphrase for tests';

describe('units by table and lock files on the board', function () {
  this.timeout(120_000);
  let browser: Browser;
  let node: RunningNodeRed;
  let page: Page;
  const started: { stop(): Promise<void> }[] = [];
  const errors: string[] = [];

  before(async function () {
    needsChromium(this);
    const flows = [{ id: 'tab', type: 'tab', label: 'Mine' }, MILL_HOUSE];
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows,
      credentials: { site: { siteKey: SITE_KEY } },
    });
    started.push({ stop: () => node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    page = await openBoard(browser, node.url, { errors });
    await page.getByText('There are no units yet.').waitFor();
  });
  afterEach(async () => {
    await page.keyboard.press('Escape');
    assert.deepEqual(errors.splice(0), []);
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const openUnits = async (csv: string): Promise<void> => {
    await page.getByRole('button', { name: 'Units', exact: true }).click();
    await page.locator('#window textarea').fill(csv);
    await page.getByRole('button', { name: 'Look at what it changes' }).click();
  };
  const table = (count: number): string =>
    [
      'unit_id,name,lock_id,lock_name,feed_url',
      ...Array.from(
        { length: count },
        (_, i) =>
          `flat-${i},Flat ${i},street|door-${i},Street|Door ${i},https://calendar.example/secret-${i}`,
      ),
    ].join('\n');

  it('says row by row what is wrong, and changes nothing', async () => {
    await openUnits('unit_id,keypad,site\nflat-1,hex,\nflat-1,,Barn');
    await page.getByText('3 cells are wrong. Nothing was changed.').waitFor();
    await page.getByText('Line 2, keypad: expected one of decimal, no-zero, got hex.').waitFor();
    await page.getByText('Line 3, unit_id: expected each unit once, got flat-1 as in line 2.').waitFor();
    await page.getByText('Line 3, site: expected one of Mill House, got Barn.').waitFor();
  });

  it('shows what it would change, deploys it, and the board has it at once', async () => {
    await openUnits(table(3));
    await page.locator('#window tbody tr').nth(2).getByText('new').waitFor();
    assert.equal(await page.locator('.row').count(), 0);
    await page.getByRole('button', { name: 'Deploy 3 units' }).click();
    await page.getByText('3 units are deployed.').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.row').nth(2).waitFor();
    assert.deepEqual(await page.locator('.unit').allTextContents(), ['Flat 0', 'Flat 1', 'Flat 2']);
    const flows = (await (await fetch(`${node.url}/flows`)).json()) as { type: string }[];
    const types = flows.map(({ type }) => type);
    for (const [type, count] of [
      ['stay-unit', 3],
      ['stay-lock', 4],
      ['stay-feed', 3],
      ['stay-code', 1],
    ] as const) {
      assert.equal(types.filter((one) => one === type).length, count, type);
    }
    assert.ok(!JSON.stringify(flows).includes('secret'), 'an address of a calendar in the flow');
  });

  it('saves the units that there are as a table that changes nothing when it comes back', async () => {
    await page.getByRole('button', { name: 'Units', exact: true }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the units there are' }).click();
    const csv = readFileSync(await (await saving).path(), 'utf8');
    assert.ok(!csv.includes('secret'));
    await page.keyboard.press('Escape');
    await openUnits(csv);
    await page.locator('#window tbody tr').nth(2).getByText('as it is').waitFor();
    assert.equal(await page.getByRole('button', { name: /Deploy/u }).count(), 0);
  });

  it('seals a file for each lock, which opens to what the unit’s codes need', async () => {
    await page.getByRole('button', { name: 'Lock files' }).click();
    await page.locator('[name=passphrase]').fill(PASSPHRASE);
    await page.locator('[name=again]').fill('another one');
    await page.getByRole('button', { name: 'Save 4 lock files' }).click();
    await page.getByText('The two are not the same.').waitFor();
    await page.locator('[name=again]').fill(PASSPHRASE);
    const saving = page.waitForEvent('download', { timeout: 60_000 });
    await page.keyboard.press('Enter');
    const files = unzipSync(readFileSync(await (await saving).path()));
    assert.deepEqual(Object.keys(files).sort(), ['door-0.json', 'door-1.json', 'door-2.json', 'street.json']);
    const text = Buffer.from(files['street.json'] ?? []).toString();
    await assert.rejects(openLockFile(text, 'wrong'), { code: 'sealed-refused' });
    const street = await openLockFile(text, PASSPHRASE);
    assert.deepEqual(
      street.units.map(({ unitId }) => unitId),
      ['flat-0', 'flat-1', 'flat-2'],
    );
    const codeKey = deriveCodeKey(deriveUnitKey(Buffer.from(SITE_KEY, 'hex'), 'flat-1', 1));
    const window = {
      startsAtMs: Date.parse('2026-11-27T15:00:00Z'),
      endsAtMs: Date.parse('2026-11-29T11:00:00Z'),
    };
    const digits = issueCode(codeKey, { kind: 'stay', revision: 0, ...window, alphabet: 'decimal' });
    assert.equal(
      new ExampleLock(street, '2026-11-27T09:00:00Z').enter('2026-11-27T16:00:00Z', digits),
      'opened stay',
    );
    assert.ok(!node.logs().includes(PASSPHRASE));
  });
});
