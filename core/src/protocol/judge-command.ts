/**
 * The lock's side of sessions and commands: what to put on record, what to do and what to answer. Pure: the caller makes the
 * record durable, and only then acts.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { judgeAct } from '../lock/acts.ts';
import type { LockNow } from '../lock/authorizations.ts';
import type { ReadyLock } from '../lock/keyring.ts';
import type {
  CommandRecord,
  CommandRefusedRecord,
  LockMemory,
  Moment,
  OperationRecord,
} from '../lock/memory.ts';
import { deriveCommandKey } from '../stay-code/keys.ts';
import { checkCommand, type Command, type CommandRefusal, signAnswer } from './commands.ts';
import { openRaisedKey } from './raised-keys.ts';
import { readHello, signSession } from './session.ts';

/** What a lock knows of itself when a message comes. */
export interface WireContext {
  readonly lockId: string;
  readonly lockKey: Uint8Array;
  readonly bootEpoch: string;
  readonly lock: ReadyLock;
  readonly memory: LockMemory;
  readonly now: LockNow;
}

/** A message as it came off the wire. */
export interface WireMessage {
  readonly text: string;
  readonly retained: boolean;
}

type Unstamped<T> = T extends Moment ? Omit<T, keyof Moment> : never;

export interface CommandJudgement {
  readonly record: Unstamped<OperationRecord | CommandRecord | CommandRefusedRecord>;
  /** The command to answer, where it was authentic. */
  readonly command: Command | null;
  /** `null` where the lock takes it. */
  readonly refusal: CommandRefusal | null;
}

/** Judges a command. Never throws on what came over the wire. */
export function judgeCommand(message: WireMessage, context: WireContext): CommandJudgement {
  const { lockId, bootEpoch, memory, now } = context;
  const check = checkCommand(message, {
    ...{ lockId, bootEpoch, poweredMs: now.poweredMs },
    commandKeyOf: (controllerId) => deriveCommandKey(context.lockKey, controllerId),
    lastCounterOf: (controllerId) => lastCounterOf(memory, controllerId),
  });
  if (!check.ok) {
    const { reason, command = null } = check;
    return { record: { type: 'command-refused', reason }, command, refusal: reason };
  }
  const { controllerId, counter, act } = check.command;
  const command = { controllerId, counter };
  if (act.name === 'lock' || act.name === 'unlock') {
    const record = { type: 'operation', operation: act.name, source: 'remote', command } as const;
    return { record, command: check.command, refusal: null };
  }
  const refusal =
    act.name === 'raise-key' && openRaisedKey(deriveCommandKey(context.lockKey, controllerId), act) === null
      ? 'malformed'
      : judgeAct(context.lock, memory, act);
  const record =
    refusal === null
      ? ({ type: 'command', command, act } as const)
      : ({ type: 'command-refused', reason: refusal, command } as const);
  return { record, command: check.command, refusal };
}

/** The answer's text to an authentic command, else `null`: strangers get none. */
export function answerTo(
  command: Command | null,
  reason: CommandRefusal | null,
  { lockKey, bootEpoch }: Pick<WireContext, 'lockKey' | 'bootEpoch'>,
): string | null {
  if (command === null) return null;
  const { lockId, controllerId, counter } = command;
  const answer = { lockId, controllerId, bootEpoch, counter, ok: reason === null, reason };
  return signAnswer(deriveCommandKey(lockKey, controllerId), answer);
}

/** The session's text for an authentic hello to this lock, else `null`. Never throws on what came over the wire. */
export function answerHello(message: WireMessage, context: WireContext): string | null {
  const { lockId, lockKey, bootEpoch, memory, now } = context;
  if (message.retained || message.text.length > MAX_HELLO_LENGTH) return null;
  try {
    const hello = readHello((controllerId) => deriveCommandKey(lockKey, controllerId), message.text);
    if (hello?.lockId !== lockId) return null;
    return signSession(deriveCommandKey(lockKey, hello.controllerId), {
      ...hello,
      bootEpoch,
      counter: lastCounterOf(memory, hello.controllerId),
      // Down, so that nothing made from it lives longer than it was meant to.
      poweredMs: Math.floor(now.poweredMs),
      atMs: Math.round(now.atMs),
      clock: now.clock,
    });
  } catch (error) {
    if (error instanceof StaycodeError) return null;
    throw error;
  }
}

const MAX_HELLO_LENGTH = 1024;

/** The last counter that a controller used at this lock, 0 for none. */
export function lastCounterOf({ counters }: LockMemory, controllerId: string): number {
  return Object.hasOwn(counters, controllerId) ? (counters[controllerId] ?? 0) : 0;
}
