/**
 * A place in front of all else on Node-RED's web server: the editor's API is mostly at the same root, and its parser takes every
 * JSON body, or refuses it in its own words.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type WebHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** As much of Express 4 as is used; that an app has a parent and a stack is written down nowhere, and `http in` uses it too. */
export interface WebApp {
  use(handler: WebHandler): void;
  path(): string;
  readonly parent?: WebApp;
  readonly _router?: { readonly stack: { readonly handle: unknown }[] };
}

/** Puts a handler before all others of the server that an app is part of. A web server forgets none: do it once. */
export function putFirst(app: WebApp, handler: WebHandler): void {
  let top = app;
  while (top.parent !== undefined) top = top.parent;
  top.use(handler);
  const { stack = [] } = top._router ?? {};
  const index = stack.findIndex(({ handle }) => handle === handler);
  if (index > 0) stack.unshift(...stack.splice(index, 1));
}

export interface BodyLimits {
  /** Bytes that are taken. */
  readonly most: number;
  /** Bytes that are read and thrown away first, for a caller who is still sending hears no answer; none on top of `most` unless set. */
  readonly drained?: number;
}

/** The body as it came, `null` for one that is too long. Rejects where the sender has hung up. */
export async function readWholeBody(
  request: IncomingMessage,
  { most, drained = most }: BodyLimits,
): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += (part as Buffer).length;
    if (length > drained) return null;
    if (length > most) parts.length = 0;
    else parts.push(part as Buffer);
  }
  return length > most ? null : Buffer.concat(parts);
}
