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

/** The `stay-program` nodes, by the ids of their `stay-lock` nodes: doors that keep their own list of PINs, which they write. */
export function programmedLocks(RED: NodeAPI): ReadonlyMap<string, StayProgramDef> {
  const programs = new Map<string, StayProgramDef>();
  RED.nodes.eachNode((def) => {
    if (def.type === 'stay-program') programs.set((def as StayProgramDef).lock, def as StayProgramDef);
  });
  return programs;
}
