/**
 * The units of the flow, and which of them a `stay-code` node serves.
 * @module
 */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { doorsByUnit } from '../doors.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';

/** The units that a node serves: its own, or all where it has none. */
export function unitsOf(RED: NodeAPI, ownId = ''): StayUnitNode[] {
  const units: StayUnitNode[] = [];
  const add = (id: string, type: string): void => {
    const node = type === 'stay-unit' ? (RED.nodes.getNode(id) as StayUnitNode | null) : null;
    if (node !== null) units.push(node);
  };
  // Its own may stand in a subflow, where the flow's text has it by another id.
  if (ownId !== '') add(ownId, (RED.nodes.getNode(ownId) as Node | null)?.type ?? '');
  else {
    RED.nodes.eachNode(({ id, type }) => {
      add(id, type);
    });
  }
  return units;
}

/** Ids of the other units whose guests may type at a lock of this one: those behind its doors; the whole site where no door is known. */
export function listNeighbours(RED: NodeAPI, unit: StayUnitNode): string[] {
  const doors = doorsByUnit(RED).get(unit);
  const others = doors
    ? doors.flatMap((lock) => lock.units())
    : unitsOf(RED).filter((other) => other.site() === unit.site());
  const ids = new Set(others.map((other) => other.unit.unitId));
  ids.delete(unit.unit.unitId);
  return [...ids];
}

/** @throws Error where neither the node nor the message names a unit that there is */
export function findUnit(RED: NodeAPI, ownId: string, msg: NodeMessage): StayUnitNode {
  const units = unitsOf(RED, ownId).filter(({ unit }) => ownId !== '' || unit.unitId === msg.unit);
  const [unit] = units;
  if (unit === undefined || units.length > 1)
    throw new Error(RED._('stay-code.error.unit', { count: units.length }));
  return unit;
}
