/**
 * The one place that knows the MQTT library: a connection that is tried again for ever and never throws.
 * @module
 */
import { connect, type ErrorWithReasonCode, type MqttClient } from 'mqtt';
import type { IncomingMessage } from '@staycode/core';
import type { BrokerSettings } from './config.ts';

const RECONNECT_MS = 2_000;
/** A broker that vanished without closing is noticed after one and a half of these. */
const KEEPALIVE_SECONDS = 30;

/** What happens on the connection; `trouble` is fit for a log and told once until it changes or the broker answers. */
export interface BrokerListener {
  up(): void;
  down(): void;
  messageCame(message: IncomingMessage): void;
  trouble(what: string): void;
}

export interface BrokerConnection {
  /** Sends now or not at all: what the library would keep for the next connection comes too late to be wanted. */
  publish(topic: string, text: string): void;
  /** Closes without waiting. */
  close(): void;
}

/** Connects in the background and subscribes to `topics` at QoS 1 each time. */
export function connectToBroker(
  broker: BrokerSettings,
  topics: readonly string[],
  listener: BrokerListener,
): BrokerConnection {
  const client = connect(broker.url, {
    // A user in the address, which the library reads into `auth`, would win over the one set beside it.
    ...(broker.username === null ? {} : { username: broker.username, auth: '' }),
    ...(broker.password === null ? {} : { password: broker.password }),
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE_SECONDS,
    reconnectPeriod: RECONNECT_MS,
    // A broker may refuse us while it starts, or until the host has mended the password.
    reconnectOnConnackError: true,
    resubscribe: false,
    queueQoSZero: false,
  });
  const tell = tellOnce(listener);
  client.on('connect', () => {
    tell(null);
    listener.up();
    subscribe(client, topics, tell);
  });
  client.on('close', () => {
    listener.down();
  });
  client.on('error', (error) => {
    tell(`the broker cannot be reached: ${reasonOf(error)}`);
  });
  client.on('message', (topic, payload, packet) => {
    listener.messageCame({ topic, text: payload.toString('utf8'), retained: packet.retain });
  });
  return {
    publish: (topic, text) => {
      // At QoS 0 neither library nor broker delivers a command twice or late; the lock's answer is the receipt.
      if (client.connected) client.publish(topic, text, { qos: 0, retain: false });
    },
    close: () => {
      client.end(true);
    },
  };
}

type Tell = (what: string | null) => void;

/** A broker that is down fails every two seconds; the log hears of it once. */
function tellOnce(listener: BrokerListener): Tell {
  let told: string | null = null;
  return (what) => {
    if (what !== null && what !== told) listener.trouble(what);
    told = what;
  };
}

function subscribe(client: MqttClient, topics: readonly string[], tell: Tell): void {
  client.subscribe([...topics], { qos: 1 }, (error, granted = []) => {
    const refused = granted.filter(({ qos }) => qos === 128).map(({ topic }) => topic);
    if (refused.length > 0) tell(`the broker refuses to let us read ${refused.join(', ')}`);
    else if (error !== null && client.connected) tell(`subscribing failed: ${reasonOf(error)}`);
  });
}

/** The address in an error's own message may hold a password; its code tells enough. */
function reasonOf(error: Error | ErrorWithReasonCode): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}
