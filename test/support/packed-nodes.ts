/** The Node-RED package as a user gets it: its packed tarball. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const NODES = join(ROOT, 'node-red-nodes');

/** Packs it into `folder`, building if nothing is built yet; returns the path of the tarball. */
export function packNodes(folder: string): string {
  if (!existsSync(join(NODES, 'lib/staycode.cjs'))) {
    execFileSync(process.execPath, ['--conditions=staycode-source', join(ROOT, 'scripts/build.ts')], {
      cwd: ROOT,
    });
  }
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: NODES,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  return join(folder, filename);
}

/** Packs and unpacks it; returns the folder that has its package.json. */
export function unpackNodes(folder: string): string {
  const home = join(folder, 'package');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', packNodes(folder), '-C', home, '--strip-components=1']);
  return home;
}

/** Installs it into a user directory, as npm does for a host, but without asking a registry: it has all that it needs in it. */
export function installNodes(userDir: string): void {
  mkdirSync(userDir, { recursive: true });
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packNodes(userDir)], {
    cwd: userDir,
    stdio: 'pipe',
  });
}
