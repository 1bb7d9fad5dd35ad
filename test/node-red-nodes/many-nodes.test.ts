import assert from 'node:assert/strict';
import { startNodeRed } from '../support/node-red.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { sampleFeed } from './sample-feed.ts';
import { flowsFor } from './sample-flow.ts';
import { startSampleHome } from './sample-home.ts';

describe('a house of many calendars and doors, in a real Node-RED', function () {
  this.timeout(60_000);
  afterEach(removeScratch);

  it('starts each, and is no leak in the eyes of Node', async () => {
    const home = await startSampleHome();
    home.feed = { ...home.feed, body: sampleFeed([{ uid: 'one', from: 2, to: 5 }]) };
    const feeds = Array.from({ length: 15 }, (_, i) => ({
      ...{ id: `feed-${i}`, z: 'tab', type: 'stay-feed', unit: 'unit', intervalMinutes: 60 },
      ...{ allowPrivate: true, wires: [['pick-event']] },
    }));
    const others = ['stay-code', 'stay-verify'].flatMap((type) =>
      feeds.map((_, i) => ({ id: `${type}-${i}`, z: 'tab', type, unit: 'unit', wires: [] })),
    );
    const url = `${home.url}/calendar.ics`;
    const node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [
        ...flowsFor(home),
        ...feeds,
        ...others,
        { id: 'all', z: 'tab', type: 'status', scope: feeds.map(({ id }) => id), wires: [['pick-status']] },
      ],
      credentials: Object.fromEntries(['feed', ...feeds.map(({ id }) => id)].map((id) => [id, { url }])),
    });
    try {
      const started = (): number =>
        new Set(
          home.received.flatMap(({ from, msg }) =>
            from === 'status' ? (msg.status as { source?: { id: string } }).source?.id : [],
          ),
        ).size;
      await home.waitFor(() => started() >= feeds.length);
      assert.doesNotMatch(node.logs(), /MaxListeners/u);
    } finally {
      await node.stop();
      await home.close();
    }
  });
});
