/**
 * Who calls, how often and with what: only a caller with a key gets to the desk, and nothing that goes wrong tells more than that.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { StaycodeError } from '@staycode/core';
import { type Answer, refuse, Refusal } from './answers.mts';
import type { ApiDesk } from './api-desk.mts';
import { type ApiKey, findApiKey } from './api-keys.mts';
import { CALLS } from './calls.mts';
import type { HttpCall, HttpHandler } from './http-paths.mts';
import { createRateLimit } from './rate-limit.mts';

export interface ApiServerOptions {
  readonly desk: ApiDesk;
  readonly keys: readonly ApiKey[];
  /** For each key, and for each address without one. */
  readonly callsPerMinute: number;
  /** What no caller should have to know. */
  readonly onTrouble: (error: unknown) => void;
}

export function createApiServer(options: ApiServerOptions): HttpHandler {
  const limit = createRateLimit(options.callsPerMinute);
  return async (call) => {
    const answer = await answerTo(call, options, limit);
    return { ...answer, headers: { ...answer.headers, 'seam-request-id': randomUUID() } };
  };
}

async function answerTo(
  call: HttpCall,
  { desk, keys, onTrouble }: ApiServerOptions,
  limit: ReturnType<typeof createRateLimit>,
): Promise<Answer> {
  const key = findApiKey(keys, call.headers.authorization);
  // With a key a caller is not held up by a flood of others from the same address.
  const waitMs = limit.take(key === null ? `address ${call.address}` : `key ${key.hash}`, desk.nowMs());
  if (waitMs > 0) {
    const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) };
    return refuse('rate_limit_exceeded', 'too many calls', { headers });
  }
  if (key === null) return refuse('unauthorized', 'Unauthorized');
  const found = Object.hasOwn(CALLS, call.name) ? CALLS[call.name] : undefined;
  if (found === undefined) return refuse('not_found', 'expected a call on access codes that there is');
  if (!found.methods.includes(call.method)) {
    const headers = { allow: found.methods.join(', ') };
    return refuse('method_not_allowed', `expected ${headers.allow}`, { headers });
  }
  const text = await call.readBody();
  if (text === null) return refuse('payload_too_large', 'expected a smaller body');
  try {
    return found.answer(desk, readFields(call, text), key);
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.type, error.message, { problems: error.problems });
    onTrouble(error);
    const isBusy = error instanceof StaycodeError;
    return refuse('internal_error', isBusy ? error.message : 'the call failed');
  }
}

/** JSON in the body, or fields in the query where there is none. @throws Refusal for a body that is no JSON */
function readFields({ query }: HttpCall, text: string): unknown {
  if (text.trim() !== '') {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new Refusal('invalid_input', 'body: expected JSON');
    }
  }
  const fields = [...new Set(query.keys())].map((name): [string, unknown] => {
    const values = query.getAll(name);
    if (name === 'access_code_ids') return [name, values];
    if (name === 'limit') return [name, Number(values[0])];
    return [name, values[0]];
  });
  return Object.fromEntries(fields);
}
