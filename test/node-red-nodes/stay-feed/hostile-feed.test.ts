import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { sampleFeed } from '../sample-feed.ts';
import { flowsFor } from '../sample-flow.ts';
import { type FlowMessage, type SampleHome, startSampleHome } from '../sample-home.ts';

type Caught = FlowMessage & { readonly error?: { readonly message: string } };

/** What a host reads where a feed is made to take up time or memory: beside the node, and from a Catch node. */
describe('a hostile feed, in a real Node-RED', function () {
  this.timeout(90_000);
  let home: SampleHome;
  let node: RunningNodeRed;
  let server: Server;
  const body = sampleFeed([
    { uid: 'soon', from: 5, to: 7 },
    { uid: 'later', from: 20, to: 22 },
  ]);
  const good: RequestListener = (_, response) => response.end(body);
  let answer = good;

  const statuses = (): string[] =>
    home.received.filter(({ from }) => from === 'status').map(({ msg }) => msg.status.text);
  const caught = (): string[] =>
    home.received.flatMap(({ from, msg }) => (from === 'host' ? ((msg as Caught).error?.message ?? []) : []));
  const poll = async (text: string): Promise<void> => {
    const before = statuses().length;
    const response = await fetch(`${node.url}/inject/poll`, { method: 'POST' });
    assert.equal(response.status, 200);
    await home.waitFor(() => statuses().slice(before).includes(text));
  };

  before(async () => {
    home = await startSampleHome();
    server = createServer((request, response) => {
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const catching = {
      id: 'caught',
      z: 'tab',
      type: 'catch',
      scope: ['feed'],
      x: 0,
      y: 0,
      wires: [['pick-host']],
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/t0ken.ics`;
    node = await startNodeRed({
      userDir: scratchFolder(),
      flows: [...flowsFor(home), catching],
      credentials: { feed: { url } },
    });
    await home.waitFor(() => statuses().includes('2 stays'));
  });
  after(async () => {
    await node.stop();
    server.closeAllConnections();
    server.close();
    await home.close();
    removeScratch();
  });
  afterEach(async () => {
    const events = home.received.filter(({ from }) => from === 'event').length;
    answer = good;
    await poll('2 stays');
    assert.equal(home.received.filter(({ from }) => from === 'event').length, events);
    assert.equal(events, 2);
  });

  it('is not read for a form that another page posts', async () => {
    let asked = 0;
    answer = (_, response) => {
      asked++;
      response.end(body);
    };
    const { port } = server.address() as AddressInfo;
    const fields = { url: `http://127.0.0.1:${port}/x.ics`, id: 'feed', allowPrivate: true };
    const house = { zone: 'UTC', checkIn: '15:00', checkOut: '11:00' };
    const post = async (type: string, text: string): Promise<unknown> => {
      const headers = { 'content-type': type };
      const response = await fetch(`${node.url}/stay-feed/test`, { method: 'POST', headers, body: text });
      return response.json();
    };
    const form = new URLSearchParams({ ...fields, ...house, allowPrivate: 'true' }).toString();
    const refused = (await post('application/x-www-form-urlencoded', form)) as { error?: { code: string } };
    assert.deepEqual([refused.error?.code, asked], ['bad-config', 0]);
    assert.ok(
      !('error' in ((await post('application/json', JSON.stringify({ ...fields, ...house }))) as object)),
    );
    assert.equal(asked, 1);
  });

  const cases: [string, RequestListener, string, RegExp][] = [
    [
      'of 50 MB',
      (_, response) => response.end(Buffer.alloc(50_000_000, body)),
      'calendar unreachable',
      /feed at 127\.0\.0\.1:\d+: expected at most 16777216 bytes, got more$/,
    ],
    [
      'without end',
      (_, response) => {
        const more = (): boolean =>
          response.destroyed || !response.write('X-NOISE:x\r\n'.repeat(1000)) || more();
        response.on('drain', more);
        more();
      },
      'calendar unreachable',
      /expected at most 16777216 bytes, got more$/,
    ],
    [
      'that is small until it is unpacked',
      (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(200_000_000))),
      'calendar unreachable',
      /expected at most 16777216 bytes, got more$/,
    ],
    [
      'that stops in the middle',
      (_, response) => response.write('BEGIN:VCALENDAR\r\n'),
      'calendar unreachable',
      /nothing came for 10 s$/,
    ],
    [
      'cut off',
      (_, response) => response.end(body.slice(0, -20)),
      'not a calendar',
      /the calendar is cut off: expected END:VCALENDAR at its end$/,
    ],
    [
      'of a few entries that repeat every day',
      (_, response) =>
        response.end(
          body
            .replaceAll('END:VEVENT', 'RRULE:FREQ=DAILY\r\nEND:VEVENT')
            .replace(
              'END:VCALENDAR',
              'BEGIN:VEVENT\r\nUID:daily\r\nDTSTART;VALUE=DATE:20261001\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR',
            ),
        ),
      'not a calendar',
      /at most 2000 entries and repetitions, got 3000$/,
    ],
    [
      'of empty events by the hundred thousand',
      (_, response) => response.end(`BEGIN:VCALENDAR\n${'BEGIN:VEVENT\n'.repeat(1_000_000)}END:VCALENDAR`),
      'not a calendar',
      /expected at most 250000 events, the feed has more$/,
    ],
  ];
  for (const [what, hostile, status, message] of cases) {
    it(`${what} is refused in so many words, and takes no stay with it`, async () => {
      const before = caught().length;
      answer = hostile;
      await poll(status);
      await home.waitFor(() => caught().length > before);
      assert.match(caught().at(-1) ?? '', message);
      assert.doesNotMatch(node.logs(), /t0ken/);
    });
  }
});
