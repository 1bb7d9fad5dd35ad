/**
 * Programs a lock that keeps its own list with the codes of its units' stays: Nuki Hub, Zigbee2MQTT, Z-Wave JS UI.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { shareRegister } from '../register.mts';
import { openProgramLink, type ProgramLink } from './program-link.mts';
import type { TargetSettings } from './read-target.mts';

export interface StayProgramDef extends NodeDef, TargetSettings {
  /** Id of the `stay-lock` node: the lock's name, site and units. */
  readonly lock: string;
  /** Id of the `mqtt-broker` node. */
  readonly broker: string;
}

/** Registers `stay-program`. */
export function stayProgram(RED: NodeAPI): void {
  RED.nodes.registerType('stay-program', createProgram);

  function createProgram(this: Node, def: StayProgramDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    let link: ProgramLink | null = null;
    const start = (): void => {
      try {
        link = openProgramLink(RED, this, { def, store: register.store });
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: RED._('stay-program.status.bad-config') });
        this.error(error instanceof StaycodeError ? error.message : String(error));
      }
    };
    const callOff = onceStarted(RED, start);
    this.on('close', (removed: boolean, done: () => void) => {
      callOff();
      const release = (): void => {
        register.release();
        done();
      };
      if (link === null) release();
      else link.close(removed, release);
    });
  }
}
