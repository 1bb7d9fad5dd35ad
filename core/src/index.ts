/**
 * @staycode/core: everything here is pure: time, randomness, disk and network are handed in.
 * @module
 */
export { StaycodeError, type StaycodeErrorCode } from './errors.ts';
export type { Alphabet } from './stay-code/alphabet.ts';
export { deriveCodeKey, deriveCommandKey, deriveLockKey, deriveUnitKey } from './stay-code/keys.ts';
export type { ClockContent, CodeKind, WindowContent } from './stay-code/payload.ts';
export { groupDigits, issueClockCode, issueCode, readCode } from './stay-code/stay-code.ts';
export {
  type Answer,
  checkCommand,
  type Command,
  type CommandCheck,
  type CommandContext,
  type CommandName,
  type CommandRefusal,
  readAnswer,
  signAnswer,
  signCommand,
} from './protocol/commands.ts';
export {
  type Bolt,
  HEARTBEAT_MS,
  type LockEvent,
  type LockState,
  parseLockEvent,
  parseLockState,
  STALE_MS,
} from './protocol/messages.ts';
export { lockTopics, type LockTopics } from './protocol/topics.ts';
