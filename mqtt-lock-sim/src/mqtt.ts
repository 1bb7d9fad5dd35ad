/**
 * The lock's side of MQTT. The lock needs none of it to open: whatever happens to the broker, this only tries again.
 * @module
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HEARTBEAT_MS, type LockState, type LockTopics, lockTopics, StaycodeError } from '@staycode/core';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { isCutOff } from './faults.ts';
import type { LockView } from './lock-view.ts';

export interface MqttOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; a user and password in it count if there is no `username`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** How often the state is repeated; `HEARTBEAT_MS` unless set. */
  readonly heartbeatMs?: number;
  /** Between two tries to reach the broker; 3 s unless set. */
  readonly reconnectMs?: number;
  /** One line when the connection comes or goes, never one a try. */
  readonly log: (line: string) => void;
}

export interface MqttLink {
  connected(): boolean;
  /** Says `offline` and goes; without a broker it just goes. */
  close(): Promise<void>;
}

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
/** A broker gives a silent connection up, and publishes the will, after one and a half times this. */
const KEEPALIVE_S = 20;
const CONNECT_TIMEOUT_MS = 10_000;
/** A command is a few hundred bytes; what is far larger is not looked at. */
const MAX_COMMAND_BYTES = 4096;
/** A connection that is dead without knowing it must not hold up the end of the program. */
const GOODBYE_MS = 1_000;

/**
 * Connects and stays connected as long as there is a broker, from now until `close`; while the lock is cut off by a fault,
 * there is no connection and no try.
 * @throws StaycodeError `bad-config` for an address that is no MQTT one; for nothing that happens on the network
 */
export function connectLock(lock: LockView, options: MqttOptions): MqttLink {
  const topics = lockTopics(lock.lockId);
  const address = checkUrl(options.url);
  let line: Line | null = null;
  const followFaults = (): void => {
    const cutOff = isCutOff(lock.faults());
    if (cutOff && line !== null) {
      // Forced, and so without a DISCONNECT: the broker publishes the last will.
      line.client.end(true);
      options.log(`MQTT: cut off from ${address} by a fault`);
      line = null;
    } else if (!cutOff) line ??= openLine(lock, topics, address, options);
  };
  followFaults();
  const heartbeat = setInterval(() => line?.say.announce(), options.heartbeatMs ?? HEARTBEAT_MS);
  const unsubscribe = lock.subscribe((event) => {
    followFaults();
    line?.say.state();
    if (event !== null) line?.say.event(JSON.stringify(event));
  });
  return {
    connected: () => line?.client.connected ?? false,
    close: async () => {
      clearInterval(heartbeat);
      unsubscribe();
      if (line !== null) await leave(line.client, topics);
    },
  };
}

interface Line {
  readonly client: MqttClient;
  readonly say: Speaker;
}

function openLine(lock: LockView, topics: LockTopics, address: string, options: MqttOptions): Line {
  const client = mqtt.connect(options.url, clientOptions(lock, topics, options));
  const say = createSpeaker(client, lock, topics);
  reportConnection(client, address, options.log);
  listenForCommands(client, lock, topics, options.log);
  client.on('connect', say.announce);
  client.on('close', () => {
    forgetUnacknowledged(client);
  });
  return { client, say };
}

/** The address without a user or password in it, for the log. */
function checkUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed !== null && PROTOCOLS.includes(parsed.protocol) && parsed.hostname !== '') {
    return `${parsed.protocol}//${parsed.host}`;
  }
  throw new StaycodeError(
    'bad-config',
    'MQTT address: expected mqtt://, mqtts://, ws:// or wss:// and a host',
  );
}

