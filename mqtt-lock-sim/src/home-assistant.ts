/**
 * The lock at Home Assistant: announced for discovery, again whenever Home Assistant starts, and asked from there.
 * @module
 */
import {
  HOME_ASSISTANT_STATUS,
  homeAssistantDevice,
  homeAssistantTopics,
  type IncomingMessage,
} from '@staycode/core';
import type { LockView } from './lock-view.ts';
import type { Port } from './mqtt-port.ts';
import type { Say } from './mqtt-speaker.ts';

export interface HomeAssistantOptions {
  /** Whether an unsigned command moves the bolt: then the broker's passwords and ACL are all that guards the door. */
  readonly commands: boolean;
}

export interface HomeAssistantPort extends Port {
  /** Announces the lock for discovery. */
  readonly announce: () => void;
}

/** `announceLock` says all that the lock has to say of itself. */
export function createHomeAssistantPort(
  lock: LockView,
  say: Say,
  {
    commands,
    announceLock,
    log,
  }: HomeAssistantOptions & { announceLock: () => void; log: (line: string) => void },
): HomeAssistantPort {
  const { discovery, bolt, resync } = homeAssistantTopics(lock.lockId);
  const text = homeAssistantDevice(lock);
  const announce = (): void => {
    say({ topic: discovery, text, retain: true });
  };
  const sayAgain = (): void => {
    announce();
    announceLock();
  };
  const moveBolt = async (text: string): Promise<void> => {
    if (!commands) {
      log('MQTT: refused an unsigned command of Home Assistant; --ha-commands would take it');
      return;
    }
    if (text !== 'LOCK' && text !== 'UNLOCK') return;
    try {
      await lock.operateUnsigned(text === 'LOCK' ? 'lock' : 'unlock');
    } catch (error) {
      log(`MQTT: a command failed: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  };
  return {
    topics: [HOME_ASSISTANT_STATUS, bolt, resync],
    announce,
    take: ({ topic, text, retained }: IncomingMessage) => {
      // A retained birth is older than our own announcement, and a command that a broker kept is none.
      if (retained) return;
      if (topic === HOME_ASSISTANT_STATUS && text === 'online') sayAgain();
      else if (topic === resync) sayAgain();
      else if (topic === bolt) void moveBolt(text);
    },
  };
}
