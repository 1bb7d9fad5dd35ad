import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAccessCodeStore } from '@staycode/core/edges';
import { SITE_KEY } from '../../support/busy-house.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { bookFlow } from '../book-flow.ts';
import { instant } from '../sample-feed.ts';

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

const FLOW: readonly object[] = [
  ...bookFlow([
    { unit: 'mail', confirm: false, to: ['words'] },
    { unit: 'confirmed', confirm: true, to: ['words'] },
    { unit: 'both', confirm: false, to: ['texts', 'words'] },
    { unit: 'held', confirm: false, to: ['hold'] },
    { unit: 'wordless', confirm: false, to: ['no-words'] },
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
