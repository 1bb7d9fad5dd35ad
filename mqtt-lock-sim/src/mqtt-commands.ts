/**
 * The commands that come to a lock over MQTT, and its answers.
 * @module
 */
import { type IncomingMessage, lockTopics } from '@staycode/core';
import type { LockView } from './lock-view.ts';
import type { Say } from './mqtt-speaker.ts';

/** Something that listens on a wire. */
export interface Port {
  readonly topics: readonly string[];
  /** Takes any message of the wire, and looks only at its own. */
  readonly take: (message: IncomingMessage) => void;
}

/** A command is a few hundred characters; what is far larger is not looked at. */
const MAX_COMMAND_LENGTH = 4096;

export function createCommandPort(lock: LockView, say: Say, log: (line: string) => void): Port {
  const topics = lockTopics(lock.lockId);
  const obey = async (text: string): Promise<void> => {
    try {
      const { answer } = await lock.command(text);
      if (answer !== null) say({ topic: topics.answer, text: answer });
    } catch (error) {
      log(`MQTT: a command failed: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  };
  return {
    topics: [topics.command],
    take: ({ topic, text, retained }) => {
      if (topic !== topics.command) return;
      if (retained) log('MQTT: ignored a retained command');
      else if (text.length <= MAX_COMMAND_LENGTH) void obey(text);
    },
  };
}
