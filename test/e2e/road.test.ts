import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Temporal } from 'temporal-polyfill';
import { openAccessCodeStore } from '@staycode/core/edges';
import { UNIT_ID } from '../../demo/flow.ts';
import { type Home, startHome } from '../../demo/home.ts';
import { startProgram } from '../../demo/program.ts';
import type { GuestMessage } from '../../demo/sample-ota.ts';
import { HomeApp } from '../homebridge-plugin/home-app.ts';
import { launchBrowser, PHONE } from '../support/browser.ts';
import { needsChromium } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const HOUR_MS = 3_600_000;
/** HAP's lock states. */
const UNSECURED = 0;
const SECURED = 1;
const lockProgram = join(import.meta.dirname, '../../mqtt-lock-sim/dist/staycode-lock.js');

async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const late = AbortSignal.timeout(20_000);
  while (!late.aborted) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

async function enter(keypadUrl: string, digits: string): Promise<boolean> {
  const response = await fetch(new URL('api/entry', keypadUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ digits }),
  });
  return ((await response.json()) as { opened: boolean }).opened;
}

/** Types at the keypad page, then waits for the bolt's word. */
async function typeAndSee(page: Page, digits: string, signal: string): Promise<string> {
  // Keys wait for the lock's first word.
  await page.locator('#keypad:not(.off)').waitFor();
  for (const digit of digits) await page.locator(`[data-key="${digit}"]`).click();
  await page.locator('[data-key="enter"]').click();
  await page.locator('#signal-text', { hasText: signal }).waitFor();
  return (await page.locator('#bolt-text').textContent()) ?? '';
}

async function lockFromInside(page: Page): Promise<void> {
  await page.locator('#turn').click();
  await page.locator('#bolt-text', { hasText: 'Locked' }).waitFor();
}

