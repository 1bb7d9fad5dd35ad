/**
 * What a request to the HTTP API may say, and how it is told that it said something else.
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { type Movement, StaycodeError } from '@staycode/core';

/** Far above what any request of the API needs. */
export const MAX_BODY_BYTES = 4096;
/** Longer than any code; the lock judges what is shorter, and anything but twelve digits or a PIN is wrong there. */
const MAX_DIGITS = 64;

/** The body as text, or `null` if it is larger than `MAX_BODY_BYTES`. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const kept: Buffer[] = [];
  let bytes = 0;
  // What is too much is still read to its end, and forgotten: a browser that is cut off in mid-sentence hears no answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) kept.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? null : Buffer.concat(kept).toString('utf8');
}

/** The digits of `{"digits":"…"}`. @throws StaycodeError `bad-message` that never repeats them */
export function parseEntry(text: string): string {
  const digits = readField(text, 'digits');
  if (typeof digits === 'string' && digits.length <= MAX_DIGITS && /^[0-9]+$/u.test(digits)) return digits;
  const came = typeof digits === 'string' ? `a string of ${digits.length} characters` : nameKind(digits);
  throw new StaycodeError(
    'bad-message',
    `digits: expected a string of 1 to ${MAX_DIGITS} ASCII digits, got ${came}`,
  );
}

/** The side of `{"to":"lock"|"unlock"}`. @throws StaycodeError `bad-message` */
export function parseTurn(text: string): Movement {
  const to = readField(text, 'to');
  if (to === 'lock' || to === 'unlock') return to;
  const came = typeof to === 'string' ? 'another string' : nameKind(to);
  throw new StaycodeError('bad-message', `to: expected "lock" or "unlock", got ${came}`);
}

function readField(text: string, name: string): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new StaycodeError('bad-message', `body: expected a JSON object with "${name}", got no JSON`);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new StaycodeError(
      'bad-message',
      `body: expected a JSON object with "${name}", got ${nameKind(data)}`,
    );
  }
  return (data as Readonly<Record<string, unknown>>)[name];
}

function nameKind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
