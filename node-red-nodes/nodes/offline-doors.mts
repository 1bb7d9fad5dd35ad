/**
 * Which doors of the flow decide by themselves, for the register: a code that is off is dead once it is so at each of them. A lock
 * that is programmed knows a code from its list alone.
 * @module
 */
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { offlineLocksOf } from './doors.mts';
import { onStarted } from './flows-started.mts';
import { unitsOf } from './stay-code/units.mts';

/** Notes them at each start of the flows. @returns what ends it */
export function noteDoors(RED: NodeAPI, { ends }: Pick<AccessCodeStore, 'ends'>): () => void {
  return onStarted(RED, () => {
    for (const [unitId, lockIds] of doorsByUnit(RED)) ends.setLocks(unitId, lockIds);
  });
}

function doorsByUnit(RED: NodeAPI): Map<string, string[]> {
  const doors = new Map(unitsOf(RED).map(({ unit }): [string, string[]] => [unit.unitId, []]));
  for (const lock of offlineLocksOf(RED))
    for (const { unit } of lock.units())
      doors.set(unit.unitId, [...(doors.get(unit.unitId) ?? []), lock.lockId]);
  return doors;
}
