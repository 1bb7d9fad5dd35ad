import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { formatPairing, sealStays } from '@staycode/core';
import type { Browser } from 'playwright-core';
import { type Broker, startBroker } from '../support/broker.ts';
import { launchBrowser } from '../support/browser.ts';
import { type HomebridgeUi, startHomebridgeUi } from '../support/homebridge-ui.ts';
import { unpackPlugin } from '../support/packed-plugin.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { openSettings, type SettingsPage } from './settings-page.ts';
import { WiredLock } from './wired-lock.ts';

const HOUR_MS = 3_600_000;
/** Made up: no lock has a key to it. */
const DIGITS = '918273645546';
const GROUPED = '9182 7364 5546';
/** One that was made for another lock. */
const FOREIGN_KEY = new Uint8Array(32).fill(9);

describe('the settings page in the real Homebridge UI', function () {
  this.timeout(90_000);
  let broker: Broker;
  let front: WiredLock;
  let cellar: WiredLock;
  let browser: Browser;
  let plugins: string;
  let ui: HomebridgeUi;
  let settings: SettingsPage;

  before(async function () {
    needsChromium(this);
    broker = await startBroker();
    front = new WiredLock(broker.url);
    cellar = new WiredLock(broker.url, 'cellar');
    await Promise.all([front.join(), cellar.join()]);
    plugins = unpackPlugin(scratchFolder());
    browser = await launchBrowser();
    ui = await start('light');
    settings = await openSettings(browser, ui.url);
  });
  after(async () => {
    await browser.close();
    await ui.stop();
    await Promise.all([front.leave(), cellar.leave()]);
    await broker.stop();
    removeScratch();
  });

  const start = (theme: 'light' | 'dark', platforms: object[] = []): Promise<HomebridgeUi> =>
    startHomebridgeUi({ storageDir: join(scratchFolder(), 'storage'), pluginDir: plugins, platforms, theme });
  const pairing = (lock: WiredLock, commandKey = lock.commandKey('homebridge')): string =>
    formatPairing({
      ...{ brokerUrl: broker.url, username: null, password: null },
      ...{ lockId: lock.lockId, name: lock === front ? 'Front door' : 'Cellar', controllerId: 'homebridge' },
      commandKey,
    });
  const row = (name: string) => settings.frame.locator('.lock', { hasText: name });
  const paste = async (line: string): Promise<void> => {
    await settings.frame.getByLabel('Pairing string').fill(line);
    await settings.frame.getByRole('button', { name: 'Add' }).click();
  };
  const violations = async (): Promise<string[]> => {
    const { violations: found } = await new AxeBuilder({ page: settings.page })
      .include(['iframe', '.staycode'])
      .analyze();
    return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${String(target.at(-1))}`));
  };

  it('begins with nothing set, and says how to go on', async () => {
    const { frame } = settings;
    assert.match((await frame.locator('#broker').textContent()) ?? '', /Paste a pairing string/u);
    await paste('half a line');
    await frame.getByText('This is no whole pairing string').waitFor();
    assert.equal(await frame.locator('.lock').count(), 0);
  });

  it('adds a lock by its pairing string, and shows what else speaks on its broker', async () => {
    await paste(pairing(front));
    await row('Front door').waitFor();
    assert.ok(await row('Front door').getByRole('checkbox').first().isChecked());
    const found = row('cellar');
    assert.match((await found.textContent()) ?? '', /no key here yet/u);
    assert.ok(await found.getByRole('checkbox').isDisabled());
    await found.getByRole('button', { name: 'Paste its pairing string' }).click();
    assert.equal(await settings.frame.evaluate('document.activeElement.id'), 'pairing');
  });

  it('tests the connection to each lock, and says which key is wrong', async () => {
    await paste(pairing(cellar, FOREIGN_KEY));
    await row('Cellar').getByRole('button', { name: 'Test' }).waitFor();
    for (const name of ['Front door', 'Cellar'])
      await row(name).getByRole('button', { name: 'Test' }).click();
    await row('Front door').getByText('The lock takes this key').waitFor();
    await row('Cellar').getByText('does not answer to this key').waitFor();
  });

  it('takes a lock off the list and puts it back, by keyboard alone', async () => {
    const { frame, page } = settings;
    await row('Cellar').getByRole('checkbox').first().focus();
    const press = async (): Promise<void> => {
      await page.keyboard.press('Space');
      await frame.locator('#look:disabled').waitFor();
      await frame.locator('#look:enabled').waitFor();
    };
    await press();
    assert.equal(await frame.locator('.lock .line > input:not(:checked):enabled').count(), 1);
    const focused = await frame.evaluate('document.activeElement.closest(".lock")?.dataset.lockId');
    assert.equal(focused, 'cellar');
    await press();
    await row('Cellar').getByRole('button', { name: 'Test' }).waitFor();
  });

  it('shows today’s stays, and a code only from one click to the next', async () => {
    const window = { startsAtMs: Date.now() - HOUR_MS, endsAtMs: Date.now() + HOUR_MS };
    const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, ...window } as const;
    const stays = { lockId: front.lockId, stays: [{ code, digits: DIGITS }] };
    await front.publishStays(sealStays(front.commandKey('homebridge'), stays, new Uint8Array(24)));
    const { frame } = settings;
    const place = frame.locator('#stays');
    await frame.locator('#read-stays').click();
    await place.getByText('flat-a').waitFor();
    assert.ok(!(await frame.content()).includes(GROUPED));
    await place.getByRole('button', { name: 'Show the code of flat-a' }).click();
    await place.getByText(GROUPED).waitFor();
    await place.getByRole('button', { name: 'Hide the code of flat-a' }).click();
    assert.ok(!(await frame.content()).includes(GROUPED));
  });

  it('is clean to axe in light', async () => {
    for (const each of await settings.frame.locator('summary').all()) await each.click();
    assert.deepEqual(await violations(), []);
  });

  it('writes into config.json what was pasted and ticked, once it is saved', async () => {
    assert.equal(await row('Front door').getByLabel('Door', { exact: true }).isChecked(), true);
    await row('Front door').getByText('Stay codes').click();
    await settings.save();
    assert.deepEqual(ui.saved('Staycode'), {
      ...{ platform: 'Staycode', name: 'Staycode' },
      locks: [
        { pairing: pairing(front), services: { accessCodes: true } },
        { pairing: pairing(cellar, FOREIGN_KEY) },
      ],
    });
  });

  it('left no code, key or pairing string in the UI’s log, and no error', () => {
    assert.doesNotMatch(ui.log(), /9182|staycode:\/\/|[0-9a-f]{64}/iu);
    assert.deepEqual(settings.errors, []);
  });

  it('opens in dark with what was saved, clean to axe, with the form of all settings below', async () => {
    const saved = ui.saved('Staycode') ?? {};
    await settings.close();
    await ui.stop();
    ui = await start('dark', [saved]);
    settings = await openSettings(browser, ui.url);
    await row('Front door').waitFor();
    assert.equal(await settings.frame.locator('.staycode').getAttribute('data-theme'), 'dark');
    for (const each of await settings.frame.locator('summary').all()) await each.click();
    assert.deepEqual(await violations(), []);
    await settings.frame.getByRole('button', { name: 'All settings' }).click();
    await settings.page.getByText('MQTT broker').first().waitFor();
  });
});
