/**
 * Where a keypad's lock has its keys and rules from: a `stay-lock` node, or a lock's file on this machine.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatLockFile, type LockFile, openLockFile, StaycodeError } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import type { StayLockNode } from '../stay-lock/stay-lock.mts';
import { userDirOf } from '../user-folder.mts';

export interface LockSource {
  readonly source: 'lock' | 'file';
  /** Id of the `stay-lock` node. */
  readonly lock: string;
  /** Path, from the user directory on. */
  readonly lockFile: string;
}

/**
 * The lock's file.
 * @param passphrase of a sealed file, `null` for none
 * @throws StaycodeError `bad-config` where something is missing, `sealed-refused`, and of `parseLockFile`; Error of the disk
 */
export async function readLockSource(
  RED: NodeAPI,
  from: LockSource,
  passphrase: string | null,
): Promise<LockFile> {
  if (from.source !== 'file') return fileOfNode(RED, from);
  const path = resolve(userDirOf(RED), from.lockFile);
  return openLockFile(await readFile(path, 'utf8'), passphrase);
}

/** What a `stay-lock` node would give its lock now, as text to compare; `null` where that is not enough for one. */
export function describeLockNode(RED: NodeAPI, from: LockSource): string | null {
  try {
    return formatLockFile(fileOfNode(RED, from));
  } catch {
    return null;
  }
}

function fileOfNode(RED: NodeAPI, { lock }: LockSource): LockFile {
  const node = RED.nodes.getNode(lock) as StayLockNode | null;
  if (node === null) throw new StaycodeError('bad-config', 'lock: expected a stay-lock node, got none');
  return node.file();
}
