/**
 * What was typed, as keypads and dashboards send it; and a message that keeps no copy of it.
 * @module
 */
import { StaycodeError } from '@staycode/core';

/** What a Zigbee2MQTT keypad needs back in the answer to it. */
export interface KeypadRequest {
  readonly action?: unknown;
  readonly action_transaction?: unknown;
}

/** What was typed: the value itself, or an object's `digits` or `action_code`; `''` where it tells of a battery, say. */
export function findTyped(value: unknown): unknown {
  return isPlainObject(value) ? (value.digits ?? value.action_code ?? '') : value;
}

/** Between groups, as our message to the guest has them, and at the end of a line. */
const SEPARATORS = /[\s-]/gu;

/**
 * The ASCII digits that were typed, without what stands between groups or at a line's end.
 * @param where the property's name, for the message of what is thrown
 * @throws StaycodeError `bad-entry` for anything else
 */
export function checkDigits(value: unknown, where: string): string {
  const expected = `${where}: expected digits as a text`;
  if (typeof value === 'number')
    throw new StaycodeError(
      'bad-entry',
      `${expected}, got a number, which has no leading zeros: choose text where it comes from`,
    );
  if (typeof value !== 'string') throw new StaycodeError('bad-entry', `${expected}, got ${nameOf(value)}`);
  const digits = value.replaceAll(SEPARATORS, '');
  if (!/^[0-9]*$/u.test(digits)) throw new StaycodeError('bad-entry', `${expected}, got other characters`);
  return digits;
}

/** Action and transaction of a Zigbee2MQTT keypad's message, `null` for another's. */
export function readKeypadRequest(value: unknown): KeypadRequest | null {
  if (!isPlainObject(value) || !('action' in value)) return null;
  const { action, action_transaction } = value;
  return { action, action_transaction };
}

/**
 * Takes every copy of what was typed out of a message, in place: senders keep what they received beside the payload (`msg.req` of
 * http in, `msg.originalMessage` of a messenger), and the next node may log all of it.
 */
export function forgetTyped(msg: object, typed: unknown): void {
  // Its body, its address and its raw socket data all hold what was typed; `msg.res` is all that an answer needs.
  if ('req' in msg) delete msg.req;
  removeValue(msg, typed, new Set());
}

function removeValue(holder: object, typed: unknown, seen: Set<object>): void {
  seen.add(holder);
  for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
    if (value === typed) Reflect.deleteProperty(holder, key);
    else if ((isPlainObject(value) || Array.isArray(value)) && !seen.has(value))
      removeValue(value, typed, seen);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function nameOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : Buffer.isBuffer(value) ? 'a buffer' : `a ${typeof value}`;
}
