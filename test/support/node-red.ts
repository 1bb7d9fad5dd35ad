/** A real Node-RED as a child process, with the nodes of this repo as they are built. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../demo/free-port.ts';

const root = join(import.meta.dirname, '../..');
const PROGRAMS = { '4.1': 'node-red-4', '5': 'node-red' } as const;

export interface NodeRedOptions {
  /** A folder of its own; what Node-RED keeps there outlives a restart. */
  readonly userDir: string;
  /** As exported; without it the flows of the last start run again. */
  readonly flows?: readonly object[];
  /** By node id. */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly port?: number;
  /** The repo's own 5 unless told. */
  readonly version?: keyof typeof PROGRAMS;
  /** Another installation's `red.js`, in place of the repo's. */
  readonly program?: string;
  /** The Node to run it on; the repo's own unless set. */
  readonly node?: string;
  /** Over those that every test runs with. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment, such as another date. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningNodeRed {
  /** Without a slash at the end. */
  readonly url: string;
  /** What it printed so far. */
  logs(): string;
  /** Ends it and waits for that; SIGKILL is how a power cut looks. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts Node-RED and resolves once its flows run. The package is found as the workspace that it is. */
export async function startNodeRed(options: NodeRedOptions): Promise<RunningNodeRed> {
  const { userDir, version = '5' } = options;
  const { program = join(root, 'node_modules', PROGRAMS[version], 'red.js') } = options;
  // The repo's own, not this process's: it may run with conditions that Node-RED must do without.
  const { node: runtime = join(root, 'node_modules/node/bin/node') } = options;
  const port = await freePort(options.port);
  writeUserDir(options, port);
  const settings = join(userDir, 'settings.cjs');
  const args = [program, '--userDir', userDir, '--settings', settings];
  const child = spawn(runtime, args, {
    cwd: userDir,
    env: { PATH: process.env.PATH, HOME: userDir, TZ: process.env.TZ, LANG: 'en_US.UTF-8', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)));
  const node: RunningNodeRed = {
    url: `http://127.0.0.1:${port}`,
    logs: () => log,
    stop: (signal = 'SIGTERM') => stop(child, signal),
  };
  await waitForFlows(child, node);
  await waitForServer(child, node);
  return node;
}

function writeUserDir({ userDir, flows, credentials, settings: others }: NodeRedOptions, port: number): void {
  mkdirSync(userDir, { recursive: true });
  const settings = {
    flowFile: 'flows.json',
    credentialSecret: false,
    uiHost: '127.0.0.1',
    uiPort: port,
    telemetry: { enabled: false },
    editorTheme: { tours: false },
    logging: { console: { level: 'info', metrics: false, audit: false } },
    ...others,
  };
  // .cjs, for beside the repo's ES modules a settings.js would be taken for one.
  writeFileSync(join(userDir, 'settings.cjs'), `module.exports = ${JSON.stringify(settings, null, 2)};\n`);
  if (flows) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows, null, 2));
  if (credentials) writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(credentials, null, 2));
}

/** In English or, where it runs in that language, German. */
const STARTED = /Started flows|Flows sind gestartet/u;

async function waitForFlows(child: ChildProcess, node: RunningNodeRed): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (STARTED.test(node.logs())) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`Node-RED ended (${String(code)}) before its flows ran:\n${node.logs()}`));
    });
  });
}

/** Its web server listens only after the flows run: on a busy machine some time after. */
async function waitForServer(child: ChildProcess, node: RunningNodeRed): Promise<void> {
  while (child.exitCode === null) {
    const answers = await fetch(node.url, { redirect: 'manual' }).then(
      (response) => response.text().then(() => true),
      () => false,
    );
    if (answers) return;
    await pause(20);
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Resolves once a node shows a status, as the editor hears it: also one set before any flow could. */
export async function waitForStatus(node: RunningNodeRed, nodeId: string, text: string): Promise<void> {
  const socket = new WebSocket(`${node.url.replace('http', 'ws')}/comms`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ subscribe: `status/${nodeId}` }));
    });
    socket.addEventListener('error', () => {
      reject(new Error('no word from the editor channel'));
    });
    socket.addEventListener('message', ({ data }) => {
      const told = [JSON.parse(String(data))].flat() as { topic: string; data?: { text?: string } }[];
      if (told.some((one) => one.topic === `status/${nodeId}` && one.data?.text === text)) resolve();
    });
  });
  socket.close();
}
