import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchFeed, type FetchFeedOptions } from '../../../core/src/edges/fetch-feed.ts';
import { StaycodeError } from '../../../core/src/errors.ts';

describe('fetching a feed', () => {
  let server: Server;
  let answer: RequestListener;
  const urlOf = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  beforeEach(async () => {
    server = createServer((request, response) => {
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function failsWith(
    reason: RegExp,
    options: FetchFeedOptions = {},
    url = urlOf('/t0ken'),
  ): Promise<void> {
    await assert.rejects(fetchFeed(url, options), (error) => {
      assert.ok(error instanceof StaycodeError && error.code === 'feed-failed', String(error));
      assert.match(error.message, reason);
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /t0ken/);
      return true;
    });
  }

  it('gives the bytes of the body, and says who asks', async () => {
    const agents: unknown[] = [];
    answer = (request, response) => {
      agents.push(request.headers['user-agent']);
      response.end('BEGIN:VCALENDAR');
    };
    assert.equal(new TextDecoder().decode(await fetchFeed(urlOf('/'))), 'BEGIN:VCALENDAR');
    await fetchFeed(urlOf('/'), { userAgent: 'a test' });
    assert.deepEqual(agents, ['Staycode (iCal feed reader)', 'a test']);
  });

  it('follows redirects, but not without end', async () => {
    answer = ({ url }, response) => {
      if (url === '/there') response.end('body');
      else response.writeHead(302, { location: url === '/here' ? '/there' : '/t0ken' }).end();
    };
    assert.equal((await fetchFeed(urlOf('/here'))).length, 4);
    let asked = 0;
    server.on('request', () => asked++);
    await failsWith(/at most 5 redirects/);
    assert.equal(asked, 6);
  });

  it('refuses a redirect to what is no web address', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'file:///t0ken' }).end();
    await failsWith(/address/);
  });

  it('fails with the status, and names the host alone', async () => {
    answer = (_, response) => response.writeHead(403).end('t0ken');
    await failsWith(/^feed at 127\.0\.0\.1:\d+: expected status 200, got 403$/);
  });

  it('stops reading a body that is too large', async () => {
    answer = (_, response) => {
      const more = (): boolean => response.destroyed || !response.write('x'.repeat(1000)) || more();
      response.on('drain', more);
      more();
    };
    await failsWith(/at most 5000 bytes/, { maxBytes: 5000 });
  });

  it('gives up on a server that does not answer, or not to the end', async () => {
    answer = () => undefined;
    await failsWith(/no answer within 0.05 s/, { timeoutMs: 50 });
    answer = (_, response) => response.write('BEGIN');
    await failsWith(/no answer within 0.05 s/, { timeoutMs: 50 });
  });

  it('can be called off', async () => {
    const calling = new AbortController();
    answer = () => {
      calling.abort();
    };
    await failsWith(/called off/, { signal: calling.signal });
  });

  it('fails where nobody listens, and where the body breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('BEGIN');
      setImmediate(() => response.destroy());
    };
    await failsWith(/no connection/);
    const url = urlOf('/t0ken');
    await new Promise((resolve) => server.close(resolve));
    await failsWith(/no connection \(ECONNREFUSED\)/, {}, url);
  });

  it('refuses an address that is none, without showing it', async () => {
    for (const url of ['t0ken', 'ftp://example.com/t0ken', 'file:///t0ken'])
      await failsWith(/https:\/\//, {}, url);
  });

  it('takes webcal for https', async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = (url) => {
      asked.push(url instanceof URL ? url.href : '');
      return Promise.resolve(new Response('body'));
    };
    await fetchFeed('webcal://example.com/x.ics', { fetch });
    assert.deepEqual(asked, ['https://example.com/x.ics']);
  });
});
