/**
 * Which MQTT version a client speaks: 5, and 3.1.1 with a broker that has only that. Such a broker answers a 5 with "other
 * version" (aedes 1, NATS 2.9) or closes without a word (RabbitMQ 3.10).
 * @module
 */

/** The protocol level in CONNECT (MQTT 3.1.2.2): 4 is 3.1.1. */
export type MqttVersion = 5 | 4;

/**
 * How a try to connect ended: `unanswered` is a broker that was reached and gave no CONNACK; `refused` one that gave another
 * reason than the version.
 */
export type TryEnd = 'accepted' | 'unanswered' | 'other-version' | 'refused' | 'unreachable';

/**
 * The version of the next try. Every connection begins with 5, so a broker that was only shutting down at the first try, or
 * was updated since, is not spoken to in 3.1.1 for ever; and so 4 is always the second half of a try and comes at once.
 */
export function nextMqttVersion(tried: MqttVersion, end: TryEnd): MqttVersion {
  return tried === 5 && (end === 'unanswered' || end === 'other-version') ? 4 : 5;
}

/** CONNACK's "unacceptable protocol version": MQTT 3.1.1 3.2.2.3, MQTT 5 3.2.2.2. */
const OTHER_VERSION: readonly unknown[] = [1, 0x84];
/** How a broker that does not like what it reads may hang up. */
const HUNG_UP: readonly unknown[] = ['ECONNRESET', 'EPIPE'];

/** Reads the end of a try that brought no connection from the error's code: CONNACK's number, Node's name, or neither. */
export function readTryEnd(code: unknown): Exclude<TryEnd, 'accepted'> {
  if (typeof code === 'number') return OTHER_VERSION.includes(code) ? 'other-version' : 'refused';
  return typeof code === 'string' && !HUNG_UP.includes(code) ? 'unreachable' : 'unanswered';
}

/** The version by its name. */
export function nameMqttVersion(version: MqttVersion): string {
  return version === 5 ? '5' : '3.1.1';
}
