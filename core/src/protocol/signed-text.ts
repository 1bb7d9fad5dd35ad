/**
 * Messages between a lock and one controller, authenticated with HMAC-SHA-256 under the controller's command key: a broker's
 * password is no reason to open a door. The MAC covers the body's exact text, so no canonical form of JSON is needed.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { parseMessage } from '../parse-message.ts';

/** What a message is for: a MAC made for one purpose holds for no other. */
export type Purpose = 'hello' | 'session' | 'command' | 'answer' | 'roster' | 'entries' | 'ack' | 'resend';

const envelopeSchema = v.strictObject({
  v: v.literal(1),
  body: v.string(),
  mac: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});

/** The message text of a content. */
export function signText(commandKey: Uint8Array, purpose: Purpose, content: object): string {
  const body = JSON.stringify(content);
  return JSON.stringify({ v: 1, body, mac: macOf(commandKey, purpose, body) });
}

/**
 * The content of a message, or `null` where its MAC was not made for this purpose with the key that it calls for.
 * @throws StaycodeError `bad-message` for what is no such message; of `keyOf`
 */
export function readSigned<T>(
  schema: v.GenericSchema<unknown, T>,
  purpose: Purpose,
  text: string,
  keyOf: (content: T) => Uint8Array,
): T | null {
  const { body, mac } = parseMessage(envelopeSchema, text, purpose);
  const content = parseMessage(schema, body, `${purpose} body`);
  return equalText(macOf(keyOf(content), purpose, body), mac) ? content : null;
}

function macOf(key: Uint8Array, purpose: Purpose, body: string): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes(`staycode/1 ${purpose}\0${body}`)));
}

/** Compares in a time that tells nothing of where two texts differ. */
function equalText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
