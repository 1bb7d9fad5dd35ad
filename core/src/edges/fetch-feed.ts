/**
 * Fetching a feed over HTTP. The address of a feed is a secret (who has it reads the bookings): errors name its host only.
 * @module
 */
import { StaycodeError } from '../errors.ts';

export interface FetchFeedOptions {
  readonly signal?: AbortSignal;
  /** For the whole of it, redirects and body; 30 s unless set. */
  readonly timeoutMs?: number;
  /** After decompression; 16 MiB unless set. */
  readonly maxBytes?: number;
  /** Some OTAs answer 403 to a request without one. */
  readonly userAgent?: string;
  readonly fetch?: typeof globalThis.fetch;
}

const MAX_REDIRECTS = 5;
const DEFAULTS = {
  timeoutMs: 30_000,
  maxBytes: 16 * 1024 * 1024,
  userAgent: 'Staycode (iCal feed reader)',
};

/**
 * The body of a feed at an `http`, `https` or `webcal` address. Whether it is a calendar is for the reader to say.
 * @throws StaycodeError `feed-failed` for a bad address, no connection, a status other than 2xx, a body too large or late
 */
export async function fetchFeed(url: string, options: FetchFeedOptions = {}): Promise<Uint8Array> {
  const { timeoutMs, maxBytes, userAgent, fetch, signal } = {
    ...DEFAULTS,
    fetch: globalThis.fetch,
    ...options,
  };
  const late = AbortSignal.timeout(timeoutMs);
  const request: RequestInit = {
    redirect: 'manual',
    headers: { 'user-agent': userAgent, accept: 'text/calendar, */*;q=0.5' },
    signal: signal ? AbortSignal.any([signal, late]) : late,
  };
  const address = readAddress(url);
  try {
    return await readBody(await follow(address, request, fetch), maxBytes);
  } catch (error) {
    throw failed(address, late.aborted ? `no answer within ${timeoutMs / 1000} s` : sayWhy(error));
  }
}

/** What went wrong, without the host. */
class FetchFailure extends Error {}

async function follow(address: URL, request: RequestInit, fetch: typeof globalThis.fetch): Promise<Response> {
  let at = address;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(at, request);
    const location = response.headers.get('location');
    if (response.ok) return response;
    // A body that nobody reads would keep the connection open.
    await response.body?.cancel();
    if (response.status < 300 || response.status > 399 || location === null) {
      throw new FetchFailure(`expected status 200, got ${response.status}`);
    }
    at = readAddress(location, at);
  }
  throw new FetchFailure(`expected at most ${MAX_REDIRECTS} redirects, got more`);
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of stream ?? []) {
    length += chunk.length;
    // Leaving the loop closes the connection; an endless body is not read to its end.
    if (length > maxBytes) throw new FetchFailure(`expected at most ${maxBytes} bytes, got more`);
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function readAddress(url: string, base?: URL): URL {
  const address = URL.parse(url.trim().replace(/^webcal:/i, 'https:'), base?.href);
  if (address && /^https?:$/.test(address.protocol)) return address;
  throw new StaycodeError(
    'feed-failed',
    'expected an address that starts with https:// (not shown, it is a secret)',
  );
}

/** undici hides why behind `fetch failed`; of its cause only the code is free of the address. */
function sayWhy(error: unknown): string {
  if (error instanceof FetchFailure || error instanceof StaycodeError) return error.message;
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'AbortError') return 'the fetch was called off';
  return typeof cause?.code === 'string' ? `no connection (${cause.code})` : 'no connection';
}

function failed(address: URL, why: string): StaycodeError {
  return new StaycodeError('feed-failed', `feed at ${address.host}: ${why}`);
}
