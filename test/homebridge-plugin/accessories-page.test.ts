import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { unpackPlugin } from '../support/packed-plugin.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { type AccessoriesPage, openAccessories } from './accessories-page.ts';

describe('the accessories of a lock on the page of the real Homebridge UI', function () {
  this.timeout(120_000);
  let browser: Browser;
  let home: AccessoriesPage;

  before(async function () {
    needsChromium(this);
    browser = await launchBrowser();
    const pluginDir = unpackPlugin(scratchFolder());
    home = await openAccessories(browser, { folder: scratchFolder(), pluginDir });
  });
  after(async () => {
    await home.close();
    await browser.close();
    removeScratch();
  });

  it('are the bolt, the door, the keypad, the battery and who has arrived', async () => {
    for (const words of [['Keypad'], ['80%'], ['Door', 'Closed'], ['Guest', 'Not Detected']])
      await home.tile(...words).waitFor();
  });

  it('follow what happens at the door', async () => {
    await home.guestOpens();
    await home.tile('Front door', 'Unlocked').waitFor();
    await home.tile('Guest', 'Detected').filter({ hasNotText: 'Not Detected' }).waitFor();
  });

  it('lock the door at a click, by a signed command that the lock has carried out', async () => {
    const before = home.lock.received.length;
    await home.tile('Front door', 'Unlocked').click();
    await home.tile('Front door', 'Locked').waitFor();
    assert.equal(home.lock.bolt, 'secured');
    assert.ok(home.lock.received.length > before);
  });
});
