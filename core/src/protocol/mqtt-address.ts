/**
 * The address of an MQTT broker.
 * @module
 */
import { StaycodeError } from '../errors.ts';

export interface MqttAddress {
  /** For a log: without a user, a password or a path. */
  readonly shown: string;
  /** Whether TLS is spoken there. */
  readonly secure: boolean;
}

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** @throws StaycodeError `bad-config`, which does not repeat the address: there may be a password in it */
export function readMqttAddress(url: string): MqttAddress {
  const parsed = URL.parse(url);
  if (parsed !== null && PROTOCOLS.includes(parsed.protocol) && parsed.hostname !== '') {
    return { shown: `${parsed.protocol}//${parsed.host}`, secure: parsed.protocol.endsWith('s:') };
  }
  throw new StaycodeError(
    'bad-config',
    'MQTT address: expected mqtt://, mqtts://, ws:// or wss:// and a host',
  );
}
