/**
 * The doors of the flow, as they are deployed now.
 * @module
 */
import type { NodeAPI } from 'node-red';
import type { StayLockNode } from './stay-lock/stay-lock.mts';
import type { StayProgramDef } from './stay-program/stay-program.mts';
import type { StayUnitNode } from './stay-unit/stay-unit.mts';

/** Every door, in the order of the flow. */
export function locksOf(RED: NodeAPI): StayLockNode[] {
  const locks: StayLockNode[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === 'stay-lock' ? (RED.nodes.getNode(id) as StayLockNode | null) : null;
    if (node) locks.push(node);
  });
  return locks;
}

/** By their units' nodes: every door that a unit's guests may open, of either kind. */
export function doorsByUnit(RED: NodeAPI): ReadonlyMap<StayUnitNode, readonly StayLockNode[]> {
  const doors = new Map<StayUnitNode, StayLockNode[]>();
  for (const lock of locksOf(RED))
    for (const unit of lock.units()) doors.set(unit, [...(doors.get(unit) ?? []), lock]);
  return doors;
}

/** Those that judge codes by themselves, with a key and a clock of their own. */
export function offlineLocksOf(RED: NodeAPI): StayLockNode[] {
  const programmed = programmedLocks(RED);
  return locksOf(RED).filter(({ id }) => !programmed.has(id));
}

/** The `stay-program` nodes, by the ids of their `stay-lock` nodes: doors that keep their own list of PINs, which they write. */
export function programmedLocks(RED: NodeAPI): ReadonlyMap<string, StayProgramDef> {
  const programs = new Map<string, StayProgramDef>();
  RED.nodes.eachNode((def) => {
    if (def.type === 'stay-program') programs.set((def as StayProgramDef).lock, def as StayProgramDef);
  });
  return programs;
}
