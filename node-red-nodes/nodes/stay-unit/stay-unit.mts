/**
 * What is let to one party at a time: a flat, a room, a bed.
 * @module
 */
import type { Alphabet, Unit } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { StaySiteNode } from '../stay-site/stay-site.mts';

export interface StayUnitDef extends NodeDef {
  /** Id of the `stay-site` node. */
  readonly site: string;
  readonly unitId: string;
  readonly alphabet: Alphabet;
  readonly keyVersion: string | number;
}

export interface StayUnitNode extends Node {
  unit: Unit;
  /** What the guest reads. */
  unitName: string;
  /** Asked for when needed: a deploy may have replaced the site's node meanwhile. */
  site(): StaySiteNode | null;
}

/** Registers `stay-unit`. */
export function stayUnit(RED: NodeAPI): void {
  /** By their ids: codes of two that share one would end each other. */
  const units = new Map<string, StayUnitNode>();
  RED.nodes.registerType('stay-unit', createUnit);

  function createUnit(this: StayUnitNode, def: StayUnitDef): void {
    RED.nodes.createNode(this, def);
    this.unit = { unitId: def.unitId, alphabet: def.alphabet, keyVersion: Number(def.keyVersion) };
    this.unitName = def.name || def.unitId;
    this.site = () => RED.nodes.getNode(def.site) as StaySiteNode | null;
    const { unitId } = this.unit;
    const twin = units.get(unitId);
    if (twin)
      this.error(RED._('stay-unit.error.twice', { id: unitId, name: this.unitName, other: twin.unitName }));
    else units.set(unitId, this);
    this.on('close', () => {
      if (units.get(unitId) === this) units.delete(unitId);
    });
  }
}
