/**
 * What a lock says over MQTT of itself and of what happens at its door.
 * @module
 */
import { type LockEvent, type LockHealth, type LockState, lockTopics } from '@staycode/core';
import type { Saying } from '@staycode/core/edges';
import type { LockView } from './lock-view.ts';

/** Says it now, or not at all. */
export type Say = (saying: Saying) => void;

export interface Speaker {
  /** That the lock is there, its state and its health. */
  readonly announce: () => void;
  /** State and health. */
  readonly state: () => void;
  readonly event: (event: LockEvent) => void;
  /** What to say before going. */
  readonly goodbye: Saying;
}

export function createSpeaker(lock: LockView, say: Say): Speaker {
  const topics = lockTopics(lock.lockId);
  const state = (): void => {
    say({ topic: topics.state, text: JSON.stringify(stateOf(lock)), retain: true });
    say({ topic: topics.health, text: JSON.stringify(healthOf(lock)), retain: true });
  };
  return {
    announce: () => {
      // The state first: who sees `online` may rely on what is retained.
      state();
      say({ topic: topics.availability, text: 'online', retain: true });
    },
    state,
    event: (event) => {
      say({ topic: topics.event, text: JSON.stringify(event) });
    },
    goodbye: { topic: topics.availability, text: 'offline', retain: true },
  };
}

function stateOf(lock: LockView): LockState {
  return { v: 1, lockId: lock.lockId, ...lock.status() };
}

function healthOf(lock: LockView): LockHealth {
  return { v: 1, lockId: lock.lockId, ...lock.health() };
}
