/** mosquitto, as Debian installs it or hardened. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../demo/free-port.ts';
import { type RealBroker, startServers } from './real-broker.ts';

export const MOSQUITTO = '/usr/sbin/mosquitto';

const HARDENED = join(import.meta.dirname, '../../../docs/mosquitto/mosquitto.conf');
/** What stands there of its own place: the test has others, and lets everyone in. */
const OF_A_PLACE =
  /^(?:listener|cafile|certfile|keyfile|allow_anonymous|password_file|acl_file|persistence_location) /u;

/** Debian turns persistence on and leaves all else at mosquitto's defaults; hardened is what docs/ has for a host. */
const SETTINGS = {
  installed: (): string[] => ['persistence true'],
  hardened: (): string[] =>
    readFileSync(HARDENED, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !OF_A_PLACE.test(line)),
} as const;

export async function startMosquitto(folder: string, settings: keyof typeof SETTINGS): Promise<RealBroker> {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `persistence_location ${data}/`,
    'log_dest stdout',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...SETTINGS[settings](),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const program = existsSync(MOSQUITTO) ? MOSQUITTO : 'mosquitto';
  return startServers([{ program, args: ['-c', config], url: `mqtt://127.0.0.1:${port}` }]);
}
