/**
 * `npm run dev`: the home of `npm start`, built and started anew whenever a source changes. The addresses stay, so an open page has
 * only to be loaded again; keys, codes and stays are new with each start, as at `npm start`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../demo/free-port.ts';
import { restartOnChange } from './restart-on-change.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['core', 'node-red-nodes', 'homebridge-plugin', 'mqtt-lock-sim', 'demo', 'scripts'];
const PORTS = ['BROKER', 'KEYPAD', 'FEED', 'NODE_RED', 'HOMEBRIDGE'].map((name) => `STAYCODE_${name}_PORT`);

const env: Record<string, string> = {};
for (const name of PORTS) env[name] = process.env[name] ?? String(await freePort());

const home = restartOnChange({
  folders: FOLDERS.map((folder) => join(ROOT, folder)),
  onChange: (file) => {
    console.log(`\n${file} has changed`);
  },
  build: async (signal) => {
    const child = run('scripts/build.ts');
    signal.addEventListener('abort', () => child.kill('SIGTERM'));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0 && !signal.aborted) console.log('It cannot be built so; waiting for the next change.');
    return code === 0;
  },
  start: () => {
    const child = run('demo/start.ts');
    const ended = once(child, 'exit');
    return Promise.resolve(async () => {
      child.kill('SIGTERM');
      await ended;
    });
  },
});

await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      resolve();
    });
});
await home.close();
process.exit();

/** In a process group of its own: Ctrl-C is this program's to pass on. Over `with-node.mjs`, which ends it should this one be killed. */
function run(program: string): ReturnType<typeof spawn> {
  return spawn(process.execPath, [join(ROOT, 'scripts/with-node.mjs'), program], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    detached: true,
  });
}
