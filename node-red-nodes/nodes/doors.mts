/**
 * The doors of the flow, as they are deployed now.
 * @module
 */
import type { NodeAPI } from 'node-red';
import type { StayLockNode } from './stay-lock/stay-lock.mts';
import type { StayProgramDef } from './stay-program/stay-program.mts';

/** Every door, in the order of the flow. */
export function locksOf(RED: NodeAPI): StayLockNode[] {
  const locks: StayLockNode[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === 'stay-lock' ? (RED.nodes.getNode(id) as StayLockNode | null) : null;
    if (node) locks.push(node);
  });
  return locks;
}

/** Ids of the `stay-lock` nodes whose door keeps its own list of PINs, which a `stay-program` node writes. */
export function programmedLocks(RED: NodeAPI): ReadonlySet<string> {
  const ids = new Set<string>();
  RED.nodes.eachNode((def) => {
    if (def.type === 'stay-program') ids.add((def as StayProgramDef).lock);
  });
  return ids;
}
