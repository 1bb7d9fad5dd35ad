/**
 * The lock's web side: the keypad page and the HTTP API behind it.
 * @module
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP, isIPv6 } from 'node:net';
import { StaycodeError, type StaycodeErrorCode } from '@staycode/core';
import { parseFault } from './faults.ts';
import { createLiveFeed, takeSnapshot } from './live-feed.ts';
import type { LockView } from './lock-view.ts';
import { loadPage, type PageFile } from './page-files.ts';
import { MAX_BODY_BYTES, parseEntry, parseTurn, readBody } from './request-body.ts';

export interface WebOptions {
  /** Address to listen on; `127.0.0.1` unless set. The API has no password, so a wider one is for a network one trusts. */
  readonly host?: string;
  /** 0, a free one, unless set. */
  readonly port?: number;
  /** How often an open page hears from an idle lock; 10 s unless set. */
  readonly beatMs?: number;
  readonly log?: (line: string) => void;
}

export interface LockServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends open connections, the live streams among them, at once. */
  close(): Promise<void>;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}
type Routes = ReadonlyMap<string, Route>;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
/** What is no fault of this program; everything else is told to its own output, and not over the network. */
const STATUS_OF: Partial<Record<StaycodeErrorCode, number>> = { 'bad-message': 400, 'no-power': 503 };
/** A body that trickles in longer than this is given up. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves the page (`GET /`), `POST /api/entry`, `POST /api/turn`, `POST /api/faults`, `GET /api/state` and
 * `GET /api/live`.
 * Rejects with Node's own error if the address cannot be listened on.
 */
export async function serveLock(
  lock: LockView,
  { host = '127.0.0.1', port = 0, beatMs = 10_000, log = () => undefined }: WebOptions = {},
): Promise<LockServer> {
  const page = await loadPage();
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS });
  server.listen(port, host);
  await once(server, 'listening');
  // Only now that nothing can fail any more: a feed is a timer and a subscription, which someone would have to undo.
  const feed = createLiveFeed(lock, beatMs);
  const site: Site = { routes: defineRoutes(lock, page, feed.open), host, log };
  server.on('request', (request, response) => {
    void answer(site, request, response);
  });
  return {
    url: addressOf(server, host),
    close: async () => {
      feed.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answerGet(answer: (response: ServerResponse) => void): Route {
  return {
    method: 'GET',
    answer: (_request, response) => {
      answer(response);
    },
  };
}

function defineRoutes(
  lock: LockView,
  page: ReadonlyMap<string, PageFile>,
  openFeed: (response: ServerResponse) => void,
): Routes {
  return new Map<string, Route>([
    ...[...page].map(([path, { type, body }]): [string, Route] => [
      path,
      answerGet((response) => {
        response.writeHead(200, { 'content-type': type }).end(body);
      }),
    ]),
    [
      '/api/state',
      answerGet((response) => {
        sendJson(response, 200, takeSnapshot(lock));
      }),
    ],
    ['/api/live', answerGet(openFeed)],
    [
      '/api/entry',
      takeJson(parseEntry, async (digits) => {
        const { signal } = await lock.enter(digits);
        return { opened: signal === 'opened', signal };
      }),
    ],
    [
      '/api/turn',
      takeJson(parseTurn, async (to) => {
        await lock.turnByHand(to);
        return { bolt: lock.status().bolt };
      }),
    ],
    [
      '/api/faults',
      takeJson(parseFault, async (fault) => {
        await lock.applyFault(fault);
        return { faults: lock.faults() };
      }),
    ],
  ]);
}

function takeJson<T>(parse: (text: string) => T, act: (content: T) => Promise<object>): Route {
  return {
    method: 'POST',
    answer: async (request, response) => {
      const text = await readBody(request);
      if (text === null) {
        sendJson(response, 413, { error: `body: expected at most ${MAX_BODY_BYTES} bytes, got more` });
        return;
      }
      sendJson(response, 200, await act(parse(text)));
    },
  };
}

interface Site {
  readonly routes: Routes;
  readonly host: string;
  readonly log: (line: string) => void;
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  try {
    await dispatch(site, request, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    const status = error instanceof StaycodeError ? STATUS_OF[error.code] : undefined;
    if (status !== undefined && error instanceof StaycodeError) {
      sendJson(response, status, { error: error.message });
      return;
    }
    site.log(
      `HTTP: ${request.method ?? ''} failed: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
    sendJson(response, 500, { error: 'the lock failed; its own output says why' });
  }
}

async function dispatch(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOwnRequest(request, site.host)) {
    sendJson(response, 403, { error: 'expected a request from this page, by address or as localhost' });
    return;
  }
  const route = site.routes.get((request.url ?? '').split('?', 1)[0] ?? '');
  if (route === undefined) {
    sendJson(response, 404, { error: 'expected a path of the page or of the API' });
  } else if (route.method !== request.method) {
    response.setHeader('allow', route.method);
    sendJson(response, 405, { error: `expected ${route.method}` });
  } else await route.answer(request, response);
}

/**
 * A foreign site must neither type at this keypad nor read its log through its visitor's browser. It can reach it only
 * under a name that it points here (DNS rebinding), never under an address, or with its own `Origin`.
 */
function isOwnRequest({ headers }: IncomingMessage, listensOn: string): boolean {
  const name = URL.parse(`http://${headers.host ?? ''}`)?.hostname.replace(/^\[|\]$/gu, '');
  if (name === undefined || (name !== 'localhost' && name !== listensOn && isIP(name) === 0)) return false;
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host;
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const isWildcard = host === '0.0.0.0' || host === '::';
  const shown = isWildcard ? '127.0.0.1' : host;
  return `http://${isIPv6(shown) ? `[${shown}]` : shown}:${port}`;
}

function sendJson(response: ServerResponse, status: number, content: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(content));
}
