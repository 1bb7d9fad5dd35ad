/**
 * What the page, the HTTP API and MQTT see of the simulated lock. They know this and never the keyring or the rules.
 * @module
 */
import type { Bolt, Door, IncomingMessage, LockEvent, LockHealth, Movement } from '@staycode/core';
import type { Saying } from '@staycode/core/edges';
import type { Fault } from './faults.ts';

export interface LockView {
  readonly lockId: string;
  /** Human name for the page's head. */
  readonly name: string;
  /** IANA zone in which the page shows the lock's time. */
  readonly zone: string;
  status(): LockStatus;
  health(): Omit<LockHealth, 'v' | 'lockId'>;
  /** The last events, oldest first, at most `count`. */
  recentEvents(count: number): readonly LockEvent[];
  /** Called after every change of status, with the event that caused it where there is one. Returns the unsubscriber. */
  subscribe(listener: (event: LockEvent | null) => void): () => void;
  /**
   * Judges an entry. Resolves at the verdict's tick, after the bolt has moved. Never says why it refused.
   * @throws StaycodeError `no-power` if there is none, or it goes before the verdict
   */
  enter(digits: string): Promise<{ readonly signal: 'opened' | 'done' | 'refused' }>;
  /**
   * Takes a message on one of `lockReads` and, if it holds, does what it says. Returns what to publish.
   * @throws StaycodeError `no-power`
   */
  receive(message: IncomingMessage): Promise<readonly Saying[]>;
  /**
   * Brings the log home: says what to publish as the connection comes, or as time goes by and the log grows. Nothing without power.
   */
  audit(what: 'up' | 'down' | 'tick'): readonly Saying[];
  /** The thumbturn inside the door; it turns without power, too, and the lock then knows nothing of it. */
  turnByHand(name: Movement): Promise<void>;
  /** Moves the bolt for who has proved nothing to the lock itself. @throws StaycodeError `no-power` */
  operateUnsigned(name: Movement): Promise<void>;
  /** Those that are on. */
  faults(): readonly Fault[];
  /** Switches a fault, or lets it happen. @throws StaycodeError `no-power` for an alarm that nobody can give */
  applyFault(fault: Fault): Promise<void>;
}

export interface LockStatus {
  readonly bolt: Bolt;
  readonly atMs: number;
  readonly clock: 'running' | 'lost';
  readonly battery: number | null;
  readonly door: Door | null;
  readonly tampered: boolean;
}
