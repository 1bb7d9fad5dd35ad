/**
 * What a page of ours sends to a route of the editor's side.
 * @module
 */
import type { Request } from 'express';

/** The body as fields; `null` for what is not JSON: a form of another page could send anything else on its reader's behalf. */
export function jsonBody(request: Request): Readonly<Record<string, unknown>> | null {
  const body: unknown = request.body;
  if (request.is('application/json') === false || typeof body !== 'object' || body === null) return null;
  return body as Record<string, unknown>;
}
