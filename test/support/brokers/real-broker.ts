/** A broker as its own processes, which tests kill and start again: what stands for one of them, and how to wait for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';

export interface RealBroker {
  /** An address of 127.0.0.1 for each node; one, but for a cluster. */
  readonly urls: readonly string[];
  /** SIGKILL to a node, 0 unless said. */
  kill(node?: number): Promise<void>;
  /** Starts the nodes that were killed, with their data and ports; resolves once each takes clients. */
  restart(): Promise<void>;
  /** Ends all its processes; its folder stays with who gave it. */
  stop(): Promise<void>;
}

/** A server program of one node. */
export interface ServerPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where its MQTT clients come in. */
  readonly url: string;
}

/** RabbitMQ takes 13 s on an idle machine. */
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;
const LOG_KEPT = 4_000;

/** Starts the nodes and waits until each takes clients; nothing is left of them where one does not. */
export async function startServers(plans: readonly ServerPlan[]): Promise<RealBroker> {
  const nodes = plans.map((plan) => new ServerNode(plan));
  const start = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.start()));
  };
  // A program that ends before it has stopped its brokers must not leave them behind.
  const endWithUs = (): void => {
    for (const node of nodes) void node.end('SIGKILL');
  };
  process.once('exit', endWithUs);
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    await Promise.all(nodes.map((node) => node.end('SIGTERM')));
  };
  await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    urls: plans.map(({ url }) => url),
    kill: async (node = 0) => nodes[node]?.end('SIGKILL'),
    restart: start,
    stop,
  };
}

class ServerNode {
  readonly #plan: ServerPlan;
  #child: ChildProcess | null = null;
  #log = '';

  constructor(plan: ServerPlan) {
    this.#plan = plan;
  }

  /** Does nothing for one that runs. @throws Error with its log where it takes no clients in time */
  async start(): Promise<void> {
    if (this.#child !== null) return;
    const { program, args, env, url } = this.#plan;
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on(
        'data',
        (chunk: Buffer) => (this.#log = (this.#log + chunk.toString('utf8')).slice(-LOG_KEPT)),
      );
    }
    child.on('exit', () => {
      if (this.#child === child) console.error(`${program} ended by itself:\n${this.#log}`);
    });
    await once(child, 'spawn');
    const late = AbortSignal.timeout(START_TIMEOUT_MS);
    while (!(await takesClients(url))) {
      if (hasEnded(child) || late.aborted) throw new Error(`${program} takes no clients:\n${this.#log}`);
      await delay(50);
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** An open port is not enough: a cluster answers before it has a leader, and refuses sessions until then. */
async function takesClients(url: string): Promise<boolean> {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    clientId: `probe${process.pid}${url.replace(/\D/gu, '')}`,
    reconnectPeriod: 0,
    connectTimeout: PROBE_TIMEOUT_MS,
  });
  const gone = new Promise<false>((resolve) => {
    client.on('error', () => undefined);
    client.on('close', () => {
      resolve(false);
    });
    setTimeout(resolve, PROBE_TIMEOUT_MS, false);
  });
  const carries = async (): Promise<true> => {
    await client.subscribeAsync('staycode-probe', { qos: 1 });
    await client.publishAsync('staycode-probe', 'there?', { qos: 1 });
    return true;
  };
  const there = await Promise.race([gone, carries().catch(() => false)]);
  client.end(true);
  return there;
}
