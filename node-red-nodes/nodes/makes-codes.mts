/**
 * Whether the flow makes codes for a unit, so that the unit's stays reach the register.
 * @module
 */
import type { NodeAPI } from 'node-red';
import type { StayCodeDef } from './stay-code/stay-code.mts';
import type { StayUnitNode } from './stay-unit/stay-unit.mts';

export function makesCodes(RED: NodeAPI, unitId: string): boolean {
  let makes = false;
  RED.nodes.eachNode((def) => {
    if (def.type !== 'stay-code') return;
    const { unit } = def as StayCodeDef;
    const own = unit === '' ? null : (RED.nodes.getNode(unit) as StayUnitNode | null);
    makes ||= unit === '' || own?.unit.unitId === unitId;
  });
  return makes;
}
