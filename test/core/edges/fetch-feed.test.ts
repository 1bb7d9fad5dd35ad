import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { FeedFailure, fetchFeed, type FetchFeedOptions } from '../../../core/src/edges/fetch-feed.ts';
import { StaycodeError } from '../../../core/src/errors.ts';

const MODULE = new URL('../../../core/src/edges/fetch-feed.ts', import.meta.url).href;

/** A resolver that knows these addresses only. */
function resolverOf(...addresses: string[]): LookupFunction {
  return (_, options, callback) => {
    const found = addresses.map((address): LookupAddress => ({ address, family: 4 }));
    if (options.all) callback(null, found);
    else callback(null, addresses[0] ?? '', 4);
  };
}

describe('fetching a feed', () => {
  let server: Server;
  let answer: RequestListener;
  const portOf = (): number => (server.address() as AddressInfo).port;
  const urlOf = (path: string): string => `http://127.0.0.1:${portOf()}${path}`;
  const text = async (path: string, options: FetchFeedOptions = {}): Promise<string> => {
    const fetched = await fetchFeed(urlOf(path), { allowPrivate: true, ...options });
    return fetched.kind === 'body' ? new TextDecoder().decode(fetched.body) : fetched.kind;
  };

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
  ): Promise<FeedFailure> {
    let failure: unknown;
    await assert.rejects(fetchFeed(url, { allowPrivate: true, ...options }), (error) => {
      failure = error;
      assert.ok(error instanceof StaycodeError && error.code === 'feed-failed', String(error));
      assert.match(error.message, reason);
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /t0ken/);
      return true;
    });
    assert.ok(failure instanceof FeedFailure);
    return failure;
  }

  it('gives the bytes of the body, and says who asks', async () => {
    const agents: unknown[] = [];
    answer = (request, response) => {
      agents.push(request.headers['user-agent']);
      response.end('BEGIN:VCALENDAR');
    };
    assert.equal(await text('/'), 'BEGIN:VCALENDAR');
    await text('/', { userAgent: 'a test' });
    assert.deepEqual(agents, ['Staycode (iCal feed reader)', 'a test']);
  });

  it('unpacks a body that the server packed', async () => {
    answer = (request, response) => {
      assert.equal(request.headers['accept-encoding'], 'gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('BEGIN:VCALENDAR'));
    };
    assert.equal(await text('/'), 'BEGIN:VCALENDAR');
  });

  describe('again', () => {
    const validators = { etag: '"1"', lastModified: 'Sun, 01 Nov 2026 00:00:00 GMT' };

    it('gives what the server named the body by, and hears that it is unchanged', async () => {
      answer = (request, response) => {
        const { 'if-none-match': etag, 'if-modified-since': since } = request.headers;
        const isSame = etag === validators.etag && since === validators.lastModified;
        const headers = { etag: validators.etag, 'last-modified': validators.lastModified };
        response.writeHead(isSame ? 304 : 200, headers).end(isSame ? undefined : 'body');
      };
      const first = await fetchFeed(urlOf('/'), { allowPrivate: true });
      assert.deepEqual(first.validators, validators);
      assert.deepEqual(await fetchFeed(urlOf('/'), { allowPrivate: true, previous: first.validators }), {
        kind: 'unchanged',
      });
      assert.equal(await text('/', { previous: { etag: '"0"', lastModified: null } }), 'body');
    });

    it('takes no "unchanged" that it did not ask for', async () => {
      answer = (_, response) => response.writeHead(304).end();
      await failsWith(/got 304/);
    });
  });

  it('follows redirects, but not without end', async () => {
    answer = ({ url }, response) => {
      if (url === '/there') response.end('body');
      else response.writeHead(302, { location: url === '/here' ? '/there' : '/t0ken' }).end();
    };
    assert.equal(await text('/here'), 'body');
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
    const failure = await failsWith(/^feed at 127\.0\.0\.1:\d+: expected status 200, got 403$/);
    assert.equal(failure.isBusy, false);
  });

  it('says when a busy server wants to be asked again', async () => {
    const after = (status: number, value?: string): Promise<FeedFailure> => {
      answer = (_, response) => {
        response.writeHead(status, value === undefined ? {} : { 'retry-after': value }).end();
      };
      return failsWith(new RegExp(`got ${status}`));
    };
    const busy = async (status: number, value?: string): Promise<unknown[]> => {
      const { isBusy, retryAfterMs } = await after(status, value);
      return [isBusy, retryAfterMs];
    };
    assert.deepEqual(await busy(429, '120'), [true, 120_000]);
    assert.deepEqual(await busy(503, 'soon'), [true, null]);
    assert.deepEqual(await busy(500), [true, null]);
    assert.deepEqual(await busy(503, 'Sun, 01 Nov 2020 00:00:00 GMT'), [true, 0]);
    const { retryAfterMs } = await after(503, 'Sun, 01 Nov 2122 00:00:00 GMT');
    assert.ok(Number(retryAfterMs) > 0);
  });

  describe('from a hostile server', () => {
    it('stops reading an endless body, also one that is small until unpacked', async () => {
      answer = (_, response) => {
        const more = (): boolean => response.destroyed || !response.write('x'.repeat(1000)) || more();
        response.on('drain', more);
        more();
      };
      await failsWith(/at most 5000 bytes/, { maxBytes: 5000 });
      answer = (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(new Uint8Array(10_000_000)));
      await failsWith(/at most 1000000 bytes/, { maxBytes: 1_000_000 });
    });

    it('takes little more memory than its limit for a body without end', async () => {
      const chunk = Buffer.alloc(1 << 20, 'X-NOISE:x\r\n');
      answer = (_, response) => {
        const more = (): boolean => response.destroyed || !response.write(chunk) || more();
        response.on('drain', more);
        more();
      };
      const program = `
        const { fetchFeed } = await import(${JSON.stringify(MODULE)});
        const before = process.resourceUsage().maxRSS;
        const failure = await fetchFeed(${JSON.stringify(urlOf('/t0ken'))}, { allowPrivate: true }).catch((error) => error);
        console.log(JSON.stringify({ message: failure.message, grownKb: process.resourceUsage().maxRSS - before }));`;
      const args = ['--conditions=staycode-source', '--input-type=module', '--eval', program];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { message, grownKb } = JSON.parse(stdout) as { message: string; grownKb: number };
      assert.match(message, /at most 16777216 bytes/);
      assert.ok(grownKb < 80_000, `${grownKb} KB`);
    });

    it('refuses 50 MB at its limit of 16 MiB', async () => {
      answer = (_, response) => response.end(new Uint8Array(50_000_000));
      await failsWith(/at most 16777216 bytes/);
    });

    it('gives up where nothing comes', async () => {
      answer = () => undefined;
      await failsWith(/nothing came for 0.05 s/, { idleMs: 50 });
      answer = (_, response) => response.write('BEGIN');
      await failsWith(/nothing came for 0.05 s/, { idleMs: 50 });
    });

    it('gives up where something comes all the time, but too slowly', async () => {
      answer = (_, response) => {
        const drip = setInterval(() => response.write('B'), 10);
        response.on('close', () => {
          clearInterval(drip);
        });
      };
      await failsWith(/a whole answer within 0.2 s/, { timeoutMs: 200, idleMs: 150 });
    });

    it('delays no other feed', async () => {
      answer = ({ url }, response) => {
        if (url === '/t0ken') response.write('B');
        else response.end('body');
      };
      const calling = new AbortController();
      const stuck = Array.from({ length: 30 }, () => failsWith(/called off/, { signal: calling.signal }));
      assert.equal(await text('/good'), 'body');
      calling.abort();
      await Promise.all(stuck);
    });
  });

  it('can be called off', async () => {
    const calling = new AbortController();
    answer = () => {
      calling.abort();
    };
    await failsWith(/called off/, { signal: calling.signal });
  });

  it('fails where nobody listens, where the body breaks off, and where it is packed wrongly', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('BEGIN');
      setImmediate(() => response.destroy());
    };
    await failsWith(/no connection/);
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('BEGIN');
    await failsWith(/no connection \(Z_DATA_ERROR\)/);
    const url = urlOf('/t0ken');
    await new Promise((resolve) => server.close(resolve));
    await failsWith(/no connection \(ECONNREFUSED\)/, {}, url);
  });

  describe('without leave for the own network', () => {
    const refused = { allowPrivate: false };
    const privateNetwork = /public internet, got one of a private network/;

    it('refuses an address without encryption', async () => {
      await failsWith(/https:\/\/ \(http:\/\/ only where that is allowed\)/, refused);
    });

    it('refuses private addresses, however they are written', async () => {
      const hosts = ['127.0.0.1', '10.1.2.3', '2130706433', '0x7f.1', '[::1]', '[::ffff:192.168.0.1]'];
      for (const host of hosts) await failsWith(privateNetwork, refused, `https://${host}/t0ken`);
    });

    it('refuses a name that leads to one, and connects to nothing', async () => {
      let connections = 0;
      server.on('connection', () => connections++);
      const url = `https://feed.example:${portOf()}/t0ken`;
      for (const lookup of [resolverOf('127.0.0.1'), resolverOf('93.184.216.34', '127.0.0.1')]) {
        await failsWith(privateNetwork, { ...refused, lookup }, url);
      }
      assert.equal(connections, 0);
    });
  });

  it('refuses an address that is none, without showing it', async () => {
    for (const url of ['t0ken', 'ftp://example.com/t0ken', 'file:///t0ken'])
      await failsWith(/https:\/\//, {}, url);
  });

  it('takes webcal for https', async () => {
    const firstByte = new Promise<number | undefined>((resolve) => {
      server.removeAllListeners('connection').on('connection', (socket) => {
        socket.once('data', (data: Buffer) => {
          resolve(data[0]);
          socket.destroy();
        });
      });
    });
    await failsWith(/no connection/, {}, urlOf('/t0ken').replace('http', 'webcal'));
    // The handshake record of TLS.
    assert.equal(await firstByte, 0x16);
  });
});
