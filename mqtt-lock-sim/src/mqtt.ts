/**
 * The lock's connection to its broker. The lock needs none to open: whatever happens to the broker, this only tries again.
 * @module
 */
import { createHash } from 'node:crypto';
import { HEARTBEAT_MS, type IncomingMessage, readMqttAddress } from '@staycode/core';
import { type MqttLogin, openLogin, openWire, type Saying, type Wire } from '@staycode/core/edges';
import { connect, type IClientOptions } from 'mqtt';
import { isCutOff } from './faults.ts';
import { createLockSide, type SideOptions } from './lock-side.ts';
import type { LockView } from './lock-view.ts';

export interface MqttOptions extends MqttLogin, SideOptions {
  /** How often the state is repeated; `HEARTBEAT_MS` unless set. */
  readonly heartbeatMs?: number;
  /** Between two tries to reach the broker; 3 s unless set. */
  readonly reconnectMs?: number;
  /** A broker gives a silent connection up, and we do, after one and a half times this; 20 s unless set. */
  readonly keepaliveS?: number;
}

export interface MqttLink {
  connected(): boolean;
  /** Says `offline` and goes; without a broker it just goes. */
  close(): Promise<void>;
}

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
  const side = createLockSide(lock, (saying) => wire?.say(saying), options);
  const user: WireUser = {
    // The same at every connection: so the broker itself ends the old one, and its will does not come after our `online`.
    name: lock.lockId,
    will: side.goodbye,
    topics: side.topics,
    up: side.announce,
    down: side.down,
    take: side.take,
  };
  const followFaults = (): void => {
    const cutOff = isCutOff(lock.faults());
    if (cutOff && wire !== null) {
      wire.cut();
      options.log(`MQTT: cut off from ${shown} by a fault`);
      wire = null;
    } else if (!cutOff) wire ??= openLockWire(user, options);
  };
  followFaults();
  const heartbeat = setInterval(side.beat, options.heartbeatMs ?? HEARTBEAT_MS);
  const unsubscribe = lock.subscribe((event) => {
    followFaults();
    side.tell(event);
  });
  return {
    connected: () => wire?.connected ?? false,
    close: async () => {
      clearInterval(heartbeat);
      side.close();
      unsubscribe();
      await wire?.leave([side.goodbye]);
    },
  };
}

/** Who is on a wire. */
export interface WireUser {
  /** The client id is made of it. */
  readonly name: string;
  /** What the broker says when the connection dies. */
  readonly will?: Saying;
  readonly topics: readonly string[];
  readonly up: () => void;
  readonly down: () => void;
  readonly take: (message: IncomingMessage) => void;
}

/** Opens a connection and reports its coming and going. @throws StaycodeError `bad-config` */
export function openLockWire(user: WireUser, options: MqttOptions): Wire {
  const { shown } = readMqttAddress(options.url);
  const client = connect(options.url, {
    ...openLogin(options),
    // 23 letters and digits, which every broker has to take (MQTT 3.1.1, 3.1.3.1).
    clientId: `staycodelock${createHash('sha256').update(user.name).digest('hex').slice(0, 11)}`,
    keepalive: options.keepaliveS ?? 20,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: options.reconnectMs ?? 3_000,
    ...(user.will === undefined ? {} : { will: willOf(user.will) }),
  });
  return openWire(client, {
    topics: user.topics,
    up: (version) => {
      options.log(`MQTT: connected to ${shown} with version ${version}`);
      user.up();
    },
    down: user.down,
    messageCame: user.take,
    trouble: (what) => {
      options.log(`MQTT: ${shown}: ${what}`);
    },
  });
}

function willOf({ topic, text, retain = false }: Saying): NonNullable<IClientOptions['will']> {
  return { topic, payload: Buffer.from(text), qos: 1, retain };
}
