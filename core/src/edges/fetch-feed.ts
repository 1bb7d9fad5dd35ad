/**
 * Fetching a feed over HTTP. The address of a feed is a secret (who has it reads the bookings): errors name its host only.
 * @module
 */
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';
import { StaycodeError } from '../errors.ts';
import { FetchFailure, requestFeed } from './feed-request.ts';

export { nextPollMs, type Refusals } from './next-poll.ts';

/** What a server names a body by, so that it need not send it again (RFC 9110 §8.8). */
export interface FeedValidators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface FetchFeedOptions {
  /** Of the last body; the answer may then be `unchanged`. */
  readonly previous?: FeedValidators;
  /** Also addresses of the own network, and http:// without encryption; neither unless set. */
  readonly allowPrivate?: boolean;
  readonly signal?: AbortSignal;
  /** For the whole of it, redirects and body; 30 s unless set. */
  readonly timeoutMs?: number;
  /** Without a byte; 10 s unless set. */
  readonly idleMs?: number;
  /** After decompression; 16 MiB unless set. */
  readonly maxBytes?: number;
  /** Some OTAs answer 403 to a request without one. */
  readonly userAgent?: string;
  /** The system's resolver unless set. */
  readonly lookup?: LookupFunction;
}

export interface FeedBody {
  readonly kind: 'body';
  readonly body: Uint8Array;
  readonly validators: FeedValidators;
}

export type FetchedFeed = FeedBody | { readonly kind: 'unchanged' };

/** A `feed-failed` that tells when to come back; see `nextPollMs`. */
export class FeedFailure extends StaycodeError {
  /** The server said 429 or 5xx: it wants fewer requests. */
  readonly isBusy: boolean;
  /** From its Retry-After. */
  readonly retryAfterMs: number | null;

  constructor(message: string, more: { isBusy?: boolean; retryAfterMs?: number | null } = {}) {
    super('feed-failed', message);
    this.isBusy = more.isBusy ?? false;
    this.retryAfterMs = more.retryAfterMs ?? null;
  }
}

const MAX_REDIRECTS = 5;
const DEFAULTS = {
  allowPrivate: false,
  timeoutMs: 30_000,
  idleMs: 10_000,
  maxBytes: 16 * 1024 * 1024,
  userAgent: 'Staycode (iCal feed reader)',
};
type Settings = FetchFeedOptions & typeof DEFAULTS;

/**
 * The body of a feed at an `https` or `webcal` address. Whether it is a calendar is for the reader to say.
 * @throws FeedFailure (a StaycodeError `feed-failed`) for a bad address, one that is not allowed, no connection, a status
 * other than 2xx, a body too large or late
 */
export async function fetchFeed(
  url: string,
  options?: FetchFeedOptions & { readonly previous?: never },
): Promise<FeedBody>;
export async function fetchFeed(url: string, options?: FetchFeedOptions): Promise<FetchedFeed>;
export async function fetchFeed(url: string, options: FetchFeedOptions = {}): Promise<FetchedFeed> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const address = readAddress(url, settings);
  const idle = new AbortController();
  const signal = AbortSignal.any([
    idle.signal,
    AbortSignal.timeout(settings.timeoutMs),
    ...(options.signal ? [options.signal] : []),
  ]);
  const onIdle = (): void => {
    idle.abort(new FetchFailure(`nothing came for ${settings.idleMs / 1000} s`));
  };
  try {
    const response = await follow(address, settings, { signal, onIdle });
    return response === null ? { kind: 'unchanged' } : await readAnswer(response, settings);
  } catch (error) {
    // A connection that was ended says only that it was; the signal says why.
    const reason: unknown = signal.aborted ? signal.reason : error;
    throw new FeedFailure(
      `feed at ${address.host}: ${sayWhy(reason, settings)}`,
      reason instanceof BadStatus ? reason : {},
    );
  }
}

/** Neither a body nor a redirect. */
class BadStatus extends FetchFailure {
  readonly isBusy: boolean;
  readonly retryAfterMs: number | null;

  constructor({ statusCode = 0, headers }: IncomingMessage) {
    super(`expected status 200, got ${statusCode}`);
    this.isBusy = statusCode === 429 || statusCode >= 500;
    this.retryAfterMs = readRetryAfter(headers['retry-after']);
  }
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function readRetryAfter(value = ''): number | null {
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** Through the redirects to the answer; `null` where nothing changed. */
async function follow(
  address: URL,
  settings: Settings,
  running: { signal: AbortSignal; onIdle: () => void },
): Promise<IncomingMessage | null> {
  const { idleMs, allowPrivate, lookup, previous } = settings;
  const headers = headersOf(settings);
  let at = address;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await requestFeed(at, { ...running, headers, idleMs, allowPrivate, lookup });
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    // A body that nobody reads would keep the connection open.
    response.destroy();
    if (statusCode === 304 && previous) return null;
    const { location } = response.headers;
    if (statusCode < 300 || statusCode > 399 || location === undefined) throw new BadStatus(response);
    at = readAddress(location, settings, at);
  }
  throw new FetchFailure(`expected at most ${MAX_REDIRECTS} redirects, got more`);
}

function headersOf({ userAgent, previous }: Settings): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: 'text/calendar, */*;q=0.5',
    'accept-encoding': 'gzip',
    ...(previous?.etag != null && { 'if-none-match': previous.etag }),
    ...(previous?.lastModified != null && { 'if-modified-since': previous.lastModified }),
  };
}

async function readAnswer(response: IncomingMessage, { maxBytes }: Settings): Promise<FeedBody> {
  const { etag = null, 'last-modified': lastModified = null } = response.headers;
  const body = await readBody(decompress(response), maxBytes);
  return { kind: 'body', body, validators: { etag, lastModified } };
}

/** A body that is small on the wire may be endless when unpacked, so the limit is on what comes out. */
function decompress(response: IncomingMessage): Readable {
  if (!/gzip|deflate/i.test(response.headers['content-encoding'] ?? '')) return response;
  // Whoever reads the one end is told what went wrong.
  return pipeline(response, createUnzip(), () => undefined);
}

async function readBody(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  // One buffer that grows: a body that comes byte by byte, kept as chunks, would take a hundred times its size.
  const body = new ArrayBuffer(0, { maxByteLength: maxBytes });
  for await (const chunk of stream) {
    const length = body.byteLength;
    // Leaving the loop closes the connection; an endless body is not read to its end.
    if (length + chunk.length > maxBytes) {
      throw new FetchFailure(`expected at most ${maxBytes} bytes, got more`);
    }
    body.resize(length + chunk.length);
    new Uint8Array(body).set(chunk, length);
  }
  return new Uint8Array(body.slice());
}

/** @throws FeedFailure, which cannot name the host, as there is none yet */
function readAddress(url: string, { allowPrivate }: Settings, base?: URL): URL {
  const address = URL.parse(url.trim().replace(/^webcal:/i, 'https:'), base?.href);
  const isAllowed = address?.protocol === 'https:' || (address?.protocol === 'http:' && allowPrivate);
  if (address && isAllowed) return address;
  const expected = allowPrivate ? 'https:// or http://' : 'https:// (http:// only where that is allowed)';
  throw new FeedFailure(`expected an address that starts with ${expected}; not shown, it is a secret`);
}

/** Of other errors only the code is free of the address. */
function sayWhy(error: unknown, { timeoutMs }: Settings): string {
  if (error instanceof FetchFailure || error instanceof FeedFailure) return error.message;
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError') return `expected a whole answer within ${timeoutMs / 1000} s`;
  if (name === 'AbortError') return 'the fetch was called off';
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}
