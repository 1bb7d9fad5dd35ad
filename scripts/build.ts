/**
 * Builds what the packages ship: core as plain ESM with types, the other three with core bundled inside.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');
const started = Date.now();

// Beside the old one, which is in use while it is made: by tests in the other lane, by a home that runs.
const dist = join(root, 'core/dist');
const fresh = `${dist}-${process.pid}`;
process.on('exit', () => {
  rmSync(fresh, { recursive: true, force: true });
});
const compile = [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'core', '--outDir', fresh];
execFileSync(process.execPath, compile, { cwd: root, stdio: 'inherit' });
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);

/** Dependencies that a package lists stay outside its bundle; everything else, core too, goes in. */
const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22.13',
  conditions: ['staycode-source'],
  legalComments: 'inline',
  logLevel: 'warning',
};
const bundles: BuildOptions[] = [
  {
    entryPoints: ['node-red-nodes/nodes/index.mts'],
    outfile: 'node-red-nodes/lib/staycode.cjs',
    format: 'cjs',
  },
  {
    entryPoints: ['homebridge-plugin/src/index.ts'],
    outfile: 'homebridge-plugin/dist/index.js',
    format: 'esm',
    external: ['mqtt', 'homebridge'],
  },
  {
    entryPoints: ['homebridge-plugin/src/settings/index.ts'],
    outfile: 'homebridge-plugin/dist/settings.js',
    format: 'esm',
    external: ['mqtt'],
  },
  {
    entryPoints: ['mqtt-lock-sim/src/main.ts'],
    outfile: 'mqtt-lock-sim/dist/staycode-lock.js',
    format: 'esm',
    external: ['mqtt'],
  },
];
for (const bundle of bundles) {
  const [entry] = bundle.entryPoints as string[];
  if (entry === undefined || !existsSync(join(root, entry))) continue;
  await build({ ...common, ...bundle });
}
console.log(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
