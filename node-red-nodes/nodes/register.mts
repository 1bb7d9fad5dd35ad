/**
 * The one register of this Node-RED, opened when the first node needs it and closed after the last.
 * @module
 */
import { join } from 'node:path';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import type { Node, NodeAPI } from 'node-red';
import { noteDoors } from './offline-doors.mts';
import { userDirOf } from './user-folder.mts';

interface OpenRegister {
  readonly store: AccessCodeStore;
  users: number;
  /** Of those who opened it for a flow, the first one's. */
  endNoting: (() => void) | null;
}

const open = new Map<string, OpenRegister>();

/** A share in the register; give it back when the node closes. */
export interface RegisterShare {
  readonly store: AccessCodeStore;
  release(): void;
}

/** `staycode/register.sqlite` in the user directory; where it cannot be opened the node says so, and `null` comes. */
export function shareRegister(RED: NodeAPI, node: Node): RegisterShare | null {
  try {
    return openRegister(RED);
  } catch (error) {
    node.status({ fill: 'red', shape: 'ring', text: RED._(`${node.type}.status.bad-register`) });
    node.error(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** The same for who is no node. @throws StaycodeError `bad-register` */
export function openRegister(RED: NodeAPI): RegisterShare {
  const share = openRegisterIn(userDirOf(RED));
  const entry = open.get(pathIn(userDirOf(RED)));
  if (entry) entry.endNoting ??= noteDoors(RED, share.store);
  return share;
}

/** As `openRegister`, for who has only the folder. */
export function openRegisterIn(userDir: string): RegisterShare {
  const path = pathIn(userDir);
  const entry = open.get(path) ?? { store: openFirst(path), users: 0, endNoting: null };
  entry.users++;
  open.set(path, entry);
  return {
    store: entry.store,
    release() {
      if (--entry.users > 0) return;
      open.delete(path);
      entry.endNoting?.();
      entry.store.close();
    },
  };
}

const pathIn = (userDir: string): string => join(userDir, 'staycode', 'register.sqlite');

/** Who else would have been sending messages is gone with the last users, or the last run. */
function openFirst(path: string): AccessCodeStore {
  const store = openAccessCodeStore(path);
  store.outbox.endLeases(Date.now());
  return store;
}
