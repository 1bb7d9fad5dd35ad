/** RabbitMQ with its MQTT plugin: a node of its own name and folders, and the port mapper that it needs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../demo/free-port.ts';
import { type RealBroker, startServers } from './real-broker.ts';

/** The script behind Debian's wrapper, which would want to be root or its own user. */
export const RABBITMQ = '/usr/lib/rabbitmq/bin/rabbitmq-server';

export async function startRabbitmq(folder: string): Promise<RealBroker> {
  mkdirSync(folder, { recursive: true });
  const [epmd, dist, mqtt] = [await freePort(), await freePort(), await freePort()];
  const config = join(folder, 'rabbitmq.conf');
  writeFileSync(
    config,
    `listeners.tcp = none
mqtt.listeners.tcp.1 = 127.0.0.1:${mqtt}
mqtt.allow_anonymous = true
`,
  );
  const plugins = join(folder, 'enabled_plugins');
  writeFileSync(plugins, '[rabbitmq_mqtt].\n');
  const env = {
    HOME: folder,
    // So the script becomes the server, whose pid we then have, and does not stay as its parent.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `staycode-${mqtt}@localhost`,
    RABBITMQ_DIST_PORT: String(dist),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
  };
  // Before the server, which else starts one that outlives it.
  const mapper = await startPortMapper(epmd);
  process.once('exit', () => mapper.kill());
  const server = await startServers([
    { program: RABBITMQ, args: [], env, url: `mqtt://127.0.0.1:${mqtt}` },
  ]).catch((error: unknown) => {
    mapper.kill();
    throw error;
  });
  const stop = async (): Promise<void> => {
    // Last: a server whose port mapper ends starts one of its own.
    await server.stop();
    const ended = once(mapper, 'exit');
    if (mapper.kill()) await ended;
  };
  return { ...server, stop };
}

async function startPortMapper(port: number): Promise<ChildProcess> {
  const mapper = spawn('epmd', ['-port', String(port), '-address', '127.0.0.1'], { stdio: 'ignore' });
  await once(mapper, 'spawn');
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open || mapper.exitCode !== null) return mapper;
    await delay(10);
  }
}
