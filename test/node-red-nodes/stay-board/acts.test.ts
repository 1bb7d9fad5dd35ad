import assert from 'node:assert/strict';
import { compileRules, DEFAULT_HOUSE_RULES, deriveUnitKey } from '@staycode/core';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { SITE_KEY } from '../../support/busy-house.ts';
import { ExampleLock, exampleConfig, exampleRules } from '../../support/lock-example.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { needsChromium } from '../../support/parts.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { dayText } from '../sample-feed.ts';
import { type BoardHome, openBoard, startBoardHome } from './board-home.ts';

/** A door that hears of nothing but what is typed at it. */
function offlineLock(unitId: string): ExampleLock {
  const unitKey = deriveUnitKey(Buffer.from(SITE_KEY, 'hex'), unitId, 1);
  const rules = exampleRules(compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' }));
  const config = exampleConfig({ units: [{ unitId, keyVersion: 1, alphabet: 'decimal', unitKey }], rules });
  return new ExampleLock(config, new Date(Date.now() - 2 * 86_400_000).toISOString());
}

describe('what the host does on the board', function () {
  this.timeout(60_000);
  let browser: Browser;
  let home: BoardHome;
  let page: Page;
  let userDir: string;
  const started: { stop(): Promise<void> }[] = [];
  const errors: string[] = [];

  before(async function () {
    needsChromium(this);
    userDir = scratchFolder();
    home = await startBoardHome(userDir);
    started.push({ stop: () => home.node.stop() });
    browser = await launchBrowser();
    started.push({ stop: () => browser.close() });
    page = await openBoard(browser, home.node.url, { errors });
    await home.book({ id: 'in-house', from: -1, to: 1, name: 'Ada Byron' });
  });
  afterEach(async () => {
    await page.keyboard.press('Escape');
    assert.deepEqual(errors.splice(0), []);
  });
  after(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    removeScratch();
  });

  const panel = () => page.locator('#panel');
  const open = async (stayId: string): Promise<void> => {
    await page.locator(`.stay[data-stay="${stayId}"]`).click();
    await panel().locator('.state-line').waitFor();
  };
  const digits = async (): Promise<string> =>
    ((await page.locator('.digits > span:first-child').first().textContent()) ?? '').replaceAll(' ', '');
  const showCode = async (stayId: string): Promise<string> => {
    await open(stayId);
    await press('Show code and message', page.locator('.digits').first());
    const shown = await digits();
    await page.keyboard.press('Escape');
    return shown;
  };
  /** News may move a button from under a click: who sees nothing come of it clicks again. */
  const press = async (name: string, outcome: Locator): Promise<void> => {
    for (let isSeen = false; !isSeen;) {
      // The button goes with its click, of which the outcome may be slow.
      await panel()
        .getByRole('button', { name, exact: true })
        .click({ timeout: 2_000 })
        .catch(() => undefined);
      isSeen = await outcome.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    }
  };
  /** From the button of an act to what came of it. */
  const act = async (name: string, fill: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
    await press(name, panel().locator('form'));
    await fill();
    await panel().locator('form .main:enabled').click();
    await panel().locator('.result').waitFor();
  };
  /** Of Flat B, for a night that has yet to come: once it is to be seen, so is all that was told before. */
  const bookAndSee = async (id: string, day: number, meanwhile = () => Promise.resolve()): Promise<void> => {
    await home.book({ id, unit: 'flat-b', from: day, to: day + 1 });
    await meanwhile();
    await page.locator(`.stay[data-stay="${id}"]`).waitFor({ state: 'attached' });
  };
  /** Lets what the page reads from Node-RED wait, as on a slow line. */
  const holdNews = async (): Promise<{ hold: () => Promise<void>; release: () => Promise<void> }> => {
    await page.evaluate(() => {
      const reader = ReadableStreamDefaultReader.prototype as { read: (this: unknown) => Promise<unknown> };
      const read = reader.read;
      let held = Promise.resolve();
      let release = (): void => undefined;
      reader.read = async function () {
        const part = await read.call(this);
        await held;
        return part;
      };
      const hold = (): void => {
        held = new Promise((resolve) => {
          release = resolve;
        });
      };
      Object.assign(globalThis, {
        news: {
          hold,
          release: () => {
            release();
          },
        },
      });
    });
    const tell = (what: 'hold' | 'release') => () =>
      page.evaluate((name) => {
        (globalThis as unknown as { news: Record<typeof name, () => void> }).news[name]();
      }, what);
    return { hold: tell('hold'), release: tell('release') };
  };
  const iso = (days: number): string => dayText(days).replace(/(....)(..)(..)/u, '$1-$2-$3');

  it('shows a code that opens, and the message as the guest has it', async () => {
    await open('in-house');
    await panel().getByRole('button', { name: 'Show code and message' }).click();
    const shown = await digits();
    assert.match(shown, /^\d{12}$/u);
    await panel().getByText('The guest’s message').click();
    const [message] = await home.sent();
    assert.equal(await panel().locator('.message').textContent(), message?.payload);
    assert.equal(message?.code.digits, shown);
    assert.equal(await home.type('a', shown), 'opened stay');
  });

  it('extends a stay: says before what will come of it, tells the guest, and the new code opens where the old one ends', async () => {
    const before = await showCode('in-house');
    await open('in-house');
    await act('Extend or change', async () => {
      await panel()
        .locator('[name=to]')
        .fill(`${iso(2)}T10:00`);
      await panel()
        .getByText('The guest gets a new code and is told of it. The old one opens until')
        .waitFor();
    });
    await panel().getByText('The times are changed.').waitFor();
    await page.keyboard.press('Escape');
    const after = await showCode('in-house');
    assert.notEqual(after, before);
    // The node that tells guests hears of it a moment later.
    while ((await home.sent()).at(-1)?.code.digits !== after) await page.waitForTimeout(50);
    assert.equal(await home.type('a', after), 'opened amendment');
    assert.equal(await home.type('a', before), 'refused superseded');
  });

  it('refuses what would take the nights of another stay, and changes nothing', async () => {
    await home.book({ id: 'next', from: 2, to: 4, name: 'Grace Hopper' });
    const before = await showCode('in-house');
    await open('in-house');
    await panel().getByRole('button', { name: 'Extend or change' }).click();
    await panel()
      .locator('[name=to]')
      .fill(`${iso(3)}T11:00`);
    await panel().getByText('Another stay has these nights. Nothing was changed.').waitFor();
    assert.ok(await panel().locator('form .main').isDisabled());
    await page.keyboard.press('Escape');
    assert.equal(await showCode('in-house'), before);
  });

  it('gives another code where strangers may know the one before', async () => {
    const before = await showCode('in-house');
    await open('in-house');
    await act('New code');
    await panel().getByText('To end the code of before at once').first().waitFor();
    await page.keyboard.press('Escape');
    const after = await showCode('in-house');
    assert.equal(await home.type('a', after), 'opened stay');
    assert.equal(await home.type('a', before), 'refused superseded');
  });

  it('keeps the focus in the panel when news comes, and the new code in sight', async () => {
    const { hold, release } = await holdNews();
    try {
      await bookAndSee('told-late', 8);
      const before = await showCode('told-late');
      await open('told-late');
      await hold();
      await act('New code');
      await page.keyboard.press('Escape');
      await open('told-late');
      const button = panel().getByRole('button', { name: 'Show code and message' });
      await panel().getByRole('button', { name: 'Extend or change' }).focus();
      await bookAndSee('while-focused', 9, release);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      const shown = await digits();
      assert.notEqual(shown, before);
      await page.keyboard.press('Escape');

      await open('told-late');
      await hold();
      await act('New code');
      await page.keyboard.press('Escape');
      await open('told-late');
      await button.click();
      const next = await digits();
      assert.notEqual(next, shown);
      await bookAndSee('while-shown', 12, release);
      assert.equal(await digits(), next);
    } finally {
      await release();
    }
  });

  it('revokes a code, with what to type at the door, and gives another one afterwards', async () => {
    const offline = offlineLock('flat-c');
    const type = (typed: string): string => offline.enter(Date.now(), typed);
    await home.book({ id: 'off-grid', unit: 'flat-c', from: -1, to: 1 });
    const before = await showCode('off-grid');
    await open('off-grid');
    await act('Revoke the code');
    const revocation = await digits();
    await page.locator('#warnings-list').getByText('A withdrawn code still opens the door until').waitFor();
    assert.equal(type(before), 'opened stay');
    assert.equal(type(revocation), 'done revocation');
    assert.equal(type(before), 'refused revoked');
    await page.keyboard.press('Escape');
    await open('off-grid');
    await act('Give the code again');
    await page.keyboard.press('Escape');
    assert.equal(type(await showCode('off-grid')), 'opened stay');
  });

  it('says so once a door in reach has ended the code by itself', async () => {
    const before = await showCode('in-house');
    await open('in-house');
    const answered = page.waitForResponse((one) => {
      const isOf = one.url().endsWith('/acts/revoke');
      return isOf && (one.request().postDataJSON() as { trial?: boolean }).trial !== true;
    });
    await act('Revoke the code');
    await panel().getByText('The code of before opens no door any more.').waitFor();
    assert.equal(await home.type('a', before), 'refused revoked');
    // Whoever has read it meanwhile may still type it.
    const { revocations } = (await (await answered).json()) as { revocations: { grouped: string }[] };
    assert.equal(
      await home.type('a', (revocations[0]?.grouped ?? '').replaceAll(' ', '')),
      'done revocation',
    );
    await page.keyboard.press('Escape');
    await open('in-house');
    await act('Give the code again');
  });

  it('says so where the news of it comes before the answer', async () => {
    await bookAndSee('called-off', 10);
    await showCode('called-off');
    await open('called-off');
    await page.route('**/acts/revoke', async (route) => {
      const answer = await route.fetch();
      const { trial } = route.request().postDataJSON() as { trial?: boolean };
      if (trial !== true) {
        await panel().getByText('You hold it back.').waitFor();
        await panel().getByText('A withdrawn code still opens').waitFor({ state: 'hidden' });
      }
      await route.fulfill({ response: answer });
    });
    await act('Revoke the code');
    await panel().getByText('The code of before opens no door any more.').waitFor();
    await page.unroute('**/acts/revoke');
  });

  it('sends no message any more to a guest whom the host has told', async () => {
    await home.book({ id: 'later', unit: 'flat-b', from: 40, to: 42, name: 'Mary Shelley' });
    const openLater = async (): Promise<void> => {
      await page.evaluate(() => {
        location.hash = 'flat-b/later';
      });
      await panel().locator('.state-line').waitFor();
    };
    await openLater();
    await panel().getByText('The guest is told on').waitFor();
    await act('I told the guest');
    await panel().getByText('The guest has the code. It has not been used yet.').waitFor();
    await panel().getByText('Told by the host · host').waitFor();
    assert.equal((await home.sent()).filter(({ payload }) => payload.includes('Mary')).length, 0);
  });

  it('gives a code to who is not confirmed, on the host’s word', async () => {
    await home.book({
      id: 'maybe',
      unit: 'flat-b',
      from: 5,
      to: 7,
      name: 'Mary Shelley',
      status: 'tentative',
    });
    await open('maybe');
    await panel().getByText('The booking is not confirmed yet').first().waitFor();
    await act('Give a code anyway');
    await page.keyboard.press('Escape');
    assert.match(await showCode('maybe'), /^\d{12}$/u);
  });

  it('draws a backup code for the guest, which opens once', async () => {
    await open('in-house');
    await act('Backup code');
    const backup = await digits();
    assert.equal(await home.type('a', backup), 'opened one-time');
    assert.equal(await home.type('a', backup), 'refused consumed');
  });

  it('makes a clock code and a one-time code for a unit', async () => {
    await page.locator('.unit button', { hasText: 'Flat B' }).click();
    await act('One-time code', () => panel().locator('[name=forWhom]').fill('Plumber'));
    assert.equal(await home.type('b', await digits()), 'opened one-time');
    await panel().getByRole('button', { name: 'Done' }).click();
    // From now on the lock takes no time of before.
    await act('Clock code');
    assert.equal(await home.type('b', await digits()), 'done clock');
  });

  it('adds a stay by hand, with keys alone, and removes it again', async () => {
    await page.getByRole('button', { name: 'Add a stay' }).focus();
    await page.keyboard.press('Enter');
    const form = page.locator('#window form');
    await form.locator('[name=unitId]').selectOption('flat-b');
    await form.locator('[name=name]').fill('Aunt Vera');
    await form.locator('[name=from]').fill(`${iso(10)}T15:00`);
    await form.locator('[name=to]').fill(`${iso(12)}T11:00`);
    await form.getByText('The guest gets a code and is told of it.').waitFor();
    await form.locator('[name=why]').press('Enter');
    await page.locator('#window .result').getByText('The stay is added and has its code.').waitFor();
    await page.keyboard.press('Escape');
    const bar = page.locator('.stay', { hasText: 'Aunt Vera' });
    await bar.click();
    await act('Remove the stay');
    await page.keyboard.press('Escape');
    await page.locator('.stay[data-state="revoked"][data-stay^="hand-"]').waitFor();
  });

  it('says a unit is ready until the next guest comes', async () => {
    await page.locator('.unit button', { hasText: 'Flat B' }).click();
    await act('Ready for the next guest');
    await panel().getByText('Ready since').waitFor();
  });

  it('keeps on record who did what and why, over a restart', async () => {
    const port = Number(new URL(home.node.url).port);
    await home.node.stop();
    const node = await startNodeRed({ userDir, port });
    started.push({ stop: () => node.stop() });
    await page.locator('body[data-live="live"]').waitFor({ timeout: 20_000 });
    await open('in-house');
    const history = panel().locator('section', { hasText: 'What was done' });
    for (const done of [
      'Check-out changed · host',
      'New code asked for · host',
      'Code revoked · host',
      'Code shown · host',
    ]) {
      await history.getByText(done).first().waitFor();
    }
    // The form has both ends of the stay; only one was changed.
    assert.equal(await history.getByText('Check-in changed').count(), 0);
    await history.getByText('Agreed with the guest').first().waitFor();
    await panel().locator('section', { hasText: 'At the doors' }).getByText('Opened').first().waitFor();
    await panel()
      .getByText(/Door A: 1 guess in [\d,]+ opens it/u)
      .waitFor();
  });
});
