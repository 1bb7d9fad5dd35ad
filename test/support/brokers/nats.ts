/** A NATS JetStream cluster of three with MQTT on each node. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../demo/free-port.ts';
import { type RealBroker, type ServerPlan, startServers } from './real-broker.ts';

export const NATS = 'nats-server';
const NODES = [0, 1, 2];

export async function startNats(folder: string): Promise<RealBroker> {
  mkdirSync(folder, { recursive: true });
  const ports = await Promise.all(
    NODES.map(async () => ({ client: await freePort(), cluster: await freePort(), mqtt: await freePort() })),
  );
  const routes = ports.map(({ cluster }) => `nats://127.0.0.1:${cluster}`).join(', ');
  const plans = ports.map(({ client, cluster, mqtt }, node): ServerPlan => {
    const config = join(folder, `node-${node}.conf`);
    writeFileSync(
      config,
      `server_name: node-${node}
listen: 127.0.0.1:${client}
jetstream { store_dir: ${JSON.stringify(join(folder, `node-${node}`))} }
mqtt { listen: "127.0.0.1:${mqtt}" }
cluster { name: staycode, listen: "127.0.0.1:${cluster}", routes: [${routes}] }
`,
    );
    return { program: NATS, args: ['-c', config], url: `mqtt://127.0.0.1:${mqtt}` };
  });
  return startServers(plans);
}
