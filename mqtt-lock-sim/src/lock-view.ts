/**
 * What the page, the HTTP API and MQTT see of the simulated lock. They know this and never the keyring or the rules.
 * @module
 */
import type { Bolt, CommandName, LockEvent } from '@staycode/core';
import type { Fault } from './faults.ts';

export interface LockView {
  readonly lockId: string;
  /** Human name for the page's head. */
  readonly name: string;
  /** IANA zone in which the page shows the lock's time. */
  readonly zone: string;
  /** Random per boot, 32 hex digits; another one after each power cut. */
  readonly bootEpoch: string;
  status(): LockStatus;
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
   * Judges a signed MQTT command and, if it holds, carries it out. `answer` is the signed text to publish, if any.
   * @throws StaycodeError `no-power`
   */
  command(text: string): Promise<{ readonly ok: boolean; readonly answer: string | null }>;
  /** The thumbturn inside the door; it turns without power, too, and the lock then knows nothing of it. */
  turnByHand(name: CommandName): Promise<void>;
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
  /** Last accepted command counter by controller id. */
  readonly counters: Readonly<Record<string, number>>;
}
