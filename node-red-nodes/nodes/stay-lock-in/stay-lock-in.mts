/**
 * Keeps a lock's log and tells what happens at its door, live and afterwards: what happened while there was no network comes too.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { shareRegister } from '../register.mts';
import type { StayLockNode } from '../stay-lock/stay-lock.mts';
import { type KeeperLink, openKeeperLink } from './keeper-link.mts';

export interface StayLockInDef extends NodeDef {
  /** Id of the `stay-lock` node. */
  readonly lock: string;
  /** Id of the `mqtt-broker` node. */
  readonly broker: string;
}

/** Registers `stay-lock-in`. */
export function stayLockIn(RED: NodeAPI): void {
  RED.nodes.registerType('stay-lock-in', createLockIn);

  function createLockIn(this: Node, def: StayLockInDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    let link: KeeperLink | null = null;
    // What waits to be told is for nodes that may not be there yet.
    const start = (): void => {
      try {
        const lock = RED.nodes.getNode(def.lock) as StayLockNode | null;
        if (lock === null) throw new StaycodeError('bad-config', 'lock: expected a stay-lock node, got none');
        const file = lock.file();
        const siteKey = lock.site()?.siteKey;
        if (!siteKey) throw new StaycodeError('bad-config', 'lock: expected a site with a site key');
        const { showsStays } = lock;
        link = openKeeperLink(RED, this, {
          ...{ file, siteKey, store: register.store, brokerId: def.broker, showsStays },
        });
      } catch (error) {
        const code = error instanceof StaycodeError ? error.code : '';
        const key = code === 'bad-config' || code.startsWith('journal-') ? code : 'stopped';
        this.status({ fill: 'red', shape: 'ring', text: RED._(`stay-lock-in.status.${key}`) });
        this.error(error instanceof Error ? error.message : String(error));
      }
    };
    const callOff = onceStarted(RED, start);
    this.on('close', (done: () => void) => {
      callOff();
      const release = (): void => {
        register.release();
        done();
      };
      if (link === null) release();
      else link.close(release);
    });
  }
}
