/**
 * The log on the wire: entries to the desk, acknowledgements and questions back to the lock.
 * @module
 */
import { type IncomingMessage, type LockTopics, StaycodeError } from '@staycode/core';
import { type LogKeeper, systemClock } from '@staycode/core/edges';
import type { BrokerListener } from '../mqtt-broker.mts';
import type { LogDesk } from './log-desk.mts';
import type { LockStatus } from './status.mts';
import type { Voice } from './voice.mts';

export interface TakeLogParts {
  readonly desk: LogDesk;
  readonly keeper: LogKeeper;
  readonly topics: LockTopics;
  readonly status: LockStatus;
  readonly voice: Voice;
  readonly publish: (topic: string, text: string) => void;
}

export function takeLog(parts: TakeLogParts): Pick<BrokerListener, 'up' | 'down' | 'messageCame'> {
  const { desk, keeper, topics, status, voice, publish } = parts;
  const take = async (message: IncomingMessage): Promise<void> => {
    try {
      const { ack, resend, fault } = await desk.take(message);
      if (ack !== null) publish(topics.auditAck, ack);
      if (resend !== null) publish(topics.auditResend, resend);
      if (fault === null) return;
      status.fault();
      voice.logFault(fault);
    } catch (error) {
      if (error instanceof StaycodeError && error.code === 'bad-message') voice.ignored(error.message);
      else voice.report(error);
    }
  };
  return {
    up: () => {
      if (keeper.fault === null) publish(topics.auditResend, keeper.askFrom(systemClock.monotonic()));
    },
    down: () => undefined,
    messageCame: (message) => void take(message),
  };
}
