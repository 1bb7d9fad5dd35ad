/** The demo's broker, aedes, in a process of its own: it keeps nothing over a kill. */
import { join } from 'node:path';
import { freePort } from '../../../demo/free-port.ts';
import { type RealBroker, startServers } from './real-broker.ts';

const program = join(import.meta.dirname, '../../../demo/broker.ts');

export async function startEmbedded(): Promise<RealBroker> {
  const port = await freePort();
  const args = [...process.execArgv, program, String(port)];
  return startServers([{ program: process.execPath, args, url: `mqtt://127.0.0.1:${port}` }]);
}
