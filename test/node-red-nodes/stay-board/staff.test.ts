import assert from 'node:assert/strict';
import decodeQR from 'qr/decode.js';
import type { Browser, Page } from 'playwright-core';
import { scan } from '../../support/authenticator.ts';
import { launchBrowser } from '../../support/browser.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type BoardHome, openBoard, startBoardHome } from './board-home.ts';

const STAFF = [
  { id: 'c1', name: 'Clara', doors: 'all', digits: '8', keyVersion: '1' },
  { id: 't1', name: 'Tom', doors: 'chosen', digits: '6', keyVersion: '3' },
];

describe('staff on the board', function () {
  this.timeout(60_000);
  let browser: Browser;
  let home: BoardHome;
  let page: Page;
  const started: { stop(): Promise<void> }[] = [];
  const errors: string[] = [];

  before(async function () {
    needsChromium(this);
    home = await startBoardHome(scratchFolder(), { staff: STAFF });
    started.push({ stop: () => home.node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    page = await openBoard(browser, home.node.url, { errors });
    await page.locator('.row').first().waitFor();
  });
  afterEach(async () => {
    await page.keyboard.press('Escape');
    assert.deepEqual(errors.splice(0), []);
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const person = (name: string) => page.locator('.people li', { hasText: name });
  const openStaff = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Staff', exact: true }).click();
    await person('Clara').waitFor();
  };

  it('are listed with their doors and keys, and with how each door learns of a change', async () => {
    await openStaff();
    await person('Clara').getByText('8 digits · key 1').waitFor();
    await person('Clara').getByText('Opens Door A, Door B, Door C').waitFor();
    await person('Tom').getByText('Opens no door yet').waitFor();
    await page.getByText('These doors know it then: Door A, Door B.').waitFor();
    await page.getByText('These go by the old list until they have their lock file anew: Door C.').waitFor();
  });

  it('get a QR code that a phone can read, whose codes open the door, and that is on record', async () => {
    await openStaff();
    await person('Clara').getByText('was never shown').waitFor();
    await person('Clara').getByRole('button', { name: 'Show QR code: Clara' }).click();
    const entry = scan(await readQrCode(page, await page.locator('.qr').screenshot()));
    assert.deepEqual([entry.issuer, entry.name], ['Mill House', 'Clara']);
    assert.equal(await home.type('a', entry.code()), 'opened staff');
    const typed = ((await page.locator('.key').textContent()) ?? '').replaceAll(' ', '');
    const uri = new URL((await page.getByText('Open it in the app').getAttribute('href')) ?? '');
    assert.equal(uri.searchParams.get('secret'), typed);
    await page.keyboard.press('Escape');
    await openStaff();
    await person('Clara')
      .getByText(/QR code last shown to host, \w+/u)
      .waitFor();
    await person('Tom').getByText('was never shown').waitFor();
  });

  it('have no secret in the page once the window is closed, and none before it is asked for', async () => {
    await openStaff();
    assert.doesNotMatch(await page.content(), /otpauth/u);
    await person('Clara').getByRole('button').click();
    await page.locator('.qr').waitFor();
    assert.match(await page.content(), /otpauth/u);
    await page.keyboard.press('Escape');
    await page.locator('#window:not([open])').waitFor({ state: 'attached' });
    await page.waitForFunction(() => !document.body.innerHTML.includes('otpauth'));
  });

  it('stand at the doors of a unit by name, once they came', async () => {
    await page.locator('.unit button', { hasText: 'Flat A' }).click();
    const doors = page.locator('#panel section', { hasText: 'At the doors' });
    await doors.getByText('Clara · with a staff code').waitFor();
    await doors.getByText('Opened Door A').waitFor();
  });

  it('are asked for by the host alone, and refused where there is nobody of that name', async () => {
    const ask = (body: object): Promise<Response> =>
      fetch(`${home.node.url}/staycode/board/api/host/staff/show`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const shown = await ask({ siteId: 'site', staffId: 't1' });
    assert.equal(shown.headers.get('cache-control'), 'no-store');
    const refused = await ask({ siteId: 'site', staffId: 'c9' });
    assert.equal(refused.status, 409);
    assert.match(await refused.text(), /no-such-person/u);
  });
});

/** What a phone's camera makes of a picture of the screen. */
async function readQrCode(page: Page, png: Buffer): Promise<string> {
  const blank = await page.context().newPage();
  const { width, height, data } = await blank.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
    return { width: image.width, height: image.height, data: Array.from(pixels) };
  }, png.toString('base64'));
  await blank.close();
  return decodeQR({ width, height, data: Uint8Array.from(data) });
}
