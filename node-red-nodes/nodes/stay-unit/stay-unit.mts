/**
 * What is let to one party at a time: a flat, a room, a bed.
 * @module
 */
import { type Alphabet, alphabetSpec, deriveUnitKey, StaycodeError, type Unit } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { soundSite, type StaySiteNode } from '../stay-site/stay-site.mts';

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
  /** Whether id, alphabet and key version can be a unit's; the reason is in Node-RED's log, and there are no codes. */
  isSound: boolean;
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
    const unit = { unitId: def.unitId, alphabet: def.alphabet, keyVersion: Number(def.keyVersion) };
    const fault = faultOf(unit);
    if (fault !== null) this.error(fault);
    this.isSound = fault === null;
    this.unit = this.isSound ? unit : { ...unit, alphabet: 'decimal', keyVersion: 1 };
    this.unitName = def.name || def.unitId;
    this.site = () => (this.isSound ? soundSite(RED, def.site) : null);
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

function faultOf({ unitId, alphabet, keyVersion }: Unit): string | null {
  try {
    alphabetSpec(alphabet);
    deriveUnitKey(new Uint8Array(32), unitId, keyVersion);
    return null;
  } catch (error) {
    if (error instanceof StaycodeError) return error.message;
    throw error;
  }
}
