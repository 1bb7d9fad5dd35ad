/**
 * What the host set in Homebridge, checked. A fault names its field and what was expected, and never repeats what
 * stands there: that could be a key or a password.
 * @module
 */
import * as v from 'valibot';
import { lockTopics, readMqttAddress, StaycodeError } from '@staycode/core';
import type { MqttLogin } from '@staycode/core/edges';
import { unfoldPairings } from './config-pairings.ts';
import type { ExtraName } from './services/extras.ts';

export interface LockSettings {
  readonly name: string;
  readonly lockId: string;
  readonly controllerId: string;
  /** 32 bytes. */
  readonly commandKey: Uint8Array;
  /** What the accessory has beside bolt and battery. */
  readonly services: Readonly<Record<ExtraName | 'door', boolean>>;
  /** An accessory of its own, to be paired by itself, instead of one behind the bridge. */
  readonly standalone: boolean;
}

export interface PluginConfig {
  /** `null` where it is faulty. */
  readonly broker: MqttLogin | null;
  /** The locks without a fault: one lock's typing error shuts no other door. */
  readonly locks: readonly LockSettings[];
  /** One line each, fit for a log. */
  readonly faults: readonly string[];
}

const EXPECTED: Readonly<Record<string, string>> = {
  broker: 'the broker’s settings, an object with a url',
  url: 'an address such as mqtt://192.168.1.10:1883 (mqtt, mqtts, ws or wss)',
  username: 'text',
  password: 'text',
  caFile: 'the path of a file',
  certFile: 'the path of a file',
  keyFile: 'the path of a file',
  name: 'text to show in the Home app',
  lockId: 'the lock’s id, 1 to 64 bytes without control characters or spaces at either end',
  controllerId: 'this controller’s id at the lock, 1 to 64 bytes, such as homebridge',
  commandKey: '64 hexadecimal digits',
  locks: 'a list of locks',
  door: 'true or false',
  arrived: 'true or false',
  stay: 'true or false',
  keypad: 'true or false',
  alarm: 'true or false',
  management: 'true or false',
  accessCodes: 'true or false',
  standalone: 'true or false',
};

/** The settings page saves an emptied field as an empty text. */
const optionalText = v.pipe(
  v.optional(v.string(), ''),
  v.transform((text) => (text === '' ? null : text)),
);
const id = v.pipe(
  v.string(),
  v.check((text) => isTaken(() => lockTopics(text))),
);
const brokerSchema = v.object({
  url: v.pipe(
    v.string(),
    v.check((text) => isTaken(() => readMqttAddress(text))),
  ),
  username: optionalText,
  password: optionalText,
  caFile: optionalText,
  certFile: optionalText,
  keyFile: optionalText,
});
const servicesSchema = v.object({
  door: v.optional(v.boolean(), true),
  arrived: v.optional(v.boolean(), true),
  stay: v.optional(v.boolean(), false),
  keypad: v.optional(v.boolean(), true),
  alarm: v.optional(v.boolean(), false),
  management: v.optional(v.boolean(), false),
  accessCodes: v.optional(v.boolean(), false),
});
const lockSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.nonEmpty()),
  lockId: id,
  controllerId: v.pipe(
    optionalText,
    v.transform((text) => text ?? 'homebridge'),
    id,
  ),
  commandKey: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/iu),
    v.transform((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))),
  ),
  services: v.optional(servicesSchema, {}),
  standalone: v.optional(v.boolean(), false),
});

/** Reads the platform's block of Homebridge's config; `null` where nothing is configured yet. Never throws. */
export function readConfig(block: Readonly<Record<string, unknown>>): PluginConfig | null {
  if (block.broker === undefined && block.locks === undefined) return null;
  const faults: string[] = [];
  const { broker, locks } = unfoldPairings(block, faults);
  return { broker: read(brokerSchema, broker, 'broker', faults), locks: readLocks(locks, faults), faults };
}

function readLocks(locks: unknown, faults: string[]): LockSettings[] {
  if (!Array.isArray(locks)) {
    faults.push(faultOf('locks', 'locks', locks));
    return [];
  }
  const seen = new Set<string>();
  return locks.flatMap((entry: unknown, i) => {
    const lock = entry === undefined ? null : read(lockSchema, entry, `locks[${i}]`, faults);
    if (lock === null) return [];
    if (seen.has(lock.lockId)) {
      faults.push(`locks[${i}].lockId: expected each lock once, got one that is listed above`);
      return [];
    }
    seen.add(lock.lockId);
    return [lock];
  });
}

function read<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  where: string,
  faults: string[],
): T | null {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const field = v.getDotPath(issue);
    faults.push(
      field === null
        ? faultOf(where, where, value)
        : faultOf(`${where}.${field}`, field.replace(/^.*\./u, ''), issue.input),
    );
  }
  return null;
}

function faultOf(where: string, field: string, value: unknown): string {
  return `${where}: expected ${EXPECTED[field] ?? 'an object of settings'}, got ${shapeOf(value)}`;
}

function shapeOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

function isTaken(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof StaycodeError) return false;
    throw error;
  }
}
