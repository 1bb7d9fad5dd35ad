import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAccessCodeStore } from '@staycode/core/edges';
import { SITE_KEY } from '../../support/busy-house.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant } from '../sample-feed.ts';
import { MILL_HOUSE } from '../stay-board/board-home.ts';

/** A guest whom no mail can reach, at units whose flows tell guests in different ways. */
describe('a message without an address', function () {
  this.timeout(30_000);
  let node: RunningNodeRed;
  let userDir: string;

  before(async () => {
    userDir = scratchFolder();
    node = await startNodeRed({ userDir, flows: FLOW, credentials: { site: { siteKey: SITE_KEY } } });
  });
  after(async () => {
    await node.stop();
    removeScratch();
  });

  /** Where the message of a stay at the unit stands once the flow has had its time. */
  const endOf = async (
    unit: string,
    end?: string,
  ): Promise<[state: string | undefined, failures: number | undefined]> => {
    const stay = { id: unit, status: 'confirmed', startsAtMs: instant(1, 15), endsAtMs: instant(3, 11) };
    const response = await fetch(`${node.url}/book`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ unit, stay }),
    });
    assert.equal(response.status, 200);
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    try {
      const message = () => store.outbox.readUnit(unit)[0];
      const isOver = (state = 'queued'): boolean =>
        end === undefined ? !['queued', 'sending'].includes(state) : state === end;
      while (!isOver(message()?.state)) await new Promise((resolve) => setTimeout(resolve, 20));
      return [message()?.state, message()?.failures];
    } finally {
      store.close();
    }
  };

  it('counts as failed, and is not tried again, for there will be none', async () => {
    assert.deepEqual(await endOf('mail'), ['failed', 1]);
  });
  it('does so too where the flow says when it is sent: it never will', async () => {
    assert.deepEqual(await endOf('confirmed'), ['failed', 1]);
  });
  it('does so too where the flow holds messages back before it words them', async () => {
    assert.deepEqual(await endOf('held', 'failed'), ['failed', 1]);
  });
  it('does so too where the host’s words are none: nothing reached the guest', async () => {
    assert.deepEqual(await endOf('wordless', 'failed'), ['failed', 1]);
  });
  it('counts as sent where another channel has one', async () => {
    assert.deepEqual(await endOf('both'), ['sent', 0]);
  });
});

const UNITS = ['mail', 'confirmed', 'both', 'held', 'wordless'];

/** Else by `words`. */
const WORDED_BY: Readonly<Record<string, string>> = { held: 'hold', wordless: 'no-words' };

const FLOW: readonly object[] = [
  { id: 'tab', type: 'tab', label: 'Home' },
  MILL_HOUSE,
  { id: 'book', z: 'tab', type: 'http in', url: '/book', method: 'post', wires: [['unpack']] },
  {
    ...{ id: 'unpack', z: 'tab', type: 'function', outputs: UNITS.length + 1 },
    func: `const { unit, stay } = msg.payload;
      const out = ${JSON.stringify(UNITS)}.map((one) => (one === unit ? { payload: stay } : null));
      return [...out, msg];`,
    wires: [...UNITS.map((unit) => [`code-${unit}`]), ['answer']],
  },
  { id: 'answer', z: 'tab', type: 'http response', statusCode: '', headers: {}, wires: [] },
  ...UNITS.flatMap((unit) => [
    {
      ...{ id: `unit-${unit}`, type: 'stay-unit', name: unit, site: 'site', unitId: unit },
      ...{ alphabet: 'decimal', keyVersion: 1 },
    },
    {
      ...{
        id: `code-${unit}`,
        z: 'tab',
        type: 'stay-code',
        unit: `unit-${unit}`,
        confirm: unit === 'confirmed',
      },
      wires: [unit === 'both' ? ['texts', 'words'] : [WORDED_BY[unit] ?? 'words'], []],
    },
  ]),
  {
    ...{
      id: 'hold',
      z: 'tab',
      type: 'delay',
      pauseType: 'delay',
      timeout: '2500',
      timeoutUnits: 'milliseconds',
    },
    wires: [['words']],
  },
  ...[
    { id: 'words', channel: 'email', to: 'guest.email', toType: 'msg' },
    { id: 'texts', channel: 'sms', to: '+390000000000', toType: 'str' },
    {
      ...{ id: 'no-words', channel: 'email', to: 'ada@example.com', toType: 'str' },
      templates: [{ language: 'en', subject: 'Your code', text: 'We look forward to seeing you.' }],
    },
  ].map((words) => ({ templates: [], ...words, z: 'tab', type: 'stay-message', wires: [[], []] })),
];
