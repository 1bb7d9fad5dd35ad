/** A real Homebridge as a child process, on 127.0.0.1, with the plugins of one folder and nothing else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../demo/free-port.ts';

const MODULES = join(import.meta.dirname, '../../node_modules');
export type HomebridgeRelease = '1.11' | '2.4';
const PROGRAMS: Readonly<Record<HomebridgeRelease, string>> = {
  '2.4': join(MODULES, 'homebridge/bin/homebridge.js'),
  '1.11': join(MODULES, 'homebridge-1/bin/homebridge'),
};
/** To be loaded before Homebridge and its UI. */
export const LOOPBACK_ONLY: string = join(import.meta.dirname, '../../demo/loopback-only.mjs');
const START_TIMEOUT_MS = 25_000;
/** What Homebridge's rules for plugins allow between SIGTERM and the end. */
const STOP_TIMEOUT_MS = 12_000;

export interface HomebridgeOptions {
  /** Default: 2.4. */
  readonly release?: HomebridgeRelease;
  /** Another installation's program, in place of the repo's. */
  readonly program?: string;
  /** The Node to run it on; this process's unless set. */
  readonly node?: string;
  /** Homebridge's storage; start again with the same one for a restart with its cached accessories and pairings. */
  readonly storageDir: string;
  /** A folder that holds plugins, by their package names. */
  readonly pluginDir: string;
  /** Goes into config.json beside the bridge: `{ platforms: [...] }`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Default: a free one. */
  readonly port?: number;
  readonly username?: string;
  readonly pin?: string;
  /** Whether its UI may show the accessories and use them, which anybody may then who reaches the port and knows the PIN. */
  readonly isInsecure?: boolean;
  /** Where the process works and what it takes for its user's home; the test's own unless set. */
  readonly home?: string;
}

export interface RunningHomebridge {
  readonly port: number;
  readonly pin: string;
  readonly username: string;
  logs(): string;
  /** SIGTERM; rejects if that does not end it in time (it is killed then). */
  stop(): Promise<void>;
}

/** Resolves once the bridge listens; rejects with the log if it ends or hangs before. */
export async function startHomebridge(options: HomebridgeOptions): Promise<RunningHomebridge> {
  const {
    release = '2.4',
    program = PROGRAMS[release],
    node = process.execPath,
    storageDir,
    pluginDir,
    config,
    home,
    isInsecure = false,
    username = '0E:5C:0D:E0:00:01',
    pin = '031-45-154',
  } = options;
  const port = await freePort(options.port);
  const bridge = { name: 'Staycode', username, port, pin, advertiser: 'ciao', bind: ['127.0.0.1'] };
  mkdirSync(storageDir, { recursive: true });
  writeFileSync(join(storageDir, 'config.json'), JSON.stringify({ bridge, ...config }, null, 2));
  const child = spawn(
    node,
    [
      '--import',
      LOOPBACK_ONLY,
      program,
      '-U',
      storageDir,
      '-P',
      pluginDir,
      '--strict-plugin-resolution',
      '-Q',
      '-T',
      ...(isInsecure ? ['-I'] : []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(home === undefined ? {} : { cwd: home, env: { ...process.env, HOME: home } }),
    },
  );
  const exited = once(child, 'exit');
  let log = '';
  const logs = (): string => log;
  const listening = new Promise<void>((resolve) => {
    const collect = (chunk: Buffer): void => {
      log += chunk.toString('utf8');
      if (log.includes(`is running on port ${port}`)) resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
  });
  const stop = (): Promise<void> => stopChild(child, exited);
  if (
    !(await within(START_TIMEOUT_MS, Promise.race([listening.then(() => true), exited.then(() => false)])))
  ) {
    await stop();
    throw new Error(`Homebridge did not start:\n${log}`);
  }
  return { port, pin, username, logs, stop };
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  if (
    await within(
      STOP_TIMEOUT_MS,
      exited.then(() => true),
    )
  )
    return;
  child.kill('SIGKILL');
  await exited;
  throw new Error(`Homebridge did not end within ${STOP_TIMEOUT_MS} ms of SIGTERM`);
}

/** The promise's answer, or `false` if it takes longer. */
async function within(ms: number, answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer);
  });
}
