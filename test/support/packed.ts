/** The packages as users get them: packed tarballs, built first where nothing is built yet. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { addressFields } from './project-address.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Each workspace that is published, and a file that only a build makes. */
const BUILT = {
  core: 'dist/index.js',
  'node-red-nodes': 'lib/staycode.cjs',
  'homebridge-plugin': 'dist/index.js',
  'mqtt-lock-sim': 'dist/staycode-lock.js',
} as const;

export type Workspace = keyof typeof BUILT;
export const WORKSPACES = Object.keys(BUILT) as readonly Workspace[];

/** Of a package.json what is looked at here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(home: string): Manifest {
  return JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest;
}

export function manifestOf(workspace: Workspace): Manifest {
  return readManifest(join(ROOT, workspace));
}

/** Packs a workspace into `folder`; returns the path of the tarball. With an address, as it is published: it says where it comes from. */
export function packWorkspace(workspace: Workspace, folder: string, address?: string): string {
  const home = join(ROOT, workspace);
  if (!existsSync(join(home, BUILT[workspace]))) {
    const build = ['--conditions=staycode-source', join(ROOT, 'scripts/build.ts')];
    execFileSync(process.execPath, build, { cwd: ROOT });
  }
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: home,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const tarball = join(folder, filename);
  if (address !== undefined) nameAddress(tarball, addressFields(address, workspace));
  return tarball;
}

/** In the tarball and not in the workspace: one commit is published from wherever it is. */
function nameAddress(tarball: string, fields: object): void {
  const folder = mkdtempSync(`${tarball}-`);
  const home = join(folder, 'package');
  unpackInto(tarball, home);
  const path = join(home, 'package.json');
  const manifest = { ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...fields };
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'package']);
  rmSync(folder, { recursive: true });
}

/** Unpacks a tarball to where `require` and `import` from `folder` find it, with the dependencies that it names and no others. */
export function installLinked(tarball: string, name: string, folder: string): string {
  const home = join(folder, 'node_modules', name);
  unpackInto(tarball, home);
  for (const dependency of Object.keys(readManifest(home).dependencies ?? {})) {
    const link = join(home, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', dependency), link, 'dir');
  }
  return home;
}

export function unpackInto(tarball: string, home: string): void {
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
}
