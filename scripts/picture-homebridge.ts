/** The picture of the settings page in the real Homebridge UI, with a broker, two locks and a stay of today. */
import { join } from 'node:path';
import { formatPairing, sealStays } from '@staycode/core';
import type { Browser } from 'playwright-core';
import { openSettings } from '../test/homebridge-plugin/settings-page.ts';
import { WiredLock } from '../test/homebridge-plugin/wired-lock.ts';
import { startBroker } from '../test/support/broker.ts';
import { startHomebridgeUi } from '../test/support/homebridge-ui.ts';
import { unpackPlugin } from '../test/support/packed-plugin.ts';

const HOUR_MS = 3_600_000;
/** Made up: no lock has a key to it. */
const DIGITS = '918273645546';

/** Writes `homebridge-THEME.png` for both themes. */
export async function pictureSettings(browser: Browser, folder: string, pictures: string): Promise<void> {
  const broker = await startBroker();
  const front = new WiredLock(broker.url);
  const cellar = new WiredLock(broker.url, 'cellar');
  front.battery = 80;
  await Promise.all([front.join(), cellar.join()]);
  await front.publishStays(sealStays(front.commandKey('homebridge'), stayOfToday(front), new Uint8Array(24)));
  const pluginDir = unpackPlugin(folder);
  for (const theme of ['light', 'dark'] as const) {
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
