import assert from 'node:assert/strict';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type LockServer, serveLock } from '../../mqtt-lock-sim/src/http.ts';
import { launchBrowser, PHONE } from '../support/browser.ts';
import { createFakeLock, CLOCK_CODE, type FakeLock, GOOD_CODE, START_MS } from '../support/fake-lock-view.ts';
import { needsChromium } from '../support/parts.ts';
import { until } from '../support/until.ts';

const WRONG_CODE = '952791427295';

describe('the keypad page', function () {
  this.timeout(60_000);
  let browser: Browser;
  let lock: FakeLock;
  let server: LockServer;
  let page: Page;
  let problems: string[];

  before(async function () {
    needsChromium(this);
    browser = await launchBrowser();
  });
  // Mocha runs it after a skip as well, when there is no browser to close.
  after(() => (browser as Browser | undefined)?.close());
  beforeEach(async () => {
    lock = createFakeLock();
    server = await serveLock(lock);
    problems = [];
  });
  afterEach(async () => {
    await page.context().close();
    await server.close();
    assert.deepEqual(problems, []);
  });

  /** Opens the page at phone size and waits for the lock's first word. */
  const openPage = async (options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>) => {
    const context = await browser.newContext({ viewport: PHONE, ...options });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await prepare?.(page);
    await page.goto(server.url);
    await boltSays('Locked');
  };
  // Exact: as a part, "Locked" would be found in "Unlocked".
  const boltSays = (text: string) => page.locator('#bolt-text').getByText(text, { exact: true }).waitFor();
  const signalSays = (text: string) => page.locator('#signal-text', { hasText: text }).waitFor();
  const key = (name: string) => page.locator(`[data-key="${name}"]`);
  const typed = () => page.locator('#typed').textContent();
  /** Whether the bolt reaches into the frame. */
  const isThrown = async () => {
    const bolt = await page.locator('#bolt').boundingBox();
    const frame = await page.locator('.jamb').boundingBox();
    assert.ok(bolt && frame);
    return bolt.x + bolt.width > frame.x;
  };

  it('opens by touch: the bolt leaves the frame and the door says so', async () => {
    await openPage({ hasTouch: true, isMobile: true, reducedMotion: 'reduce' });
    assert.equal(await isThrown(), true);
    for (const digit of GOOD_CODE) await key(digit).tap();
    assert.equal(await typed(), '9527 9142 7294');
    await key('enter').tap();
    await signalSays('Opened');
    await boltSays('Unlocked');
    assert.equal(await isThrown(), false);
    assert.equal(await typed(), '');
    assert.deepEqual(lock.entries, [GOOD_CODE]);
  });

  it('has its keys off until the lock’s first word, and takes none', async () => {
    let say = (): void => undefined;
    const firstWord = new Promise<void>((resolve) => (say = resolve));
    await openPage({}, async (opened) => {
      await opened.route('**/api/live', async (route) => {
        await opened.locator('#keypad.off').waitFor();
        await opened.locator('[data-key="9"]').click();
        assert.equal(await opened.locator('#typed').textContent(), '');
        say();
        await route.continue();
      });
    });
    await firstWord;
    assert.equal(await page.locator('#keypad.off').count(), 0);
    await key('9').click();
    assert.equal(await typed(), '9');
  });

  it('opens by mouse, the Enter key after it ending the entry and not pressing the last key again', async () => {
    await openPage();
    for (const digit of GOOD_CODE) await key(digit).click();
    await page.keyboard.press('Enter');
    await signalSays('Opened');
    assert.deepEqual(lock.entries, [GOOD_CODE]);
  });

  it('is used from the keyboard alone: digits, Backspace, Escape, Enter', async () => {
    await openPage();
    await page.keyboard.type('123');
    await page.keyboard.press('Escape');
    assert.equal(await typed(), '');
    await page.keyboard.type(`${GOOD_CODE}7`);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await signalSays('Opened');
    assert.deepEqual(lock.entries, [GOOD_CODE]);
  });

  it('lets every key be reached with Tab and pressed with Enter or space', async () => {
    await openPage();
    await key('5').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    assert.equal(await typed(), '55');
    await key('back').focus();
    await page.keyboard.press('Space');
    await key('enter').focus();
    await page.keyboard.press('Enter');
    await signalSays('Not accepted');
    assert.deepEqual(lock.entries, ['5']);
  });

  it('refuses a wrong code at the door without a reason, and gives the reason in the log', async () => {
    await openPage();
    await page.keyboard.type(WRONG_CODE);
    await page.keyboard.press('Enter');
    await signalSays('Not accepted');
    assert.equal(await page.locator('#bolt-text').textContent(), 'Locked');
    const door = (await page.locator('.door-side').textContent()) ?? '';
    assert.ok(!door.includes('no such code'));
    await page.locator('#log', { hasText: 'no such code' }).waitFor();
  });

  it('shows "done" for a code that sets the clock, with another shape than opened and refused', async () => {
    await openPage();
    const shapes = new Set<string | null>();
    for (const [code, text] of [
      [GOOD_CODE, 'Opened'],
      [CLOCK_CODE, 'Done'],
      [WRONG_CODE, 'Not accepted'],
    ] as const) {
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
      await signalSays(text);
      shapes.add(await page.locator('#signal-shape').getAttribute('d'));
    }
    assert.equal(shapes.size, 3);
  });

  it('ends an entry by itself five seconds after the last key, not before', async () => {
    await openPage({}, async (fresh) => {
      await fresh.clock.install({ time: START_MS });
    });
    await page.clock.pauseAt(START_MS + 20_000);
    // A word from the lock, so that the page does not hold it for gone in the ten seconds to come.
    lock.change({ battery: 50 });
    await page.locator('#battery-text', { hasText: '50 %' }).waitFor();
    await page.keyboard.type(GOOD_CODE.slice(0, 6));
    await page.clock.runFor(4_900);
    await page.keyboard.type(GOOD_CODE.slice(6));
    await page.clock.runFor(4_900);
    assert.deepEqual(lock.entries, []);
    assert.equal(await typed(), '9527 9142 7294');
    await page.clock.runFor(200);
    await signalSays('Opened');
    assert.deepEqual(lock.entries, [GOOD_CODE]);
  });

  it('sends an entry longer than a code whole, so that a wrong one stays wrong', async () => {
    await openPage();
    await page.keyboard.type(`${GOOD_CODE}1`);
    await page.keyboard.press('Enter');
    await signalSays('Not accepted');
    assert.deepEqual(lock.entries, [`${GOOD_CODE}1`]);
  });

  it('takes no key while an entry is judged, and ignores an empty entry', async () => {
    await openPage();
    const release = lock.holdVerdicts();
    await page.keyboard.press('Enter');
    await page.keyboard.type(GOOD_CODE);
    await page.keyboard.press('Enter');
    await page.locator('#keypad[aria-busy="true"]').waitFor();
    await page.keyboard.type('99');
    await page.keyboard.press('Enter');
    release();
    await signalSays('Opened');
    await page.locator('#keypad[aria-busy="false"]').waitFor();
    assert.equal(await typed(), '');
    assert.deepEqual(lock.entries, [GOOD_CODE]);
  });

  it("shows what happened, newest first, with unit and window in the lock's zone and no code", async () => {
    lock.happen({ operation: 'Lock', source: 'Auto' });
    await openPage({ timezoneId: 'America/New_York' });
    await page.keyboard.type(GOOD_CODE);
    await page.keyboard.press('Enter');
    await page.locator('#log li').nth(1).waitFor();
    const [first = '', second = ''] = await page.locator('#log li').allTextContents();
    assert.match(
      first,
      /Unlocked.*stay code, at the keypad.*flat-a.*27 Nov 2026, 20:45 – 1 Dec 2026, 20:45/u,
    );
    assert.match(second, /Locked.*by itself/u);
    assert.ok(!(await page.content()).includes(GOOD_CODE));
  });

  it("shows the lock's own time in its zone, and says when the clock is lost", async () => {
    await openPage({ timezoneId: 'America/New_York' });
    await page.locator('#clock', { hasText: /^Fri 27 Nov, 20:45:/u }).waitFor();
    await page.locator('#clock', { hasText: '20:45:02' }).waitFor();
    lock.change({ clock: 'lost' });
    await page.locator('#clock', { hasText: 'Clock lost' }).waitFor();
  });

  it('shows the battery only where the lock has a gauge', async () => {
    await openPage();
    assert.equal(await page.locator('#battery-text').textContent(), '87 %');
    lock.change({ battery: null });
    await page.locator('#battery').waitFor({ state: 'hidden' });
  });

  it('says when the door stands open and when it was forced, and nothing else', async () => {
    await openPage();
    const contact = page.locator('#contact-text');
    await boltSays('Locked');
    assert.equal(await contact.textContent(), '');
    lock.change({ door: 'open', tampered: true });
    await contact.filter({ hasText: 'The door stands open · The door was forced' }).waitFor();
    lock.change({ door: null, tampered: false });
    await contact.waitFor({ state: 'hidden' });
  });

  it('turns the bolt from inside, and says when it is jammed', async () => {
    await openPage();
    await page.getByRole('button', { name: 'Unlock from inside' }).click();
    await boltSays('Unlocked');
    await page.getByRole('button', { name: 'Lock from inside', exact: true }).click();
    await boltSays('Locked');
    lock.change({ bolt: 'jammed' });
    await boltSays('Jammed');
  });

  describe('faults', () => {
    const faultButton = (name: string) => page.getByRole('button', { name });
    const isPressed = (name: string, pressed: boolean) =>
      page.getByRole('button', { name, pressed }).waitFor();

    it('are switched by touch on a small phone, and show what is on, whoever switched it', async () => {
      await openPage({ hasTouch: true, isMobile: true });
      await page.getByText('Faults', { exact: true }).tap();
      await faultButton('Bolt jammed').tap();
      await isPressed('Bolt jammed', true);
      await lock.applyFault({ fault: 'drift', ppm: -20 });
      await isPressed('Clock drift', true);
      assert.equal(await page.locator('[name="ppm"]').inputValue(), '-20');
      assert.equal(await page.locator('#faults-on').textContent(), '2 on');
      await faultButton('Bolt jammed').tap();
      await faultButton('Clock drift').tap();
      await isPressed('Clock drift', false);
      await faultButton('Door forced').tap();
      await until(() => lock.applied.length === 5);
      assert.deepEqual(lock.applied, [
        { fault: 'jammed', on: true },
        { fault: 'drift', ppm: -20 },
        { fault: 'jammed', on: false },
        { fault: 'drift', ppm: 0 },
        { fault: 'forced' },
      ]);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.equal(width, PHONE.width);
      for (const button of await page.locator('#faults button').all()) {
        assert.ok(((await button.boundingBox())?.height ?? 0) >= 44);
      }
    });

    it('are used from the keyboard alone, digits for a field going to it and not to the keypad', async () => {
      await openPage();
      await page.locator('#faults summary').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await isPressed('Network off', true);
      await faultButton('Clock jump').focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('-120');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Enter');
      await until(() => lock.applied.length === 2);
      assert.deepEqual(lock.applied, [
        { fault: 'network-off', on: true },
        { fault: 'clock-jump', seconds: -12 },
      ]);
      assert.equal(await typed(), '');
    });

    it('switch the keypad off while there is no power, and say so', async () => {
      await openPage();
      await page.locator('#faults summary').click();
      await page.getByLabel('clock').selectOption('lost');
      await faultButton('Power cut').click();
      await page.getByRole('alert').filter({ hasText: 'The lock has no power' }).waitFor();
      await page.keyboard.type('12');
      assert.equal(await typed(), '');
      assert.equal(await page.locator('#clock').textContent(), '');
      await page.reload();
      await page.locator('#keypad.off').waitFor();
      await page.locator('#faults summary').click();
      await faultButton('Power cut').click();
      await page.locator('#clock', { hasText: 'Fri 27 Nov' }).waitFor();
      assert.deepEqual(lock.applied, [
        { fault: 'power-cut', on: true, clock: 'lost', seconds: null },
        { fault: 'power-cut', on: false, clock: 'lost', seconds: null },
      ]);
    });

    it('say why one was not taken', async () => {
      await openPage();
      lock.breakDown();
      await page.locator('#faults summary').click();
      await faultButton('Door forced').click();
      await page.getByRole('alert').filter({ hasText: 'the lock failed' }).waitFor();
    });

    it('tell an alarm in the log', async () => {
      lock.happen({ event: 'DoorLockAlarm', source: 'Auto', reason: 'forced' });
      await openPage();
      assert.match((await page.locator('#log li').textContent()) ?? '', /Alarm *the door was forced open$/u);
    });
  });

  it('says when the lock program is gone, shows nothing stale, and comes back by itself', async () => {
    await openPage();
    await page.keyboard.type('12');
    await server.close();
    await page.getByRole('alert').filter({ hasText: 'No connection to the lock program' }).waitFor();
    await boltSays('No connection');
    await page.locator('body[data-bolt="unknown"]').waitFor();
    await page.keyboard.type('34');
    assert.equal(await typed(), '');
    server = await serveLock(lock, { port: Number(new URL(server.url).port) });
    await boltSays('Locked');
    assert.equal(await page.getByRole('alert').textContent(), '');
  });

  it('says that no answer came when the lock fails at an entry', async () => {
    await openPage();
    lock.breakDown();
    await page.keyboard.type(GOOD_CODE);
    await page.keyboard.press('Enter');
    await signalSays('No answer from the lock');
  });

  it('shows every key on a small phone without scrolling, each at least 44 pixels', async () => {
    await openPage({ hasTouch: true, isMobile: true });
    const boxes = await Promise.all(
      (await page.locator('.keys button').all()).map((button) => button.boundingBox()),
    );
    assert.equal(boxes.length, 12);
    for (const box of boxes) {
      assert.ok(box && box.width >= 44 && box.height >= 44);
      assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width && box.y + box.height <= PHONE.height);
    }
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.equal(width, PHONE.width);
  });
});
