/**
 * `npm run release-check [-- FOLDER]`: packs each package that is published, installs its tarball and what it names from npm's registry
 * into a folder of its own, holds it to the rules, and starts it in a host that is as fresh. A line each; ends with 1 where one fails.
 * Where none does, the tarballs that were checked are left in FOLDER for `npm publish`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { manifestOf, packWorkspace, type Workspace, WORKSPACES } from '../support/packed.ts';
import { projectAddress, STAND_IN_ADDRESS, standInNote } from '../support/project-address.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { START } from './hosts.ts';
import { PACKAGE_RULES } from './package-rules.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The host of a package that needs one, and the host's program. */
const HOSTS: Partial<Record<Workspace, { readonly name: string; readonly program: string }>> = {
  'node-red-nodes': { name: 'node-red', program: 'red.js' },
  'homebridge-plugin': { name: 'homebridge', program: 'bin/homebridge.js' },
};
const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
};

const [releaseFolder] = process.argv.slice(2);
const address = projectAddress();
if (releaseFolder !== undefined && address === null) {
  console.error(
    "No address to publish under: expected this clone's git remote `origin` to be one on the web, https or ssh.",
  );
  process.exit(1);
}
try {
  const tarballs: string[] = [];
  for (const workspace of WORKSPACES) {
    const tarball = packWorkspace(workspace, scratchFolder(), address ?? STAND_IN_ADDRESS);
    await check(workspace, tarball);
    tarballs.push(tarball);
  }
  if (address === null) console.log(standInNote());
  if (releaseFolder !== undefined && process.exitCode === undefined) keep(tarballs, releaseFolder);
} finally {
  removeScratch();
}

function keep(tarballs: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const tarball of tarballs) {
    const kept = join(folder, basename(tarball));
    copyFileSync(tarball, kept);
    console.log(`to publish: npm publish ${kept}`);
  }
}

async function check(workspace: Workspace, tarball: string): Promise<void> {
  const { name, version } = manifestOf(workspace);
  const folder = installFresh({ [name]: `file:${tarball}` });
  const home = join(folder, 'node_modules', name);
  for (const { rule, faults } of PACKAGE_RULES) report(name, rule, await faults({ name, home, folder }));
  const program = installHost(workspace);
  const options = { folder, scratch: scratchFolder(), ...(program !== undefined && { program }) };
  try {
    report(`${name} ${version}`, `starts in a fresh host: ${await START[workspace](options)}`, []);
  } catch (error) {
    report(name, 'starts in a fresh host', [String(error)]);
  }
}

/** In a folder that holds nothing else; no package's scripts run. */
function installFresh(dependencies: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  const { overrides } = own;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  execFileSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return folder;
}

/** The release of the host that the repo is tested with; where its program is. */
function installHost(workspace: Workspace): string | undefined {
  const host = HOSTS[workspace];
  if (host === undefined) return undefined;
  const version = own.devDependencies[host.name] ?? 'latest';
  return join(installFresh({ [host.name]: version }), 'node_modules', host.name, host.program);
}

function report(name: string, rule: string, faults: readonly string[]): void {
  if (faults.length === 0) {
    console.log(`ok     ${name} ${rule}`);
    return;
  }
  console.log(`fails  ${name} ${rule}: ${faults.join('; ')}`);
  process.exitCode = 1;
}
