/**
 * Paths on Node-RED's own web server where PMSs post to. The bodies stay as they come, for a signature is over the bytes.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StaycodeError } from '@staycode/core';
import type { NodeAPI } from 'node-red';

export interface HookRequest {
  /** Path and query below Node-RED's root. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
}

export interface HookAnswer {
  readonly status: number;
  /** For who reads the PMS's log of its webhooks. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Hook = (request: HookRequest) => HookAnswer;

/** A booking is some kilobytes; a list of a hundred stays well below. */
const MAX_BODY_BYTES = 1024 * 1024;

const hooks = new Map<string, Hook>();
const served = new WeakSet<object>();
/** Bodies as they came; `null` for one that is too long. */
const bodies = new WeakMap<IncomingMessage, Uint8Array | null>();

/**
 * Takes a path such as `/staycode/pms`, and all that is one part longer: a secret may stand there.
 * @returns what gives the path back
 * @throws StaycodeError `bad-config` where the path is another node's, or Node-RED serves none
 */
export function openHook(RED: NodeAPI, path: string, hook: Hook): () => void {
  if (hooks.has(path)) throw bad(`path: expected one of its own, ${path} is another node's`);
  if (RED.settings.httpNodeRoot === false) throw bad('path: expected a Node-RED that serves HTTP');
  serve(RED.httpNode);
  hooks.set(path, hook);
  return () => {
    hooks.delete(path);
  };
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `stay-pms: ${expected}`);
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** What is used of an Express app; `_router` is not documented, and Node-RED's own `http in` uses it in the same way. */
interface WebApp {
  use(handler: Handler): void;
  path(): string;
  readonly parent?: WebApp;
  readonly _router?: { readonly stack: { readonly handle: unknown }[] };
}

/** One handler for all paths, put there once: a web server forgets none of its routes. */
function serve(app: WebApp): void {
  if (served.has(app)) return;
  served.add(app);
  captureFirst(app);
  app.use((request, response, next) => {
    const hook = findHook(request.url ?? '');
    if (hook === undefined) next();
    else send(request, response, answer(hook, request));
  });
}

/**
 * Keeps the bytes before anybody parses them: the editor's API is mostly at the same root, and its parser takes every JSON body.
 * The request goes on its way, so that a password in front of all paths still counts.
 */
function captureFirst(app: WebApp): void {
  const root = app.path().replace(/\/$/u, '');
  const capture: Handler = (request, _response, next) => {
    const { url = '', method } = request;
    if (method !== 'POST' || !url.startsWith(root) || findHook(url.slice(root.length)) === undefined) {
      next();
      return;
    }
    readBody(request).then(
      (body) => {
        bodies.set(request, body);
        // What body-parser goes by.
        Object.assign(request, { _body: true, body: {} });
        next();
      },
      () => {
        // The sender has hung up.
        request.destroy();
      },
    );
  };
  let top = app;
  while (top.parent !== undefined) top = top.parent;
  top.use(capture);
  const { stack = [] } = top._router ?? {};
  const index = stack.findIndex(({ handle }) => handle === capture);
  stack.unshift(...stack.splice(index, index < 0 ? 0 : 1));
}

function findHook(url: string): Hook | undefined {
  const [path = ''] = url.split('?', 1);
  return hooks.get(path.replace(/\/$/u, '')) ?? hooks.get(path.replace(/\/[^/]*$/u, ''));
}

function answer(hook: Hook, request: IncomingMessage): HookAnswer {
  const { method, headers, url = '' } = request;
  if (method !== 'POST') return { status: 405, text: 'expected a POST', headers: { allow: 'POST' } };
  const body = bodies.get(request);
  if (body === undefined) return { status: 500, text: 'the body was parsed before it could be checked' };
  if (body === null)
    return { status: 413, text: 'expected a smaller body', headers: { connection: 'close' } };
  return hook({ url, headers, body });
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += (part as Buffer).length;
    if (length > MAX_BODY_BYTES) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text, headers }: HookAnswer,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ message: text }), () => {
    if (!request.readableEnded) request.destroy();
  });
}
