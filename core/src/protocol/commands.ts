/**
 * Commands to a lock and its answers. Every command names its boot, expires, and has a counter above all before it.
 * @module
 */
import * as v from 'valibot';
import { StaycodeError } from '../errors.ts';
import type { Act, ActRefusal } from '../lock/acts.ts';
import { codeId, counter, epoch, id, keyVersion, wholeMs } from './schemas.ts';
import { readSigned, signText } from './signed-text.ts';

export interface Command {
  readonly lockId: string;
  readonly controllerId: string;
  /** The lock's boot, from the session. */
  readonly bootEpoch: string;
  /** Whole number above every one that this controller used at this lock. */
  readonly counter: number;
  /** Milliseconds of the lock's powered time. */
  readonly expiresAtPoweredMs: number;
  readonly act: Act;
}

/** Why a lock refuses a command. */
export type CommandRefusal = WireRefusal | ActRefusal;
type WireRefusal =
  'malformed' | 'retained' | 'foreign' | 'forged' | 'other-boot' | 'late' | 'replayed' | 'jammed';

export interface Answer {
  readonly lockId: string;
  readonly controllerId: string;
  readonly bootEpoch: string;
  /** The counter of the command that is answered. */
  readonly counter: number;
  readonly ok: boolean;
  readonly reason: CommandRefusal | null;
}

/** A command may be made to live this long: a delayed one must not open the door later. */
export const MAX_COMMAND_LIFE_MS = 60_000;
/** A longer message is refused unread. The longest command is a roster of `MAX_ROSTER` stays. */
export const MAX_COMMAND_LENGTH = 32_768;
export const MAX_ROSTER = 1024;

const REFUSALS = [
  'malformed',
  'retained',
  'foreign',
  'forged',
  'other-boot',
  'late',
  'replayed',
  'jammed',
  'unknown-code',
  'unknown-unit',
  'out-of-range',
  'store-full',
] as const satisfies readonly (WireRefusal | ActRefusal)[];
const actSchema: v.GenericSchema<unknown, Act> = v.variant('name', [
  v.strictObject({ name: v.picklist(['lock', 'unlock']) }),
  v.strictObject({ name: v.picklist(['revoke', 'suspend', 'resume']), code: codeId }),
  v.strictObject({ name: v.literal('extend'), code: codeId, untilMs: wholeMs }),
  v.strictObject({ name: v.literal('set-clock'), atMs: wholeMs }),
  v.strictObject({ name: v.literal('clear-guesses') }),
  v.strictObject({
    name: v.literal('raise-key'),
    unitId: id,
    keyVersion,
    emergency: v.boolean(),
    sealedKey: v.pipe(v.string(), v.regex(/^[0-9a-f]{144}$/u)),
  }),
  v.strictObject({
    name: v.literal('roster'),
    known: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/u))), v.maxLength(MAX_ROSTER)),
  }),
]);
const usedCounter = v.pipe(counter, v.minValue(1));
const commandSchema = v.strictObject({
  lockId: id,
  controllerId: id,
  bootEpoch: epoch,
  counter: usedCounter,
  expiresAtPoweredMs: wholeMs,
  act: actSchema,
});
const answerSchema = v.strictObject({
  lockId: id,
  controllerId: id,
  bootEpoch: epoch,
  counter: usedCounter,
  ok: v.boolean(),
  reason: v.nullable(v.picklist(REFUSALS)),
});

/** The message text of a command. */
export function signCommand(commandKey: Uint8Array, command: Command): string {
  return signText(commandKey, 'command', command);
}

/** The message text of an answer. */
export function signAnswer(commandKey: Uint8Array, answer: Answer): string {
  return signText(commandKey, 'answer', answer);
}

/** The answer in a message, or `null` for one that was not made with this key. @throws StaycodeError `bad-message` */
export function readAnswer(commandKey: Uint8Array, text: string): Answer | null {
  return readSigned(answerSchema, 'answer', text, () => commandKey);
}

/** What the lock knows when a command arrives. */
export interface CommandContext {
  readonly lockId: string;
  readonly bootEpoch: string;
  /** The lock's powered time. */
  readonly poweredMs: number;
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
export function checkCommand(
  message: { readonly text: string; readonly retained: boolean },
  context: CommandContext,
): CommandCheck {
  if (message.retained) return { ok: false, reason: 'retained' };
  const command = readCommand(message.text, context.commandKeyOf);
  if (typeof command === 'string') return { ok: false, reason: command };
  if (command.lockId !== context.lockId) return { ok: false, reason: 'foreign', command };
  if (command.bootEpoch !== context.bootEpoch) return { ok: false, reason: 'other-boot', command };
  if (command.counter <= context.lastCounterOf(command.controllerId))
    return { ok: false, reason: 'replayed', command };
  const life = command.expiresAtPoweredMs - context.poweredMs;
  if (life <= 0 || life > MAX_COMMAND_LIFE_MS) return { ok: false, reason: 'late', command };
  return { ok: true, command };
}

function readCommand(
  text: string,
  commandKeyOf: CommandContext['commandKeyOf'],
): Command | 'malformed' | 'forged' {
  if (text.length > MAX_COMMAND_LENGTH) return 'malformed';
  try {
    return readSigned(commandSchema, 'command', text, (body) => commandKeyOf(body.controllerId)) ?? 'forged';
  } catch (error) {
    if (error instanceof StaycodeError) return 'malformed';
    throw error;
  }
}
