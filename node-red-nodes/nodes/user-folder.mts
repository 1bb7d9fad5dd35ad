/**
 * Where Node-RED keeps what outlives it.
 * @module
 */
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';

export function userDirOf(RED: NodeAPI): string {
  return RED.settings.userDir ?? '.';
}

/** Journals of locks that this Node-RED is, copies of other locks' logs, and logs of what locks without one told. */
export type LockFolderKind = 'locks' | 'logs' | 'heard';

/** A lock's folder among those of its kind, in `staycode/` of the user directory. */
export function lockFolder(userDir: string, kind: LockFolderKind, lockId: string): string {
  return join(userDir, 'staycode', kind, folderNameOf(lockId));
}

/** A lock may be called `..`; a folder of that name is another one. */
function folderNameOf(lockId: string): string {
  const encoded = encodeURIComponent(lockId);
  return /^\.+$/u.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
}
