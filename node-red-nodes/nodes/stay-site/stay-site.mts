/**
 * The property: its zone, its house times and rules, and the site key from which every unit's and lock's key is derived.
 * @module
 */
import { compileRules, DEFAULT_HOUSE_RULES, type LockRules, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';

export interface StaySiteDef extends NodeDef {
  readonly zone: string;
  /** Local times of day `HH:MM`: when stays start and end that come with dates only. */
  readonly checkIn: string;
  readonly checkOut: string;
  readonly checkInFrom: string;
  readonly checkInTo: string;
  readonly checkOutFrom: string;
  readonly checkOutTo: string;
  /** The editor keeps numbers as text. */
  readonly minNights: string | number;
  readonly maxNights: string | number;
}

interface Credentials {
  /** 64 hexadecimal digits. */
  siteKey: string | undefined;
}

export interface StaySiteNode extends Node<Credentials> {
  zone: string;
  checkIn: string;
  checkOut: string;
  /** `null` where the host's settings make no rules: the reason is in Node-RED's log. */
  rules: LockRules | null;
  siteKey: Uint8Array | null;
}

/** Registers `stay-site`. */
export function staySite(RED: NodeAPI): void {
  RED.nodes.registerType<StaySiteNode, StaySiteDef, object, Credentials>('stay-site', createSite, {
    credentials: { siteKey: { type: 'password' } },
  });

  function createSite(this: StaySiteNode, def: StaySiteDef): void {
    RED.nodes.createNode(this, def);
    this.zone = def.zone;
    this.checkIn = def.checkIn;
    this.checkOut = def.checkOut;
    this.siteKey = readKey(this.credentials.siteKey);
    try {
      this.rules = readRules(def);
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      this.rules = null;
      this.error(error.message);
    }
  }
}

function readRules(def: StaySiteDef): LockRules {
  return compileRules({
    ...DEFAULT_HOUSE_RULES,
    zone: def.zone,
    checkInFrom: def.checkInFrom,
    checkInTo: def.checkInTo,
    checkOutFrom: def.checkOutFrom,
    checkOutTo: def.checkOutTo,
    minNights: Number(def.minNights),
    maxNights: Number(def.maxNights),
  });
}

function readKey(hex: string | undefined): Uint8Array | null {
  const text = hex?.trim() ?? '';
  return /^[0-9a-f]{64}$/iu.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : null;
}
