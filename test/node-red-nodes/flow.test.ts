import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveCodeKey, deriveUnitKey, readCode } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { instant, sampleFeed, type SampleEntry } from './sample-feed.ts';
import { flowsFor } from './sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from './sample-home.ts';

const SITE_KEY = '5c'.repeat(32);
const codeKey = deriveCodeKey(deriveUnitKey(Uint8Array.from(Buffer.from(SITE_KEY, 'hex')), 'flat-a', 1));
const running: SampleEntry = { uid: 'running', from: -1, to: 2 };
const later: SampleEntry = { uid: 'later', from: 10, to: 13 };
const block: SampleEntry = { uid: 'block', from: 5, to: 7, summary: 'Airbnb (Not available)' };
const maybe: SampleEntry = { uid: 'maybe', from: 20, to: 22, status: 'TENTATIVE' };

describe('a flow from feed to code in a real Node-RED', function () {
  this.timeout(20_000);
  let home: SampleHome;
  let userDir: string;
  let node: RunningNodeRed;

  const start = async (flows?: object[]): Promise<void> => {
    const credentials = { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar.ics?s=SECRET` } };
    node = await startNodeRed({ userDir, ...(flows && { flows, credentials }) });
  };
  const of = (from: string): FlowMessage[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg);
  /** Without what a kill or the host has had told again. */
  const firstTold = (): FlowMessage[] => of('guest').filter(({ mayBeDuplicate }) => !mayBeDuplicate);
  /** Resolves once every message counts as sent in the register. */
  const untilSent = async (): Promise<void> => {
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    const open = (): boolean => store.outbox.readUnit('flat-a').some(({ sentAtMs }) => sentAtMs === null);
    while (open()) await new Promise((resolve) => setTimeout(resolve, 50));
    store.close();
  };
  const statuses = (): string[] => of('status').map((msg) => msg.status.text);
  const serve = (entries: readonly SampleEntry[]): void => {
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed(entries) };
  };
  const poll = async (): Promise<void> => {
    const response = await fetch(`${node.url}/inject/poll`, { method: 'POST' });
    assert.equal(response.status, 200);
  };
  /** Polls, and waits until the feed node has said how it went. */
  const pollUntilShown = async (text: string): Promise<void> => {
    const before = statuses().length;
    await poll();
    await home.waitFor(() => statuses().slice(before).includes(text));
  };

  before(async () => {
    home = await startSampleHome();
    userDir = mkdtempSync(join(tmpdir(), 'staycode-red-'));
    serve([running, later, block, maybe]);
    await start(flowsFor(home));
    await home.waitFor(() => of('guest').length >= 2);
  });
  after(async () => {
    await node.stop();
    await home.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('sends one message for each stay, with the code of its times, and none for block and tentative', async () => {
    await pollUntilShown('2 stays');
    const read = of('guest').map(({ code }) => readCode(codeKey, code.digits, 'decimal'));
    assert.deepEqual(read, [
      { kind: 'stay', revision: 0, startsAtMs: instant(-1, 15), endsAtMs: instant(2, 11) },
      { kind: 'stay', revision: 0, startsAtMs: instant(10, 15), endsAtMs: instant(13, 11) },
    ]);
    for (const { payload, code, topic } of of('guest')) {
      assert.ok(String(payload).includes(code.grouped));
      assert.equal(topic, 'Flat A');
    }
    assert.deepEqual(
      of('event').map(({ event }) => event),
      ['new', 'new'],
    );
  });

  it('shows what comes next and no digits', () => {
    assert.ok(
      statuses().some((text) => /^until \w{3} 11:00$/u.test(text)),
      statuses().join(),
    );
    for (const text of statuses()) assert.ok(text.length <= 20 && !/\d{6}/u.test(text), text);
  });

  it('amends the code of a changed stay and keeps what came with the message', async () => {
    serve([running, { ...later, to: 14 }, block]);
    await poll();
    await home.waitFor(() => of('guest').length >= 3);
    const { code, stillOpen, event, note } = of('guest')[2]!;
    assert.deepEqual(readCode(codeKey, code.digits, 'decimal'), {
      ...{ kind: 'amendment', revision: 1, startsAtMs: instant(10, 15), endsAtMs: instant(14, 11) },
    });
    assert.equal(stillOpen.length, 1);
    assert.equal(stillOpen[0]!.accessCodeId, of('guest')[1]!.code.accessCodeId);
    assert.equal(event, 'changed');
    assert.equal(note, 'mine');
  });

  for (const [what, feed, shown] of [
    ['an error', { status: 500, type: 'text/plain', body: 'oops' }, 'calendar unreachable'],
    ['a login page', { status: 200, type: 'text/html', body: '<html>Log in</html>' }, 'not a calendar'],
    ['no body', { status: 200, type: 'text/calendar', body: '' }, 'not a calendar'],
    ['an empty calendar', { status: 200, type: 'text/calendar', body: sampleFeed([]) }, 'empty, kept 2'],
  ] as const) {
    it(`cancels nothing for ${what}, and shows it`, async () => {
      const before = of('event').length;
      home.feed = { ...feed };
      for (let i = 0; i < 4; i++) await pollUntilShown(shown);
      assert.equal(of('event').length, before);
      assert.equal(of('host').length, 0);
    });
  }

  it('knows after a kill what it told before', async () => {
    serve([running, { ...later, to: 14 }, { uid: 'after', from: 14, to: 16 }]);
    await node.stop('SIGKILL');
    await start();
    await home.waitFor(() => firstTold().length >= 4);
    await pollUntilShown('3 stays');
    assert.equal(firstTold().length, 4);
    assert.equal(firstTold()[3]!.code.revision, 0);
  });

  it('gives each stay the same code again when it is told again', async () => {
    await untilSent();
    const digits = firstTold().map(({ code }) => code.digits);
    const before = of('guest').length;
    const response = await fetch(`${node.url}/inject/poll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ __user_inject_props__: [{ p: 'reset', v: 'true', vt: 'bool' }] }),
    });
    assert.equal(response.status, 200);
    await home.waitFor(() => of('guest').length >= before + 3);
    const again = of('guest').slice(before);
    assert.deepEqual(
      again.map(({ code }) => code.digits),
      [digits[0], digits[2], digits[3]],
    );
    assert.ok(again.every(({ mayBeDuplicate }) => mayBeDuplicate));
  });

  it('keeps site key, address and codes out of the exported flow and the log', async () => {
    const exported = await (await fetch(`${node.url}/flows`)).text();
    assert.ok(exported.includes('stay-feed'));
    for (const secret of [SITE_KEY, 'SECRET', ...of('guest').map(({ code }) => code.digits)]) {
      assert.ok(!exported.includes(secret));
      assert.ok(!node.logs().includes(secret));
    }
  });
});
