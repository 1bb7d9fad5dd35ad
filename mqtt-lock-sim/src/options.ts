/**
 * The command line of `staycode-lock`. Passwords and keys come by file or environment, never on the command line.
 * @module
 */
import { parseArgs } from 'node:util';
import { parseInstant, StaycodeError } from '@staycode/core';
import type { MqttLogin } from '@staycode/core/edges';
import type { FleetOptions } from './fleet.ts';
import type { HomeAssistantOptions } from './home-assistant.ts';

export const USAGE = `staycode-lock --lock FILE [options]      a lock with a keypad page
staycode-lock --scenario FILE            replays lock scenarios, a JSON object a line

  --lock FILE         the lock's file, as the host wrote it
  --passphrase-file FILE  opens a sealed one; or the variable STAYCODE_PASSPHRASE
  --data FOLDER       where the lock keeps its journal (default: beside the file)
  --port N            port of the keypad page (default: a free one)
  --host ADDRESS      address of the keypad page (default: 127.0.0.1)
  --mqtt URL          broker, such as mqtt://127.0.0.1:1883 or, with TLS, mqtts://broker:8883 (default: none)
  --mqtt-user NAME    its user
  --mqtt-password-file FILE  the user's password; or the variable STAYCODE_MQTT_PASSWORD
  --mqtt-ca FILE      the only authority (PEM) whose certificate the broker may show (default: the system's)
  --mqtt-cert FILE    client certificate (PEM), for a broker that asks for one
  --mqtt-key FILE     its key (PEM)
  --no-home-assistant do not announce the lock for Home Assistant's discovery
  --ha-commands       let Home Assistant move the bolt; it cannot sign, so anyone whom the broker lets write there can
  --clock TIME        what the lock's clock reads at the start, ISO 8601 with a zone
  --auto-lock SECONDS the bolt goes back by itself (default 30; 0 for never)

For load and scale, with --mqtt; without a keypad page, a line of JSON every ten seconds:
  --fleet N           so many locks, named after the file's with a number each, each with a journal of its own
  --fleet-connections M  they share so many connections, without a last will (default: one of its own to each)
  --fleet-turns N     so many times a second one of them is turned by hand (default 0)
`;

const MAX_FLEET = 100_000;

/** Where a secret is. */
export type SecretPlace = { readonly file: string } | { readonly text: string };

export interface BrokerOptions extends Omit<MqttLogin, 'password'> {
  readonly password: SecretPlace | null;
}

export interface RunOptions {
  readonly mode: 'run';
  readonly lockFile: string;
  /** The passphrase of a sealed lock file. */
  readonly passphrase: SecretPlace | null;
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly mqtt: BrokerOptions | null;
  readonly homeAssistant: HomeAssistantOptions | null;
  readonly startAtMs?: number;
  readonly autoLockMs: number;
  /** `null` for the one lock. */
  readonly fleet: Pick<FleetOptions, 'size' | 'connections' | 'turnsPerSecond'> | null;
}

export type Options =
  RunOptions | { readonly mode: 'scenario'; readonly file: string } | { readonly mode: 'help' };

/** @throws StaycodeError `bad-config`, saying what was expected */
export function parseOptions(args: readonly string[], env: Environment): Options {
  const values = parse(args);
  if (values.help) return { mode: 'help' };
  if (values.scenario !== undefined) return { mode: 'scenario', file: values.scenario };
  if (values.lock === undefined) throw bad('--lock FILE or --scenario FILE');
  return {
    mode: 'run',
    lockFile: values.lock,
    passphrase: placeOf(values['passphrase-file'], env.STAYCODE_PASSPHRASE),
    folder: values.data ?? `${values.lock.replace(/\.json$/u, '')}.journal`,
    host: values.host,
    port: wholeNumber('--port', values.port, 65_535),
    mqtt: mqttOf(values, env),
    homeAssistant: values['no-home-assistant'] ? null : { commands: values['ha-commands'] },
    ...(values.clock === undefined ? {} : { startAtMs: parseInstant(values.clock) }),
    autoLockMs: wholeNumber('--auto-lock', values['auto-lock'], 86_400) * 1000,
    fleet: fleetOf(values),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;
type Values = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        lock: { type: 'string' },
        scenario: { type: 'string' },
        'passphrase-file': { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        mqtt: { type: 'string' },
        'mqtt-user': { type: 'string' },
        'mqtt-password-file': { type: 'string' },
        'mqtt-ca': { type: 'string' },
        'mqtt-cert': { type: 'string' },
        'mqtt-key': { type: 'string' },
        'no-home-assistant': { type: 'boolean', default: false },
        'ha-commands': { type: 'boolean', default: false },
        clock: { type: 'string' },
        'auto-lock': { type: 'string', default: '30' },
        fleet: { type: 'string' },
        'fleet-connections': { type: 'string' },
        'fleet-turns': { type: 'string', default: '0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw bad(error instanceof Error ? error.message : 'known options');
  }
}

function placeOf(file: string | undefined, text: string | undefined): SecretPlace | null {
  if (file !== undefined) return { file };
  return text === undefined ? null : { text };
}

function mqttOf(values: Values, env: Environment): BrokerOptions | null {
  if (values.mqtt === undefined) return null;
  return {
    url: values.mqtt,
    username: values['mqtt-user'] ?? null,
    password: placeOf(values['mqtt-password-file'], env.STAYCODE_MQTT_PASSWORD),
    caFile: values['mqtt-ca'] ?? null,
    certFile: values['mqtt-cert'] ?? null,
    keyFile: values['mqtt-key'] ?? null,
  };
}

function fleetOf(values: Values): RunOptions['fleet'] {
  const { fleet, 'fleet-connections': connections, 'fleet-turns': turns } = values;
  if (fleet === undefined) return null;
  if (values.mqtt === undefined) throw bad('--mqtt URL beside --fleet');
  return {
    size: wholeNumber('--fleet', fleet, MAX_FLEET, 1),
    connections:
      connections === undefined ? null : wholeNumber('--fleet-connections', connections, MAX_FLEET, 1),
    turnsPerSecond: wholeNumber('--fleet-turns', turns, MAX_FLEET),
  };
}

function wholeNumber(name: string, text: string, max: number, min = 0): number {
  const value = Number(text);
  if (!/^\d+$/u.test(text) || value < min || value > max) {
    throw bad(`${name}: a whole number from ${min} to ${max}, got ${text}`);
  }
  return value;
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `staycode-lock: expected ${expected}`);
}
