/** A lock at a real Homebridge, and the page of the real Homebridge UI that shows its accessories, which it finds by mDNS and reads over HAP. */
import { join } from 'node:path';
import { formatPairing } from '@staycode/core';
import type { Browser, Page } from 'playwright-core';
import { type Broker, startBroker } from '../support/broker.ts';
import { startHomebridge } from '../support/homebridge.ts';
import { startHomebridgeUi } from '../support/homebridge-ui.ts';
import { WiredLock } from './wired-lock.ts';

const HOUR_MS = 3_600_000;

export interface AccessoriesPage {
  readonly page: Page;
  readonly lock: WiredLock;
  /** The tile of a service, by the words on it. */
  tile(...words: string[]): ReturnType<Page['locator']>;
  /** A guest opens the lock at its keypad. */
  guestOpens(): Promise<void>;
  close(): Promise<void>;
}

export interface AccessoriesOptions {
  /** Empty, for both programs' files. */
  readonly folder: string;
  /** A folder that holds the plugin, by its package name. */
  readonly pluginDir: string;
  readonly theme?: 'light' | 'dark';
}

/** Resolves once the lock is on the page, locked. */
export async function openAccessories(
  browser: Browser,
  { folder, pluginDir, theme = 'light' }: AccessoriesOptions,
): Promise<AccessoriesPage> {
  const broker: Broker = await startBroker();
  const lock = new WiredLock(broker.url);
  lock.battery = 80;
  lock.door = 'closed';
  await lock.join();
  const pairing = formatPairing({
    ...{ brokerUrl: broker.url, username: null, password: null, lockId: lock.lockId, name: 'Front door' },
    ...{ controllerId: 'homebridge', commandKey: lock.commandKey('homebridge') },
  });
  const homebridge = await startHomebridge({
    // A bridge's name on the network goes by it: others of the suite run at the same time.
    ...{ storageDir: join(folder, 'bridge'), pluginDir, isInsecure: true, username: '0E:5C:0D:E0:00:03' },
    config: { platforms: [{ platform: 'Staycode', name: 'Staycode', locks: [{ pairing }] }] },
  });
  const ui = await startHomebridgeUi({ storageDir: join(folder, 'ui'), pluginDir, theme });
  const context = await browser.newContext({ viewport: { width: 1000, height: 420 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${ui.url}/accessories`, { waitUntil: 'domcontentloaded' });
  const tile: AccessoriesPage['tile'] = (...words) =>
    words.reduce(
      (tiles, word) => tiles.filter({ hasText: new RegExp(`\\b${word}`, 'u') }),
      page.locator('.accessory-box'),
    );
  await tile('Front door', 'Locked').waitFor();
  return {
    ...{ page, lock, tile },
    guestOpens: async () => {
      lock.bolt = 'unsecured';
      const nowMs = Date.now();
      await lock.publishEvent({
        unitId: 'flat-a',
        window: { startsAtMs: nowMs - 20 * HOUR_MS, endsAtMs: nowMs + 44 * HOUR_MS },
      });
      await lock.publishState();
    },
    close: async () => {
      await context.close();
      await ui.stop();
      await homebridge.stop();
      await lock.leave();
      await broker.stop();
    },
  };
}
