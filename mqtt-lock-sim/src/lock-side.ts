/**
 * One lock's whole side of MQTT, whatever wire it is on: what it says, and what it listens to.
 * @module
 */
import type { LockEvent } from '@staycode/core';
import type { Saying } from '@staycode/core/edges';
import { createAuditLink } from './audit-link.ts';
import { createHomeAssistantPort, type HomeAssistantOptions } from './home-assistant.ts';
import type { LockView } from './lock-view.ts';
import { createLockPort, type Port } from './mqtt-port.ts';
import { createSpeaker, type Say } from './mqtt-speaker.ts';

export interface LockSide extends Port {
  /** Says all that the lock has to say of itself, as at every connection. */
  readonly announce: () => void;
  /** The connection is gone. */
  readonly down: () => void;
  /** As a heartbeat: that the lock is there, and how it is. */
  readonly beat: () => void;
  /** After a change, with the event that caused it where there is one. */
  readonly tell: (event: LockEvent | null) => void;
  /** What to say before going. */
  readonly goodbye: Saying;
  readonly close: () => void;
}

export interface SideOptions {
  /** How the lock is at Home Assistant; `null`, or not set, for not at all. */
  readonly homeAssistant?: HomeAssistantOptions | null;
  readonly log: (line: string) => void;
}

export function createLockSide(
  lock: LockView,
  say: Say,
  { homeAssistant = null, log }: SideOptions,
): LockSide {
  const speaker = createSpeaker(lock, say);
  const audit = createAuditLink(lock, say, log);
  const announceLock = (): void => {
    speaker.announce();
    audit.up();
  };
  const atHome = homeAssistant && createHomeAssistantPort(lock, say, { ...homeAssistant, announceLock, log });
  const ports: readonly Port[] = [createLockPort(lock, say, log), ...(atHome ? [atHome] : [])];
  return {
    topics: ports.flatMap(({ topics }) => topics),
    take: (message) => {
      for (const port of ports) port.take(message);
    },
    announce: () => {
      atHome?.announce();
      announceLock();
    },
    down: audit.down,
    beat: speaker.announce,
    tell: (event) => {
      speaker.state();
      if (event !== null) speaker.event(event);
      audit.changed();
    },
    goodbye: speaker.goodbye,
    close: audit.close,
  };
}