describe('the whole road: a feed, a code, a door', function () {
  this.timeout(120_000);
  let home: Home;
  let folder: string;
  let running: GuestMessage;
  let browser: Browser;
  // Everything that was started is stopped, also when a later start failed.
  const started: { stop(): Promise<void> }[] = [];

  before(async function () {
    needsChromium(this);
    folder = scratchFolder();
    home = await startHome({ folder });
    started.push(home);
    const now = Date.now();
    running = await waitFor('the running stay in the flow', () =>
      home.ota.messages.find(({ code }) => Date.parse(code.startsAt) <= now && now < Date.parse(code.endsAt)),
    );
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
  });
  after(async () => {
    await Promise.all(started.map((one) => one.stop()));
    removeScratch();
  });

  /** The same lock, new, with its clock moved. */
  async function lockAt(atMs: number): Promise<string> {
    const at = new Date(atMs).toISOString();
    const args = [lockProgram, '--lock', home.lockFile, '--data', scratchFolder(), '--clock', at];
    const program = startProgram('Lock', args, { cwd: scratchFolder() });
    started.push(program);
    const [, url = ''] = await program.waitFor(/Keypad (http:\S+)/u);
    return url;
  }

  it("sends the guests of the feed's stays their codes, and none for the block", async () => {
    const stays = home.ota.bookings.filter(({ summary, to }) => summary === 'Reserved' && !isOver(to));
    await waitFor('all stays', () => home.ota.messages.length >= stays.length);
    assert.equal(home.ota.messages.length, stays.length);
    assert.equal(new Set(home.ota.messages.map(({ code }) => code.digits)).size, stays.length);
    for (const { text, code } of home.ota.messages) {
      assert(text.includes(code.digits.replace(/(.{4})(?=.)/gu, '$1 ')), 'the digits in groups of four');
    }
  });

  it('moves the bolt for the code from the flow, typed by touch, and afterwards for its first six digits', async () => {
    const page = await browser.newPage({ viewport: PHONE, hasTouch: true });
    await page.goto(home.urls.keypad);
    assert.equal(await typeAndSee(page, running.code.digits.slice(0, 6), 'Not accepted'), 'Locked');
    assert.equal(await typeAndSee(page, running.code.digits, 'Opened'), 'Unlocked');
    await lockFromInside(page);
    assert.equal(await typeAndSee(page, running.code.digits.slice(0, 6), 'Opened'), 'Unlocked');
    await lockFromInside(page);
    assert.equal(await typeAndSee(page, changeLast(running.code.digits), 'Not accepted'), 'Locked');
    await page.close();
  });

  it("turns the stay's code verified in Node-RED, once the lock's log has told of the opening", async () => {
    const register = openAccessCodeStore(join(folder, 'node-red/staycode/register.sqlite'));
    const startsAtMs = Date.parse(running.code.startsAt);
    const code = register.readUnit(UNIT_ID).codes.find((one) => one.startsAtMs === startsAtMs);
    assert(code);
    await waitFor('the first use', () => register.uses.firstUsedAtMs(code) !== null);
    register.close();
  });

  it('refuses the right code before check-in and after check-out, and takes it in between', async () => {
    const startsAtMs = Date.parse(running.code.startsAt);
    const endsAtMs = Date.parse(running.code.endsAt);
    const { digits } = running.code;
    assert.equal(await enter(await lockAt(startsAtMs - HOUR_MS), digits), false);
    assert.equal(await enter(await lockAt(startsAtMs + HOUR_MS), digits), true);
    assert.equal(await enter(await lockAt(endsAtMs - HOUR_MS), digits), true);
    assert.equal(await enter(await lockAt(endsAtMs + HOUR_MS), digits), false);
  });

  it('shows the guest coming in to a HAP client, which then locks the door', async () => {
    const app = new HomeApp(home.bridge);
    await app.pair(home.bridge.pin);
    await app.discover();
    await app.subscribe('current', 'target');
    assert.equal(await app.read('current'), SECURED);
    assert.equal(await enter(home.urls.keypad, running.code.digits), true);
    await waitFor('the event of the opening', () => app.events.includes(`current ${UNSECURED}`));
    assert.equal(await app.write('target', SECURED), 'done');
    await waitFor('the event of the locking', () => app.events.at(-1) === `current ${SECURED}`);
    const state = (await (await fetch(new URL('api/state', home.urls.keypad))).json()) as {
      status: { bolt: string };
    };
    assert.equal(state.status.bolt, 'secured');
    await home.broker.stop();
    await waitFor('No Response', () => app.read('current').then((value) => value === 'status -70402'));
    await app.close();
  });

  it('gives a booking made today, while the lock has no network, a code that opens at once', async () => {
    // Any day after all the others: the lock below lives on that day, without the network it never hears of.
    const from = Temporal.Now.plainDateISO().add({ days: 20 });
    const booking = {
      uid: 'same-day@sample.example',
      summary: 'Reserved',
      from: from.toString(),
      to: from.add({ days: 2 }).toString(),
    };
    const before = home.ota.messages.length;
    home.ota.bookings.push(booking);
    const polled = await fetch(new URL('inject/poll', home.urls.nodeRed), { method: 'POST' });
    assert.equal(polled.status, 200);
    const message = await waitFor('the new code', () => home.ota.messages[before]);
    const keypad = await lockAt(Date.parse(message.code.startsAt) + 60_000);
    assert.equal(await enter(keypad, message.code.digits), true);
  });

  it('opens with broker and Node-RED stopped, for the code and for its first six digits', async () => {
    await Promise.all([home.broker.stop(), home.nodeRed.stop(), home.homebridge.stop()]);
    const page = await browser.newPage({ viewport: PHONE });
    await page.goto(home.urls.keypad);
    assert.equal(await typeAndSee(page, running.code.digits, 'Opened'), 'Unlocked');
    await lockFromInside(page);
    assert.equal(await typeAndSee(page, running.code.digits.slice(0, 6), 'Opened'), 'Unlocked');
    await page.close();
  });

  it('left no code and no key in what any program printed', () => {
    const printed = [home.broker, home.lock, home.nodeRed, home.homebridge]
      .map((program) => program.logs())
      .join('\n');
    for (const { code } of home.ota.messages) {
      assert(
        !printed.includes(code.digits) && !printed.includes(code.digits.replace(/(.{4})(?=.)/gu, '$1 ')),
      );
    }
    assert.doesNotMatch(printed, /[0-9a-f]{64}/u);
  });
});

function isOver(to: string): boolean {
  return Temporal.PlainDate.compare(Temporal.PlainDate.from(to), Temporal.Now.plainDateISO()) < 0;
}

function changeLast(digits: string): string {
  return digits.slice(0, 11) + String((Number(digits.at(-1)) + 1) % 10);
}
