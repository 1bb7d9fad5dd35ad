import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fetchFeed } from '../../../core/src/edges/fetch-feed.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

/** An address that is public when it is looked at, and leads to this machine when it is connected to. */
function publicHere(): LookupAddress {
  let reads = 0;
  return {
    get address() {
      return reads++ === 0 ? '203.0.113.7' : '127.0.0.1';
    },
    family: 4,
  };
}

describe('a feed on the public internet that redirects', () => {
  const trusted = getCACertificates('default');
  let server: Server;
  let port: number;
  /** Where `/t0ken` leads. */
  let location: string;
  let connections: number;
  const lookup: LookupFunction = (name, _, callback) => {
    callback(null, name === 'feed.example' ? [publicHere()] : [{ address: '127.0.0.1', family: 4 }]);
  };
  const fetch = async (path: string): Promise<string> => {
    const { body } = await fetchFeed(`https://feed.example:${port}${path}`, { lookup });
    return new TextDecoder().decode(body);
  };

  before(async () => {
    const authority = makeAuthority(scratchFolder(), 'feeds');
    const { certFile, keyFile } = authority.certify('feed');
    setDefaultCACertificates([...trusted, readFileSync(authority.caFile, 'utf8')]);
    server = createServer(
      { cert: readFileSync(certFile), key: readFileSync(keyFile) },
      ({ url }, response) => {
        if (url === '/t0ken') response.writeHead(302, { location }).end();
        else response.end('BEGIN:VCALENDAR');
      },
    ).listen(0, '127.0.0.1');
    server.on('connection', () => connections++);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    connections = 0;
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    removeScratch();
  });

  it('is followed within the public internet', async () => {
    location = '/calendar.ics';
    assert.equal(await fetch('/t0ken'), 'BEGIN:VCALENDAR');
    assert.equal(connections, 2);
  });
  for (const [what, to] of [
    ['a private address', (): string => `https://127.0.0.1:${port}/calendar.ics`],
    ['one that IPv6 hides', (): string => `https://[::ffff:127.0.0.1]:${port}/calendar.ics`],
    ['a name of the own network', (): string => `https://router.example:${port}/calendar.ics`],
    ['what is not encrypted', (): string => `http://feed.example:${port}/calendar.ics`],
  ] as const) {
    it(`is not followed to ${what}: no connection is made`, async () => {
      location = to();
      await assert.rejects(fetch('/t0ken'), (error: Error) => {
        assert.match(error.message, /one of a private network|http:\/\/ only where that is allowed/);
        assert.doesNotMatch(error.message, /t0ken|router/);
        return true;
      });
      assert.equal(connections, 1);
    });
  }
});
