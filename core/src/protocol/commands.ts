/**
 * Commands to a lock and its answers, authenticated with HMAC-SHA-256 under the controller's command key: a broker's
 * password is no reason to open a door. The MAC covers the body's exact text, so no canonical form is needed.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import { parseMessage } from './messages.ts';

export type CommandName = 'lock' | 'unlock';

export interface Command {
  readonly lockId: string;
  readonly controllerId: string;
  /** The lock's `bootEpoch`, from its state. */
  readonly bootEpoch: string;
  /** Whole number above every one that this controller used at this lock. */
  readonly counter: number;
  /** Milliseconds by the lock's own clock. */
  readonly expiresAtMs: number;
  readonly name: CommandName;
}

/** Why a lock refuses a command. */
export type CommandRefusal =
  'malformed' | 'foreign' | 'forged' | 'other-boot' | 'late' | 'replayed' | 'jammed';

export interface Answer {
  readonly lockId: string;
  readonly controllerId: string;
  /** The counter of the command that is answered. */
  readonly counter: number;
  readonly ok: boolean;
  readonly reason: CommandRefusal | null;
}

/** A command may be made to live this long: a delayed one must not open the door later. */
export const MAX_COMMAND_LIFE_MS = 60_000;

const counter = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const commandSchema = v.strictObject({
  lockId: v.string(),
  controllerId: v.string(),
  bootEpoch: v.string(),
  counter,
  expiresAtMs: v.pipe(v.number(), v.safeInteger()),
  name: v.picklist(['lock', 'unlock']),
});
const refusals = ['malformed', 'foreign', 'forged', 'other-boot', 'late', 'replayed', 'jammed'] as const;
const answerSchema = v.strictObject({
  lockId: v.string(),
  controllerId: v.string(),
  counter,
  ok: v.boolean(),
  reason: v.nullable(v.picklist(refusals)),
});
const envelopeSchema = v.strictObject({ v: v.literal(1), body: v.string(), mac: v.string() });

/** The message text of a command. */
export function signCommand(commandKey: Uint8Array, command: Command): string {
  return seal(commandKey, 'command', command);
}

/** The message text of an answer. */
export function signAnswer(commandKey: Uint8Array, answer: Answer): string {
  return seal(commandKey, 'answer', answer);
}

/** The answer in a message, or `null` for one that was not made with this key. @throws StaycodeError `bad-message` */
export function readAnswer(commandKey: Uint8Array, text: string): Answer | null {
  return unseal(answerSchema, 'answer', text, () => commandKey);
}

/** What the lock knows when a command arrives. */
export interface CommandContext {
  readonly lockId: string;
  readonly bootEpoch: string;
  /** The lock's own clock. */
  readonly nowMs: number;
  /** Derives the controller's command key. */
  readonly commandKeyOf: (controllerId: string) => Uint8Array;
  /** The last counter accepted from the controller, 0 if none. */
  readonly lastCounterOf: (controllerId: string) => number;
}

export type CommandCheck =
  | { readonly ok: true; readonly command: Command }
  /** `command` is there once the MAC held, so that the lock can answer. */
  | { readonly ok: false; readonly reason: CommandRefusal; readonly command?: Command };

/** Judges a command; the caller stores the counter before it acts. Never throws on what came over the wire. */
export function checkCommand(text: string, context: CommandContext): CommandCheck {
  let command: Command | null;
  try {
    command = unseal(commandSchema, 'command', text, (body) => context.commandKeyOf(body.controllerId));
  } catch (error) {
    if (error instanceof StaycodeError) return { ok: false, reason: 'malformed' };
    throw error;
  }
  if (command === null) return { ok: false, reason: 'forged' };
  if (command.lockId !== context.lockId) return { ok: false, reason: 'foreign', command };
  if (command.bootEpoch !== context.bootEpoch) return { ok: false, reason: 'other-boot', command };
  if (command.counter <= context.lastCounterOf(command.controllerId))
    return { ok: false, reason: 'replayed', command };
  const life = command.expiresAtMs - context.nowMs;
  if (life <= 0 || life > MAX_COMMAND_LIFE_MS) return { ok: false, reason: 'late', command };
  return { ok: true, command };
}

type Purpose = 'command' | 'answer';

function seal(key: Uint8Array, purpose: Purpose, content: Command | Answer): string {
  const body = JSON.stringify(content);
  return JSON.stringify({ v: 1, body, mac: bytesToHex(macOf(key, purpose, body)) });
}

function unseal<T>(
  schema: v.GenericSchema<unknown, T>,
  purpose: Purpose,
  text: string,
  keyOf: (content: T) => Uint8Array,
): T | null {
  const { body, mac } = parseMessage(envelopeSchema, text, purpose);
  const content = parseMessage(schema, body, `${purpose} body`);
  return equalText(bytesToHex(macOf(keyOf(content), purpose, body)), mac) ? content : null;
}

function macOf(key: Uint8Array, purpose: Purpose, body: string): Uint8Array {
  return hmac(sha256, key, utf8ToBytes(`staycode/1 ${purpose}\0${body}`));
}

/** Compares in a time that tells nothing of where two texts differ. */
function equalText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
