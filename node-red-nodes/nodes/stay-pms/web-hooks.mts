/**
 * Paths on Node-RED's own web server where PMSs post to. The bodies stay as they come, for a signature is over the bytes.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StaycodeError } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import { putFirst, readWholeBody, type WebApp, type WebHandler } from '../web-root.mts';

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
  const capture: WebHandler = (request, _response, next) => {
    const { url = '', method } = request;
    if (method !== 'POST' || !url.startsWith(root) || findHook(url.slice(root.length)) === undefined) {
      next();
      return;
    }
    readWholeBody(request, { most: MAX_BODY_BYTES }).then(
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
  putFirst(app, capture);
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
