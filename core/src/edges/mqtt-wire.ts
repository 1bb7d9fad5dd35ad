/**
 * A connection to a broker that is tried again for ever, in MQTT 5 or 3.1.1, and on which a thing is said now or never. The
 * lock and every controller stand on it; each brings its own MQTT.js client.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingMessage } from '../protocol/lock-controller.ts';
import {
  type MqttVersion,
  nameMqttVersion,
  nextMqttVersion,
  readTryEnd,
  type TryEnd,
} from '../protocol/mqtt-version.ts';
import { describeTrouble } from './mqtt-trouble.ts';

/** What is used of the client of MQTT.js 5. */
export interface MqttJsClient {
  readonly connected: boolean;
  readonly disconnecting: boolean;
  readonly options: { protocolVersion?: 3 | 4 | 5 | undefined };
  readonly outgoing: Readonly<Record<number, unknown>>;
  on(event: 'connect' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(
    event: 'message',
    listener: (topic: string, payload: Buffer, packet: { readonly retain: boolean }) => void,
  ): unknown;
  publish(
    topic: string,
    text: string,
    options: { qos: 0 | 1; retain: boolean },
    done: (error?: Error) => void,
  ): unknown;
  subscribe(
    topics: string[],
    options: { qos: 1 },
    done: (error: Error | null, asked?: unknown, suback?: { readonly granted: readonly unknown[] }) => void,
  ): unknown;
  removeOutgoingMessage(id: number): unknown;
  reconnect(): unknown;
  end(force: boolean): unknown;
  endAsync(force: boolean): Promise<void>;
}

/** What happens on the wire. */
export interface WireListener {
  /** Subscribed to at QoS 1 at each connection. */
  readonly topics: readonly string[];
  /** Connected; `version` is `5` or `3.1.1`. */
  up(version: string): void;
  down?(): void;
  messageCame(message: IncomingMessage): void;
  /** Fit for a log, and told once until the broker is there again, however often it was tried. */
  trouble(what: string): void;
}

export interface Saying {
  readonly topic: string;
  readonly text: string;
  /** False unless set. */
  readonly retain?: boolean;
  /** 1 unless set. */
  readonly qos?: 0 | 1;
}

export interface Wire {
  readonly connected: boolean;
  /** Says it now, or not at all: a stale state, an old event or a late command must never arrive as a new one. */
  say(saying: Saying): void;
  /** Goes without a goodbye: the broker publishes the last will. */
  cut(): void;
  /** Says a last word, where the broker is there to take it, and goes. */
  leave(lastWords: readonly Saying[]): Promise<void>;
}

/** What is larger is not looked at. */
const MAX_MESSAGE_BYTES = 1_048_576;
/** A connection that is dead without knowing it must not hold up the end of a program. */
const GOODBYE_MS = 1_000;
const HUNG_UP = 'the connection was closed';
/** From here on a reason code of SUBACK is a refusal, in both versions. */
const REFUSED = 0x80;
/** A cluster that has just lost a node refuses subscriptions until it has elected another leader. */
const ASK_AGAIN_MS = 2_000;

/** Follows a client that was made with `openLogin`'s options. */
export function openWire(client: MqttJsClient, listener: WireListener): Wire {
  const tell = tellOnce(listener);
  followTries(client, tell);
  keepSubscribed(client, listener.topics, tell);
  client.on('connect', () => {
    tell(null);
    listener.up(nameMqttVersion(versionOf(client)));
  });
  client.on('close', () => {
    forgetUnacknowledged(client);
    listener.down?.();
  });
  client.on('message', (topic, payload, { retain }) => {
    if (payload.length > MAX_MESSAGE_BYTES) return;
    listener.messageCame({ topic, text: payload.toString('utf8'), retained: retain });
  });
  const say = ({ topic, text, retain = false, qos = 1 }: Saying): Promise<void> =>
    new Promise((resolve) => {
      client.publish(topic, text, { qos, retain }, (error) => {
        if (error && client.connected) tell(`the broker refuses what we say on ${topic}: ${error.message}`);
        resolve();
      });
    });
  return {
    get connected() {
      return client.connected;
    },
    say: (saying) => {
      if (client.connected) void say(saying);
    },
    cut: () => {
      client.end(true);
    },
    leave: async (lastWords) => {
      const said =
        client.connected &&
        (await Promise.race([
          Promise.all(lastWords.map(say)).then(() => true),
          delay(GOODBYE_MS, false, { ref: false }),
        ]));
      forgetUnacknowledged(client);
      await client.endAsync(!said);
    },
  };
}

/** Has the client try the right version next. */
function followTries(client: MqttJsClient, tell: Tell): void {
  let accepted = false;
  let lastError: Error | null = null;
  client.on('connect', () => {
    accepted = true;
  });
  client.on('error', (error) => {
    lastError = error;
  });
  client.on('close', () => {
    const end: TryEnd = accepted ? 'accepted' : readTryEnd(codeOf(lastError));
    const next = nextMqttVersion(versionOf(client), end);
    const why = lastError === null ? HUNG_UP : describeTrouble(lastError);
    accepted = false;
    lastError = null;
    client.options.protocolVersion = next;
    if (client.disconnecting) return;
    if (next === 4) client.reconnect();
    else tell(`no connection, trying again: ${why}`);
  });
}

function versionOf(client: MqttJsClient): MqttVersion {
  return client.options.protocolVersion === 5 ? 5 : 4;
}

function codeOf(error: Error | null): unknown {
  return error !== null && 'code' in error ? error.code : undefined;
}

type Tell = (what: string | null) => void;

/** A broker that is down fails every few seconds; the log hears of each reason once. */
function tellOnce(listener: WireListener): Tell {
  const told = new Set<string>();
  return (what) => {
    if (what === null) told.clear();
    else if (!told.has(what)) {
      told.add(what);
      listener.trouble(what);
    }
  };
}

/** Subscribes at each connection, and asks again for what the broker refuses. */
function keepSubscribed(client: MqttJsClient, topics: readonly string[], tell: Tell): void {
  let askingAgain: NodeJS.Timeout | undefined;
  const subscribe = (wanted: readonly string[]): void => {
    client.subscribe([...wanted], { qos: 1 }, (error, _asked, suback) => {
      if (error === null || !client.connected) return;
      const refused = wanted.filter((_topic, i) => Number(suback?.granted[i] ?? REFUSED) >= REFUSED);
      tell(`the broker refuses to let us read ${refused.join(', ')}: ${error.message}`);
      clearTimeout(askingAgain);
      askingAgain = setTimeout(subscribe, ASK_AGAIN_MS, refused);
    });
  };
  client.on('connect', () => {
    subscribe(topics);
  });
  client.on('close', () => {
    clearTimeout(askingAgain);
  });
}

/** MQTT.js would send again after a reconnect, however late, what was on its way when the connection went. */
function forgetUnacknowledged(client: MqttJsClient): void {
  for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
}