function clientOptions(
  lock: LockView,
  topics: LockTopics,
  { username, password, reconnectMs = 3_000 }: MqttOptions,
): IClientOptions {
  return {
    protocolVersion: 4,
    // The same at every connection: so the broker itself ends the old one, and its will does not come after our `online`.
    // 23 letters and digits, which every broker has to take (MQTT 3.1.1, 3.1.3.1).
    clientId: `staycodelock${createHash('sha256').update(lock.lockId).digest('hex').slice(0, 11)}`,
    clean: true,
    resubscribe: false,
    queueQoSZero: false,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: reconnectMs,
    // A password that is wrong today may be put right at the broker tomorrow.
    reconnectOnConnackError: true,
    will: { topic: topics.availability, payload: Buffer.from('offline'), qos: 1, retain: true },
    // `auth`, which mqtt.js reads from the address, would win over what is said beside it.
    ...(username === undefined ? {} : { username, auth: '' }),
    ...(password === undefined ? {} : { password }),
  };
}

interface Speaker {
  /** That the lock is there, and its state. */
  readonly announce: () => void;
  readonly state: () => void;
  readonly event: (text: string) => void;
}

/** What is said while there is no broker is not kept: a stale state or an old event must never arrive as a new one. */
function createSpeaker(client: MqttClient, lock: LockView, topics: LockTopics): Speaker {
  const publish = (topic: string, text: string, retain: boolean): void => {
    if (client.connected) client.publish(topic, text, { qos: 1, retain });
  };
  const state = (): void => {
    publish(topics.state, JSON.stringify(stateOf(lock)), true);
  };
  return {
    announce: () => {
      // The state first: who sees `online` may rely on what is retained.
      state();
      publish(topics.availability, 'online', true);
    },
    state,
    event: (text) => {
      publish(topics.event, text, false);
    },
  };
}

function stateOf(lock: LockView): LockState {
  const { bolt, atMs, clock, battery, counters } = lock.status();
  return { v: 1, lockId: lock.lockId, bootEpoch: lock.bootEpoch, atMs, clock, bolt, battery, counters };
}

function listenForCommands(
  client: MqttClient,
  lock: LockView,
  topics: LockTopics,
  log: MqttOptions['log'],
): void {
  client.on('connect', () => {
    client.subscribe(topics.command, { qos: 1 }, (error) => {
      if (error !== null && client.connected) log(`MQTT: the broker grants no commands: ${error.message}`);
    });
  });
  client.on('message', (topic, payload, { retain }) => {
    if (topic !== topics.command) return;
    if (retain) {
      log('MQTT: ignored a retained command');
    } else if (payload.length <= MAX_COMMAND_BYTES) {
      void obey(payload.toString('utf8'));
    }
  });
  const obey = async (text: string): Promise<void> => {
    try {
      const { answer } = await lock.command(text);
      if (answer !== null && client.connected) client.publish(topics.answer, answer, { qos: 1 });
    } catch (error) {
      log(`MQTT: a command failed: ${messageOf(error)}`);
    }
  };
}

/** A line for each coming and going; while away, one for each new reason, such as a refused password after a dead port. */
function reportConnection(client: MqttClient, address: string, log: MqttOptions['log']): void {
  let reason = 'the connection was closed';
  const told = new Set<string>();
  client.on('connect', () => {
    told.clear();
    log(`MQTT: connected to ${address}`);
  });
  client.on('error', (error) => {
    reason = messageOf(error);
  });
  client.on('close', () => {
    if (!client.disconnecting && !told.has(reason)) {
      log(`MQTT: no connection to ${address}, trying again: ${reason}`);
      told.add(reason);
    }
    reason = 'the connection was closed';
  });
}

/** mqtt.js would send again after a reconnect, however late, what was on its way when the connection went. */
function forgetUnacknowledged(client: MqttClient): void {
  for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
}

async function leave(client: MqttClient, topics: LockTopics): Promise<void> {
  const said =
    client.connected &&
    (await Promise.race([
      client.publishAsync(topics.availability, 'offline', { qos: 1, retain: true }).then(
        () => true,
        () => false,
      ),
      delay(GOODBYE_MS, false, { ref: false }),
    ]));
  forgetUnacknowledged(client);
  await client.endAsync(!said);
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'unknown error';
}
