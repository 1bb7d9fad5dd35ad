/**
 * Which doors of the flow decide by themselves, for the register: a code that is off is dead once it is so at each of them. A lock
 * that is programmed knows a code from its list alone.
 * @module
 */
import type { AccessCodeStore } from '@staycode/core/edges';
import type { Node, NodeAPI } from 'node-red';
import type { StayLockNode } from './stay-lock/stay-lock.mts';
import type { StayProgramDef } from './stay-program/stay-program.mts';
import type { StayUnitNode } from './stay-unit/stay-unit.mts';

/** Notes them at each start of the flows. @returns what ends it */
export function noteDoors(RED: NodeAPI, { ends }: Pick<AccessCodeStore, 'ends'>): () => void {
  const note = (): void => {
    for (const [unitId, lockIds] of doorsByUnit(RED)) ends.setLocks(unitId, lockIds);
  };
  RED.events.on('flows:started', note);
  return () => {
    RED.events.off('flows:started', note);
  };
}

function doorsByUnit(RED: NodeAPI): Map<string, string[]> {
  const programmed = new Set<string>();
  const locks: StayLockNode[] = [];
  const doors = new Map<string, string[]>();
  RED.nodes.eachNode((def) => {
    if (def.type === 'stay-program') programmed.add((def as StayProgramDef).lock);
    const node = RED.nodes.getNode(def.id) as Node | null;
    if (node?.type === 'stay-unit') doors.set((node as StayUnitNode).unit.unitId, []);
    if (node?.type === 'stay-lock') locks.push(node as StayLockNode);
  });
  for (const lock of locks.filter(({ id }) => !programmed.has(id)))
    for (const { unit } of lock.units())
      doors.set(unit.unitId, [...(doors.get(unit.unitId) ?? []), lock.lockId]);
  return doors;
}
