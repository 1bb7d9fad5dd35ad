import assert from 'node:assert/strict';
import { join } from 'node:path';
import { deriveCodeKey, deriveUnitKey, readCode } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { Random } from '../../support/random.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { instant, sampleFeed, type SampleEntry } from '../sample-feed.ts';
import { flowsFor } from '../sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from '../sample-home.ts';

const SITE_KEY = '6b'.repeat(32);
const codeKey = deriveCodeKey(deriveUnitKey(Uint8Array.from(Buffer.from(SITE_KEY, 'hex')), 'flat-a', 1));
const KILLS = 15;
/** Each stay is longer by a night so many rounds after it came: nothing is changed back, so no message is said twice on purpose. */
const CHANGED_AFTER = 2;

/** The feed of a round: one more stay each time, and those of before at their new length. */
function bookingsAt(round: number): SampleEntry[] {
  return Array.from({ length: round + 1 }, (_, number) => {
    const from = 10 + number * 4;
    return { uid: `stay-${number}`, from, to: from + (round - number >= CHANGED_AFTER ? 3 : 2) };
  });
}

/** The flow's end says what it has got; without that, a message counts as sent two seconds after it left the node. */
function confirmingFlows(home: SampleHome): object[] {
  const changes: Readonly<Record<string, object>> = {
    code: { confirm: true },
    'pick-guest': { func: 'return { payload: msg, delivery: msg.delivery };' },
    'post-guest': { wires: [['say-sent']] },
  };
  const say = { id: 'say-sent', z: 'tab', type: 'function', outputs: 1, wires: [['code']] };
  const flows = flowsFor(home).map((node) => ({ ...node, ...('id' in node && changes[String(node.id)]) }));
  return [...flows, { ...say, func: "return { event: 'sent', delivery: msg.delivery };" }];
}

for (const [whose, flowsOf] of [
  ['that counts a message as sent once it was passed on', flowsFor],
  ['whose flow says what was sent', confirmingFlows],
] as const) {
  describe(`guests of a Node-RED ${whose}, and that is killed again and again`, function () {
    this.timeout(600_000);
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    let home: SampleHome;
    before(async () => {
      console.log(`      seed ${seed}`);
      home = await startSampleHome();
    });
    after(async () => {
      await home.close();
      removeScratch();
    });

    const told = (): FlowMessage[] =>
      home.received.filter(({ from }) => from === 'guest').map(({ msg }) => msg);
    const serve = (round: number): void => {
      home.feed = { status: 200, type: 'text/calendar', body: sampleFeed(bookingsAt(round)) };
    };

    it('are told of every change once, or again with a mark, and never not at all', async () => {
      const random = new Random(seed);
      const userDir = scratchFolder();
      const credentials = { site: { siteKey: SITE_KEY }, feed: { url: `${home.url}/calendar.ics` } };
      for (let round = 0; round < KILLS; round++) {
        serve(round);
        const before = told().length;
        const node = await startNodeRed({
          userDir,
          ...(round === 0 && { flows: flowsOf(home), credentials }),
        });
        // Half of the kills come with the first message, where most is on its way; the others somewhere in the first moments.
        const wait = random.chance(0.5)
          ? home.waitFor(() => told().length > before)
          : new Promise((resolve) => setTimeout(resolve, random.whole(0, 400)));
        await Promise.race([wait, new Promise((resolve) => setTimeout(resolve, 3_000))]);
        await node.stop('SIGKILL');
      }
      const node = await startNodeRed({ userDir });
      await untilTold(node, userDir);
      await node.stop();
      const marked = told().filter(({ mayBeDuplicate }) => mayBeDuplicate).length;
      console.log(`      ${KILLS} kills, ${told().length} messages, ${marked} of them marked`);
      checkTold(told());
    });

    /** Resolves once the register has every stay's last message as sent, and the flow's end got as many. */
    async function untilTold(node: RunningNodeRed, userDir: string): Promise<void> {
      const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
      const isTold = (): boolean => {
        const sent = store.outbox.readUnit('flat-a').filter(({ state }) => state === 'sent');
        const isDone = new Set(sent.map(({ reservationId }) => reservationId)).size === KILLS;
        return (
          isDone &&
          store.outbox
            .readUnit('flat-a')
            .every(({ sentAtMs, state }) => sentAtMs !== null || state === 'replaced')
        );
      };
      for (let look = 0; !isTold(); look++) {
        assert.ok(look < 600, `not all was sent:\n${node.logs()}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      store.close();
    }
  });
}

function checkTold(messages: readonly FlowMessage[]): void {
  const last = new Map<number, string>();
  const heard = new Set<string>();
  for (const { code, mayBeDuplicate, replacesEarlier } of messages) {
    const content = readCode(codeKey, code.digits, 'decimal');
    assert.ok(content && content.kind !== 'clock');
    const { startsAtMs, endsAtMs, kind, revision } = content;
    const text = [startsAtMs, endsAtMs, kind, revision].join();
    assert.ok(!heard.has(text) || mayBeDuplicate, 'a duplicate that is not marked');
    assert.ok(
      !last.has(startsAtMs) || last.get(startsAtMs) === text || replacesEarlier,
      'news that does not say so',
    );
    heard.add(text);
    last.set(startsAtMs, text);
  }
  for (const { from, to } of bookingsAt(KILLS - 1)) {
    const [startsAtMs, endsAtMs] = [instant(from, 15), instant(to, 11)];
    assert.ok(
      last.get(startsAtMs)?.startsWith(`${startsAtMs},${endsAtMs},`),
      `a guest who knows nothing of day ${from} to ${to}`,
    );
  }
}
