/** The machine's own Chromium, driven by playwright-core; a test that uses it asks `needsChromium` first. */
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from './parts.ts';

/** Small Android phone, the least that the pages are made for. */
export const PHONE = { width: 360, height: 740 } as const;

/** Headless, and silent towards the network. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // It would ask for help with forms, updates and accounts all the same, for names that are not found here.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
