/**
 * One GET, by a connection of its own: no other request waits for it, and the address that is checked is the one that is
 * connected to. (`fetch` resolves a name once more, and may be given another address then.)
 * @module
 */
import { lookup as lookupName, type LookupAddress } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-addresses.ts';

export interface FeedRequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called once nothing came for so long. */
  readonly idleMs: number;
  readonly onIdle: () => void;
  readonly allowPrivate: boolean;
  readonly lookup: LookupFunction | undefined;
}

/** What went wrong, without the address. */
export class FetchFailure extends Error {}

/**
 * Resolves to the head of the answer, whose body is yet to be read.
 * @throws FetchFailure for an address of a private network that is not allowed, or what the connection failed with
 */
export function requestFeed(url: URL, options: FeedRequestOptions): Promise<IncomingMessage> {
  const { headers, signal, allowPrivate, idleMs, onIdle, lookup = lookupName } = options;
  return new Promise((resolve, reject) => {
    if (!allowPrivate) refusePrivate([url.hostname.replace(/^\[|\]$/g, '')].filter(isIP));
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = start(url, {
      headers,
      signal,
      agent: false,
      lookup: allowPrivate ? lookup : checkedLookup(lookup),
    });
    request.setTimeout(idleMs, onIdle);
    request.once('response', resolve).once('error', reject).end();
  });
}

/** A lookup that gives no private address; node connects to what it gives. */
function checkedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error) {
        callback(error, found, family);
        return;
      }
      try {
        refusePrivate(addressesOf(found));
        callback(null, found, family);
      } catch (refused) {
        callback(refused as FetchFailure, found, family);
      }
    });
  };
}

function addressesOf(found: string | LookupAddress[]): string[] {
  return typeof found === 'string' ? [found] : found.map(({ address }) => address);
}

/** One that is private among public ones is no accident. @throws FetchFailure */
function refusePrivate(addresses: readonly string[]): void {
  if (!addresses.some(isPrivateAddress)) return;
  throw new FetchFailure('expected an address of the public internet, got one of a private network');
}
