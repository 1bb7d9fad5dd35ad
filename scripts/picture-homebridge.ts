/** Pictures of the real Homebridge UI: the lock's accessories, and the settings page with two locks and a stay of today. */
import { join } from 'node:path';
import { formatPairing, sealStays } from '@staycode/core';
import type { Browser } from 'playwright-core';
import { openAccessories } from '../test/homebridge-plugin/accessories-page.ts';
import { openSettings } from '../test/homebridge-plugin/settings-page.ts';
import { WiredLock } from '../test/homebridge-plugin/wired-lock.ts';
import { startBroker } from '../test/support/broker.ts';
import { startHomebridgeUi } from '../test/support/homebridge-ui.ts';
import { unpackPlugin } from '../test/support/packed-plugin.ts';

const HOUR_MS = 3_600_000;
/** Made up: no lock has a key to it. */
const DIGITS = '918273645546';

const THEMES = ['light', 'dark'] as const;

interface Places {
  /** Empty, for the programs' own files. */
  readonly folder: string;
  readonly pluginDir: string;
  readonly pictures: string;
}

/** Writes `accessories-THEME.png` and `homebridge-THEME.png` for both themes. */
export async function pictureHomebridge(browser: Browser, folder: string, pictures: string): Promise<void> {
  const places = { folder, pictures, pluginDir: unpackPlugin(folder) };
  await pictureAccessories(browser, places);
  await pictureSettings(browser, places);
}

/** A guest has just come in. */
async function pictureAccessories(browser: Browser, { folder, pluginDir, pictures }: Places): Promise<void> {
  for (const theme of THEMES) {
    const storage = join(folder, `accessories-${theme}`);
    const home = await openAccessories(browser, { folder: storage, pluginDir, theme });
    await home.guestOpens();
    await home.tile('Guest', 'Detected').waitFor();
    // The UI complains that it cannot ask the internet for newer versions.
    for (const toast of await home.page.locator('.toast-close-button').all()) await toast.click();
    await home.page.locator('.ngx-toastr').waitFor({ state: 'detached' });
    const clip = { x: 60, y: 0, width: 940, height: 310 };
    await home.page.screenshot({ path: join(pictures, `accessories-${theme}.png`), clip });
    await home.close();
  }
}

async function pictureSettings(browser: Browser, { folder, pluginDir, pictures }: Places): Promise<void> {
  const broker = await startBroker();
  const front = new WiredLock(broker.url);
  const cellar = new WiredLock(broker.url, 'cellar');
  front.battery = 80;
  await Promise.all([front.join(), cellar.join()]);
  await front.publishStays(sealStays(front.commandKey('homebridge'), stayOfToday(front), new Uint8Array(24)));
  for (const theme of THEMES) {
    const ui = await startHomebridgeUi({
      ...{ storageDir: join(folder, theme), pluginDir, theme },
      platforms: [blockOf(front, broker.url)],
    });
    const settings = await openSettings(browser, ui.url, { width: 1000, height: 1130 });
    const { frame, page } = settings;
    await frame.getByRole('button', { name: 'Test' }).click();
    await frame.getByText('The lock takes this key').waitFor();
    await frame.locator('summary').click();
    await frame.locator('#read-stays').click();
    await frame.getByText('flat-a').waitFor();
    await page.screenshot({ path: join(pictures, `homebridge-${theme}.png`) });
    await settings.close();
    await ui.stop();
  }
  await Promise.all([front.leave(), cellar.leave()]);
  await broker.stop();
}

function stayOfToday({ lockId }: WiredLock): Parameters<typeof sealStays>[1] {
  const window = { startsAtMs: Date.now() - 20 * HOUR_MS, endsAtMs: Date.now() + 44 * HOUR_MS };
  const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0, ...window } as const;
  return { lockId, stays: [{ code, digits: DIGITS }] };
}

function blockOf(lock: WiredLock, brokerUrl: string): object {
  const pairing = formatPairing({
    ...{ brokerUrl, username: null, password: null, lockId: lock.lockId, name: 'Front door' },
    ...{ controllerId: 'homebridge', commandKey: lock.commandKey('homebridge') },
  });
  return { platform: 'Staycode', name: 'Staycode', locks: [{ pairing }] };
}
