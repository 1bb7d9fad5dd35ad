/** The real Homebridge UI (homebridge-config-ui-x) as a program of its own, on 127.0.0.1, open to everyone there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../demo/free-port.ts';
import { LOOPBACK_ONLY } from './homebridge.ts';

const PROGRAM = join(import.meta.dirname, '../../node_modules/homebridge-config-ui-x/dist/bin/standalone.js');
const START_TRIES = 600;

export interface HomebridgeUi {
  readonly url: string;
  log(): string;
  /** The platform's block as it was saved last; `undefined` for none. */
  saved(platform: string): Record<string, unknown> | undefined;
  stop(): Promise<void>;
}

export interface HomebridgeUiOptions {
  readonly storageDir: string;
  /** A folder that holds plugins, by their package names. */
  readonly pluginDir: string;
  /** The `platforms` of config.json beside the UI's own. */
  readonly platforms?: readonly object[];
  readonly theme?: 'light' | 'dark';
}

/** Resolves once it serves pages; rejects with its log if it ends before. */
export async function startHomebridgeUi(options: HomebridgeUiOptions): Promise<HomebridgeUi> {
  const { storageDir, pluginDir, platforms = [], theme = 'light' } = options;
  const port = await freePort();
  const configFile = join(storageDir, 'config.json');
  const ui = {
    platform: 'config',
    name: 'Config',
    port,
    host: '127.0.0.1',
    auth: 'none',
    lightingMode: theme,
  };
  const bridge = {
    name: 'Homebridge',
    username: '0E:5C:0D:E0:00:02',
    port: await freePort(),
    pin: '031-45-154',
  };
  mkdirSync(storageDir, { recursive: true });
  writeFileSync(configFile, JSON.stringify({ bridge, accessories: [], platforms: [ui, ...platforms] }));
  // With a user it takes itself for set up; nobody logs in as them.
  const nobody = { id: 1, username: 'admin', name: 'Admin', admin: true, hashedPassword: '', salt: '' };
  writeFileSync(join(storageDir, 'auth.json'), JSON.stringify([nobody]));
  const child = spawn(
    process.execPath,
    ['--import', LOOPBACK_ONLY, PROGRAM, '-U', storageDir, '-P', pluginDir, '-I', '-T'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: storageDir,
      env: { ...process.env, UIX_STRICT_PLUGIN_RESOLUTION: '1', HOME: storageDir },
    },
  );
  const ended = once(child, 'exit');
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
  }
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await serves(url)); tries++) {
    if (child.exitCode !== null || tries === START_TRIES) {
      child.kill('SIGKILL');
      throw new Error(`the Homebridge UI did not start:\n${log}`);
    }
    await pause(100);
  }
  return {
    url,
    log: () => log,
    saved: (platform) => {
      const config = JSON.parse(readFileSync(configFile, 'utf8')) as { platforms: Record<string, unknown>[] };
      return config.platforms.find((block) => block.platform === platform);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function serves(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
