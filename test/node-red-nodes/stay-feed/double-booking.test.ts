import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { sampleFeed, type SampleEntry } from '../sample-feed.ts';
import { flowsFor } from '../sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from '../sample-home.ts';

const later: SampleEntry = { uid: 'later', from: 20, to: 22 };
const mine: SampleEntry = { uid: 'mine', from: 30, to: 32 };

describe('nights that two feeds have sold, in a real Node-RED', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let node: RunningNodeRed;
  let server: Server;
  let other = sampleFeed([{ uid: 'old', from: 5, to: 8 }, later]);

  const of = (from: string): FlowMessage[] =>
    home.received.filter((one) => one.from === from).map(({ msg }) => msg);
  const isOf = ({ payload }: FlowMessage, id: string): boolean => (payload as { id?: string }).id === id;

  const bookingOf = (msg: FlowMessage): string =>
    (msg as unknown as { reservation: { id: string } }).reservation.id;

  before(async () => {
    home = await startSampleHome();
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed([mine]) };
    server = createServer((_, response) => response.end(other)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const second = {
      ...{ id: 'second', z: 'tab', type: 'stay-feed', unit: 'unit', intervalMinutes: 1440 },
      ...{ allowPrivate: true, wires: [['code', 'pick-event']] },
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/t0ken.ics`;
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [...flowsFor(home), second],
      credentials: {
        site: { siteKey: '5c'.repeat(32) },
        feed: { url: `${home.url}/calendar.ics` },
        second: { url },
      },
    });
    await home.waitFor(() => of('event').some((msg) => isOf(msg, 'old@airbnb.com')));
  });
  after(async () => {
    await node.stop();
    server.close();
    await home.close();
    removeScratch();
  });

  it('are asked of the other feed at once, and whoever has them still gets a code', async () => {
    other = sampleFeed([later]);
    home.feed.body = sampleFeed([{ uid: 'new', from: 5, to: 7 }, mine]);
    const response = await fetch(`${node.url}/inject/poll`, { method: 'POST' });
    assert.equal(response.status, 200);
    await home.waitFor(() =>
      of('event').some((msg) => isOf(msg, 'new@airbnb.com') && msg.event === 'changed'),
    );
    await home.waitFor(() => of('guest').some((msg) => bookingOf(msg) === 'new@airbnb.com'));
  });
});
