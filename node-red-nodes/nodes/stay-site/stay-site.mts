/**
 * The property: its zone, its house times and rules, and the site key from which every unit's and lock's key is derived.
 * @module
 */
import { type Buffers, checkBuffers, type LockRules, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { type HouseRulesForm, readHouseRules } from './house-rules.mts';
import { serveOdds } from './odds-answer.mts';

export interface StaySiteDef extends NodeDef, HouseRulesForm {
  /** Local times of day `HH:MM`: when stays start and end that come with dates only. */
  readonly checkIn: string;
  readonly checkOut: string;
  /** Minutes by which a code opens before check-in and after check-out; absent in flows of before for none. */
  readonly beforeMinutes?: string | number;
  readonly afterMinutes?: string | number;
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
  buffers: Buffers;
  siteKey: Uint8Array | null;
}

/** Registers `stay-site`. */
export function staySite(RED: NodeAPI): void {
  RED.nodes.registerType<StaySiteNode, StaySiteDef, object, Credentials>('stay-site', createSite, {
    credentials: { siteKey: { type: 'password' } },
  });
  serveOdds(RED);

  function createSite(this: StaySiteNode, def: StaySiteDef): void {
    RED.nodes.createNode(this, def);
    this.zone = def.zone;
    this.checkIn = def.checkIn;
    this.checkOut = def.checkOut;
    this.siteKey = readKey(this.credentials.siteKey);
    const { beforeMinutes = 0, afterMinutes = 0 } = def;
    this.buffers = { beforeMinutes: Number(beforeMinutes), afterMinutes: Number(afterMinutes) };
    try {
      checkBuffers(this.buffers);
      this.rules = readHouseRules(def);
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      this.rules = null;
      this.error(error.message);
    }
  }
}

function readKey(hex: string | undefined): Uint8Array | null {
  const text = hex?.trim() ?? '';
  return /^[0-9a-f]{64}$/iu.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : null;
}
