/** The Homebridge plugin as a user gets it: its packed tarball, unpacked, with the dependencies that it names and no others. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PLUGIN = join(ROOT, 'homebridge-plugin');

/** Builds if nothing is built yet; returns the folder of plugins to start Homebridge with. */
export function unpackPlugin(folder: string): string {
  if (!existsSync(join(PLUGIN, 'dist/index.js'))) {
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { cwd: ROOT });
  }
  const plugins = join(folder, 'plugins');
  const home = join(plugins, 'homebridge-staycode');
  mkdirSync(home, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: PLUGIN,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', home, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = join(home, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link, 'dir');
  }
  return plugins;
}
