/**
 * Whether the flow makes codes for a unit, so that the unit's stays reach the register. Asked of the nodes that run, and not of the
 * flow's text, which knows neither those in subflows nor what an environment variable stands for.
 * @module
 */
import type { NodeAPI } from 'node-red';
import type { StayUnitNode } from './stay-unit/stay-unit.mts';

interface Maker {
  /** Id of the only `stay-unit` node that it serves, or empty. */
  readonly unit: string;
}

/** By Node-RED's events. */
const makers = new WeakMap<object, Set<Maker>>();

/** Notes a node that makes codes. @returns what ends it */
export function noteMaker(RED: NodeAPI, maker: Maker): () => void {
  const all = makers.get(RED.events) ?? new Set();
  makers.set(RED.events, all);
  all.add(maker);
  return () => {
    all.delete(maker);
  };
}

export function makesCodes(RED: NodeAPI, unitId: string): boolean {
  const serves = ({ unit }: Maker): boolean =>
    unit === '' || (RED.nodes.getNode(unit) as StayUnitNode | null)?.unit.unitId === unitId;
  return [...(makers.get(RED.events) ?? [])].some(serves);
}
