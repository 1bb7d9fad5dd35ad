/** Where the project is on the web: what a published package names as its repository, its page and its list of bugs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Nobody's: what packages are checked with in a clone that knows no address. */
export const STAND_IN_ADDRESS = 'https://git.example/staycode/staycode';

/** What a check then says of itself. */
export function standInNote(): string {
  return `note: ${STAND_IN_ADDRESS} stands in for the project's address. A release has that of this clone's origin, and is not made without.`;
}

/** The address of this clone's `origin`, or null where it has none on the web. */
export function projectAddress(): string | null {
  const { stdout, status } = spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? addressOf(stdout.trim()) : null;
}

/** `https://HOST/PATH` of a git remote, without user or password; null for a folder or a bare host. */
export function addressOf(remote: string): string | null {
  const scp = /^[\w.-]+@(?<host>[\w.-]+):(?<path>[^/].*)$/u.exec(remote)?.groups;
  const url = URL.parse(scp ? `ssh://${scp.host ?? ''}/${scp.path ?? ''}` : remote);
  if (url === null || !['https:', 'ssh:', 'git+ssh:'].includes(url.protocol)) return null;
  const path = url.pathname.replace(/\/+$/u, '').replace(/\.git$/u, '');
  return url.hostname === '' || path === '' ? null : `https://${url.hostname}${path}`;
}

/** What a package.json says of it; `folder` is the package's in the repository. */
export function addressFields(address: string, folder: string): object {
  return {
    homepage: `${address}#readme`,
    repository: { type: 'git', url: `git+${address}.git`, directory: folder },
    bugs: { url: `${address}/issues` },
  };
}
