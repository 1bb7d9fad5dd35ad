/** The Node-RED package as a user gets it: its packed tarball. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packWorkspace, unpackInto } from './packed.ts';

/** Packs and unpacks it, with an address as it is published; returns the folder that has its package.json. */
export function unpackNodes(folder: string, address?: string): string {
  const home = join(folder, 'package');
  unpackInto(packWorkspace('node-red-nodes', folder, address), home);
  return home;
}

/** Installs it into a user directory, as npm does for a host, but without asking a registry: it has all that it needs in it. */
export function installNodes(userDir: string): void {
  mkdirSync(userDir, { recursive: true });
  const tarball = packWorkspace('node-red-nodes', userDir);
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], {
    cwd: userDir,
    stdio: 'pipe',
  });
}
