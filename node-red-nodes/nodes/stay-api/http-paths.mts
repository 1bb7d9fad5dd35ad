/**
 * The calls below a node's path on Node-RED's own web server; what else is below it, such as the board, is not its own. They are
 * answered before anything else looks at them: the editor's parser stands in front of all paths and refuses in its own words, and a
 * password for all flows would take the header that the key comes in.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAPI } from 'node-red';
import { putFirst, readWholeBody } from '../web-root.mts';
import type { Answer } from './answers.mts';

export interface HttpCall {
  readonly method: string;
  /** Behind the node's path and `/access_codes/`: `list`. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly address: string;
  /** The body, `null` for one that is too large. Asked for only once the caller may speak. */
  readonly readBody: () => Promise<string | null>;
}

export type HttpHandler = (call: HttpCall) => Promise<Answer>;

/** A request is some hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;
/** A caller who is still sending hears no answer: so much is read and thrown away first. */
const MAX_DRAINED_BYTES = 16 * 1024 * 1024;

/** By what their calls begin with: Node-RED's root for flows, the node's path, `/access_codes/`. */
const handlers = new Map<string, HttpHandler>();
const served = new WeakSet<object>();

/** @returns what gives the path back, or `null` where the path is another node's or Node-RED serves none */
export function takePath(RED: NodeAPI, path: string, handler: HttpHandler): (() => void) | null {
  if (RED.settings.httpNodeRoot === (false as unknown)) return null;
  const calls = `${RED.httpNode.path().replace(/\/$/u, '')}${path}/access_codes/`;
  if (handlers.has(calls)) return null;
  handlers.set(calls, handler);
  // One handler for all paths.
  if (!served.has(RED.httpNode)) putFirst(RED.httpNode, handle);
  served.add(RED.httpNode);
  return () => {
    handlers.delete(calls);
  };
}

function handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const url = request.url ?? '';
  const calls = [...handlers.keys()].find((one) => url.startsWith(one)) ?? '';
  const handler = handlers.get(calls);
  if (handler === undefined) {
    next();
    return;
  }
  handler(toCall(request, url.slice(calls.length))).then(
    (answer) => {
      send(request, response, answer);
    },
    () => {
      // The caller has hung up.
      response.destroy();
    },
  );
}

function toCall(request: IncomingMessage, below: string): HttpCall {
  const [name = '', query = ''] = below.split('?', 2);
  return {
    method: request.method ?? 'GET',
    name,
    query: new URLSearchParams(query),
    headers: request.headers,
    address: request.socket.remoteAddress ?? '',
    readBody: () => readBody(request),
  };
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const body = await readWholeBody(request, { most: MAX_BODY_BYTES, drained: MAX_DRAINED_BYTES });
  return body?.toString('utf8') ?? null;
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Answer): void {
  const text = JSON.stringify(body);
  const isUnread = !request.readableEnded && request.method !== 'GET';
  response.writeHead(status, {
    ...{ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    // What was not read would be taken for the next request.
    ...(isUnread && { connection: 'close' }),
  });
  response.end(text);
}
