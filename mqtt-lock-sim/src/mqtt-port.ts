/**
 * What comes to a lock over MQTT, and what it replies.
 * @module
 */
import { type IncomingMessage, lockReads, lockTopics } from '@staycode/core';
import type { LockView } from './lock-view.ts';
import type { Say } from './mqtt-speaker.ts';

/** Something that listens on a wire. */
export interface Port {
  readonly topics: readonly string[];
  /** Takes any message of the wire, and looks only at its own. */
  readonly take: (message: IncomingMessage) => void;
}

export function createLockPort(lock: LockView, say: Say, log: (line: string) => void): Port {
  const topics = lockReads(lockTopics(lock.lockId));
  const receive = async (message: IncomingMessage): Promise<void> => {
    try {
      for (const reply of await lock.receive(message)) say(reply);
    } catch (error) {
      log(`MQTT: a message could not be taken: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  };
  return {
    topics,
    take: (message) => {
      if (topics.includes(message.topic)) void receive(message);
    },
  };
}
