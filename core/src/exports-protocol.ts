/**
 * What the packages use of the host's side of the protocol.
 * @module
 */
export {
  ANSWER_TIMEOUT_MS,
  type CommandOutcome,
  type ControllerClock,
  type IncomingMessage,
  LockController,
  type LockControllerOptions,
  type LockListener,
} from './protocol/lock-controller.ts';
