/**
 * A door: one lock and the units whose codes open it.
 * @module
 */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { StaySiteNode } from '../stay-site/stay-site.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';

export interface StayLockDef extends NodeDef {
  readonly site: string;
  readonly lockId: string;
  /** Ids of `stay-unit` nodes, in the order in which the lock tries their keys. */
  readonly units: readonly string[];
}

export interface StayLockNode extends Node {
  lockId: string;
  /** Asked for when needed: Node-RED may create them after the lock. */
  site(): StaySiteNode | null;
  units(): StayUnitNode[];
}

/** Registers `stay-lock`. */
export function stayLock(RED: NodeAPI): void {
  RED.nodes.registerType('stay-lock', createLock);

  function createLock(this: StayLockNode, def: StayLockDef): void {
    RED.nodes.createNode(this, def);
    this.lockId = def.lockId;
    this.site = () => RED.nodes.getNode(def.site) as StaySiteNode | null;
    this.units = () =>
      def.units.map((id) => RED.nodes.getNode(id) as StayUnitNode | null).filter((unit) => unit !== null);
  }
}
