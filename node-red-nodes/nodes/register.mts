/**
 * The one register of this Node-RED, opened when the first node needs it and closed after the last.
 * @module
 */
import { join } from 'node:path';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import type { Node, NodeAPI } from 'node-red';
import { userDirOf } from './user-folder.mts';

const open = new Map<string, { store: AccessCodeStore; users: number }>();

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
  const path = join(userDirOf(RED), 'staycode', 'register.sqlite');
  const entry = open.get(path) ?? { store: openFirst(path), users: 0 };
  entry.users++;
  open.set(path, entry);
  return {
    store: entry.store,
    release() {
      if (--entry.users > 0) return;
      open.delete(path);
      entry.store.close();
    },
  };
}

/** Who else would have been sending messages is gone with the last users, or the last run. */
function openFirst(path: string): AccessCodeStore {
  const store = openAccessCodeStore(path);
  store.outbox.endLeases(Date.now());
  return store;
}
