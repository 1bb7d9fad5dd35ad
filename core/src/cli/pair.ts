/**
 * `staycode pair`: the line that makes a program a controller of one lock.
 * @module
 */
import { parseArgs } from 'node:util';
import { formatPairing } from '../protocol/pairing.ts';
import { deriveCommandKey } from '../stay-code/keys.ts';
import { readLockFile } from './key-source.ts';
import type { CommandIo } from './main.ts';
import { needed } from './needed.ts';

/** Also `staycode-lock` reads it. */
const BROKER_PASSWORD_VARIABLE = 'STAYCODE_MQTT_PASSWORD';

/** `pair --lock FILE --broker URL [--user NAME] [--controller ID]`: to paste into the Homebridge plugin's settings. */
export async function runPair(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lock: { type: 'string' },
      broker: { type: 'string' },
      user: { type: 'string' },
      controller: { type: 'string', default: 'homebridge' },
      'passphrase-file': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const brokerUrl = needed('--broker URL, such as mqtt://192.168.1.10', values.broker);
  const file = await readLockFile(needed('--lock FILE', values.lock), values['passphrase-file'], io.env);
  const pairing = formatPairing({
    brokerUrl,
    username: values.user ?? null,
    password: values.user === undefined ? null : (io.env[BROKER_PASSWORD_VARIABLE] ?? null),
    lockId: file.lockId,
    name: file.name,
    controllerId: values.controller,
    commandKey: deriveCommandKey(file.lockKey, values.controller),
  });
  io.stdout(values.json ? JSON.stringify({ pairing }) : pairing);
  io.stderr(`staycode pair: who has this line can lock and unlock ${file.name}, and make no codes`);
  return 0;
}
