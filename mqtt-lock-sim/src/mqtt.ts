/**
 * The lock's side of MQTT. The lock needs none of it to open: whatever happens to the broker, this only tries again.
 * @module
 */
import { createHash } from 'node:crypto';
import { HEARTBEAT_MS, lockTopics, readMqttAddress } from '@staycode/core';
import { type MqttLogin, openLogin, openWire, type Wire } from '@staycode/core/edges';
import { connect } from 'mqtt';
import { isCutOff } from './faults.ts';
import type { LockView } from './lock-view.ts';
import { createLockPort } from './mqtt-port.ts';
import { createSpeaker, type Say } from './mqtt-speaker.ts';

export interface MqttOptions extends MqttLogin {
  /** How often the state is repeated; `HEARTBEAT_MS` unless set. */
  readonly heartbeatMs?: number;
  /** Between two tries to reach the broker; 3 s unless set. */
  readonly reconnectMs?: number;
  /** A broker gives a silent connection up, and we do, after one and a half times this; 20 s unless set. */
  readonly keepaliveS?: number;
  /** One line when the connection comes or goes, never one a try. */
  readonly log: (line: string) => void;
}

export interface MqttLink {
  connected(): boolean;
  /** Says `offline` and goes; without a broker it just goes. */
  close(): Promise<void>;
}

const KEEPALIVE_S = 20;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects and stays connected as long as there is a broker, from now until `close`; while the lock is cut off by a fault,
 * there is no connection and no try.
 * @throws StaycodeError `bad-config` for an address that is no MQTT one, and for a certificate or key that cannot be used;
 * for nothing that happens on the network
 */
export function connectLock(lock: LockView, options: MqttOptions): MqttLink {
  const { shown } = readMqttAddress(options.url);
  let wire: Wire | null = null;
  const say: Say = (saying) => wire?.say(saying);
  const speaker = createSpeaker(lock, say);
  const followFaults = (): void => {
    const cutOff = isCutOff(lock.faults());
    if (cutOff && wire !== null) {
      wire.cut();
      options.log(`MQTT: cut off from ${shown} by a fault`);
      wire = null;
    } else if (!cutOff) wire ??= openLine(lock, options, say, speaker.announce);
  };
  followFaults();
  const heartbeat = setInterval(speaker.announce, options.heartbeatMs ?? HEARTBEAT_MS);
  const unsubscribe = lock.subscribe((event) => {
    followFaults();
    speaker.state();
    if (event !== null) speaker.event(event);
  });
  return {
    connected: () => wire?.connected ?? false,
    close: async () => {
      clearInterval(heartbeat);
      unsubscribe();
      await wire?.leave([speaker.goodbye]);
    },
  };
}

function openLine(lock: LockView, options: MqttOptions, say: Say, announce: () => void): Wire {
  const { shown } = readMqttAddress(options.url);
  const port = createLockPort(lock, say, options.log);
  const client = connect(options.url, {
    ...openLogin(options),
    // The same at every connection: so the broker itself ends the old one, and its will does not come after our `online`.
    // 23 letters and digits, which every broker has to take (MQTT 3.1.1, 3.1.3.1).
    clientId: `staycodelock${createHash('sha256').update(lock.lockId).digest('hex').slice(0, 11)}`,
    keepalive: options.keepaliveS ?? KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: options.reconnectMs ?? 3_000,
    will: {
      topic: lockTopics(lock.lockId).availability,
      payload: Buffer.from('offline'),
      qos: 1,
      retain: true,
    },
  });
  return openWire(client, {
    topics: port.topics,
    up: (version) => {
      options.log(`MQTT: connected to ${shown} with version ${version}`);
      announce();
    },
    messageCame: port.take,
    trouble: (what) => {
      options.log(`MQTT: ${shown}: ${what}`);
    },
  });
}
