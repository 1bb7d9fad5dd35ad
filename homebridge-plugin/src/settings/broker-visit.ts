/**
 * A short visit to the host's broker for the settings page: who is there, without becoming the plugin.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type IncomingMessage, readMqttAddress, StaycodeError } from '@staycode/core';
import { type MqttLogin, openLogin, openWire, type Wire } from '@staycode/core/edges';
import { connect } from 'mqtt';

export interface VisitOptions {
  /** Subscribed to. */
  readonly topics: readonly string[];
  /** How long to listen once connected. */
  readonly listenMs: number;
  /** Called once connected and subscribed. */
  readonly arrived?: (wire: Wire) => void;
  /** Ends the listening early where it returns true. */
  readonly heard?: (message: IncomingMessage) => boolean;
}

export interface Visit {
  /** Whether the broker let us in. */
  readonly ok: boolean;
  /** What to tell the host, in a sentence; it holds no login. */
  readonly text: string;
  readonly messages: readonly IncomingMessage[];
}

const CONNECT_TIMEOUT_MS = 5_000;
/** What brokers say to a user or a password that they do not take (CONNACK 4 and 5, and those of MQTT 5). */
const LOGIN_REFUSED = /not authori[sz]ed|bad user ?name|banned|bad authentication/iu;

/** Never throws: what goes wrong is what the host wants to read. */
export async function visitBroker(login: MqttLogin, options: VisitOptions): Promise<Visit> {
  const { shown } = readMqttAddress(login.url);
  const messages: IncomingMessage[] = [];
  const refused: string[] = [];
  let wire: Wire | undefined;
  try {
    const client = connect(login.url, { ...openLogin(login), connectTimeout: CONNECT_TIMEOUT_MS });
    const ended = new AbortController();
    const trouble = await new Promise<string | null>((resolve) => {
      const opened = openWire(client, {
        topics: options.topics,
        up: () => {
          resolve(null);
          options.arrived?.(opened);
        },
        messageCame: (message) => {
          messages.push(message);
          if (options.heard?.(message)) ended.abort();
        },
        trouble: (what) => {
          refused.push(what);
          resolve(what);
        },
      });
      wire = opened;
    });
    if (trouble !== null) return { ok: false, text: tellTrouble(shown, trouble), messages };
    await pause(options.listenMs, undefined, { signal: ended.signal }).catch(() => undefined);
    return { ok: true, text: [`The broker at ${shown} is there.`, ...refused].join(' '), messages };
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    return { ok: false, text: `The broker’s settings: ${error.message}.`, messages };
  } finally {
    wire?.cut();
  }
}

function tellTrouble(shown: string, trouble: string): string {
  const why = trouble.replace(/^no connection, trying again: /u, '');
  return LOGIN_REFUSED.test(why)
    ? `The broker at ${shown} refuses the login: check user name and password.`
    : `No broker answers at ${shown} (${why}): is it running, and can this machine reach it?`;
}
