/**
 * The lock's log on its way home over a connection: at each coming, as the log grows, and again while nobody acknowledges.
 * @module
 */
import type { LockView } from './lock-view.ts';
import type { Say } from './mqtt-speaker.ts';

export interface AuditLink {
  readonly up: () => void;
  readonly down: () => void;
  /** The lock may have written something. */
  readonly changed: () => void;
  readonly close: () => void;
}

/** How often what is due is looked for. */
const TICK_MS = 1_000;

export function createAuditLink(lock: LockView, say: Say, log: (line: string) => void): AuditLink {
  const tell = (what: 'up' | 'down' | 'tick'): void => {
    try {
      for (const saying of lock.audit(what)) say(saying);
    } catch (error) {
      // A disk that takes nothing more: the lock says so to who enters, and keeps what it has.
      log(`MQTT: the log cannot be sent: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  };
  const ticks = setInterval(tell, TICK_MS, 'tick');
  return {
    up: () => {
      tell('up');
    },
    down: () => {
      tell('down');
    },
    changed: () => {
      tell('tick');
    },
    close: () => {
      clearInterval(ticks);
    },
  };
}
