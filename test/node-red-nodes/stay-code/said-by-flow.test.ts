import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { OutboxMessage } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import { SITE_KEY } from '../../support/busy-house.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';
import { bookFlow } from '../book-flow.ts';

/** Flows that say what became of a guest's message, late or never; the fast clock's minute is 0.4 s here. */
describe('what a flow says of a message, and what it does not', function () {
  this.timeout(60_000);
  let node: RunningNodeRed;
  let userDir: string;

  before(async () => {
    userDir = scratchFolder();
    const clock = join(import.meta.dirname, '../../slots/node-red/fast-clock.ts');
    const start = { realMs: Date.now(), atMs: Date.parse('2026-12-03T10:31:00Z') };
    const env = { NODE_OPTIONS: `--import=${clock}`, STAYCODE_FAST: JSON.stringify(start) };
    node = await startNodeRed({ userDir, env, flows: FLOW, credentials: { site: { siteKey: SITE_KEY } } });
  });
  after(async () => {
    await node.stop();
    removeScratch();
  });

  /** Where the message of a stay at the unit stands in the end, and what the flow had of it. */
  const play = async (unit: string, end: OutboxMessage['state']) => {
    const [startsAtMs, endsAtMs] = ['2026-12-04T15:00:00Z', '2026-12-06T11:00:00Z'].map((at) =>
      Date.parse(at),
    );
    const stay = { id: unit, status: 'confirmed', startsAtMs, endsAtMs };
    await post('book', { unit, stay, chatId: `chat of ${unit}` });
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    try {
      const message = (): OutboxMessage | undefined => store.outbox.readUnit(unit)[0];
      await until(() => message()?.state === end && (message()?.claims ?? 0) > 1);
      const { claims = 0, failures = 0, mayBeDuplicate = null } = message() ?? {};
      return { claims, failures, mayBeDuplicate, seen: await post('seen', { unit }) };
    } finally {
      store.close();
    }
  };
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${node.url}/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return response.json();
  };

  it('has a message once more, marked, of which nothing is heard though the flow was to say it; then the guest counts as not told', async () => {
    const { claims, failures, seen } = await play('silent', 'failed');
    assert.deepEqual({ claims, failures }, { claims: 2, failures: 2 });
    assert.deepEqual(seen, ['chat of silent', 'chat of silent, may be a duplicate']);
    assert.match(node.logs(), /for five minutes the flow has not said/u);
  });
  for (const [unit, when] of [
    ['at-once', 'while the message was passed on'],
    ['late', 'when it counted as sent already'],
  ] as const) {
    it(`tries again what failed ${when}, in a flow that says no more than that, and with what the stay came with`, async () => {
      const { claims, failures, mayBeDuplicate, seen } = await play(unit, 'sent');
      assert.deepEqual(
        { claims, failures, mayBeDuplicate },
        { claims: 2, failures: 1, mayBeDuplicate: false },
      );
      assert.deepEqual(seen, [`chat of ${unit}`, `chat of ${unit}`]);
    });
  }
});

/** Milliseconds of the fast clock until a flow says that its first try has failed; `null` for never. */
const FAILS: Readonly<Record<string, number | null>> = { silent: null, 'at-once': 0, late: 30_000 };

const FLOW: readonly object[] = [
  ...bookFlow(
    Object.keys(FAILS).map((unit) => ({ unit, confirm: unit === 'silent', to: [`sender-${unit}`] })),
  ),
  { id: 'seen', z: 'tab', type: 'http in', url: '/seen', method: 'post', wires: [['look']] },
  {
    ...{ id: 'look', z: 'tab', type: 'function' },
    func: 'return { ...msg, payload: flow.get(msg.payload.unit) };',
    wires: [['answer']],
  },
  ...Object.entries(FAILS).map(([unit, failsAfterMs]) => ({
    ...{ id: `sender-${unit}`, z: 'tab', type: 'function' },
    func: `const seen = flow.get('${unit}') ?? [];
        seen.push(msg.chatId + (msg.mayBeDuplicate ? ', may be a duplicate' : ''));
        flow.set('${unit}', seen);
        const failed = { delivery: msg.delivery, event: 'failed', mayHaveArrived: false };
        if (${failsAfterMs} !== null && seen.length === 1) setTimeout(() => node.send(failed), ${failsAfterMs ?? 0});`,
    wires: [[`code-${unit}`]],
  })),
];
