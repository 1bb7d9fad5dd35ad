/** mosquitto, as Debian installs it or hardened. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../demo/free-port.ts';
import { type RealBroker, startServers } from './real-broker.ts';

export const MOSQUITTO = '/usr/sbin/mosquitto';

/**
 * Debian's own settings are persistence on and all else at mosquitto's defaults: saved every 30 minutes, 1,000 messages kept for
 * a session that is away. Hardened is what docs/ tells a host to add.
 */
const SETTINGS = {
  installed: ['persistence true'],
  hardened: [
    'persistence true',
    'autosave_on_changes true',
    'autosave_interval 1',
    'max_queued_messages 0',
    'max_inflight_messages 100',
  ],
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
    ...SETTINGS[settings],
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const program = existsSync(MOSQUITTO) ? MOSQUITTO : 'mosquitto';
  return startServers([{ program, args: ['-c', config], url: `mqtt://127.0.0.1:${port}` }]);
}
