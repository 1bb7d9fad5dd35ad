/**
 * The property: its zone, its house times and rules, and the site key from which every unit's and lock's key is derived.
 * @module
 */
import { type Buffers, checkBuffers, type LockRules, requireZone, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { type HouseRulesForm, readHouseRules } from './house-rules.mts';
import { serveOdds } from './odds-answer.mts';
import { readStaff, type StaffMember, type StaffRow } from './site-staff.mts';

export interface StaySiteDef extends NodeDef, HouseRulesForm {
  /** Local times of day `HH:MM`: when stays start and end that come with dates only. */
  readonly checkIn: string;
  readonly checkOut: string;
  /** Minutes by which a code opens before check-in and after check-out; absent in flows of before for none. */
  readonly beforeMinutes?: string | number;
  readonly afterMinutes?: string | number;
  readonly staff?: readonly StaffRow[];
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
  /** Whether its zone is one; the reason is in Node-RED's log. */
  isSound: boolean;
  siteKey: Uint8Array | null;
  /** Nobody where the host's list is none: the reason is in Node-RED's log. */
  staff: readonly StaffMember[];
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
    const { beforeMinutes = 0, afterMinutes = 0 } = def;
    this.buffers = { beforeMinutes: Number(beforeMinutes), afterMinutes: Number(afterMinutes) };
    /** What is wrong is said, and taken for what opens least. */
    const read = <T,>(work: () => T, otherwise: T): T => {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof StaycodeError)) throw error;
        this.error(error.message);
        return otherwise;
      }
    };
    this.isSound = read(() => {
      requireZone(def.zone);
      return true;
    }, false);
    this.siteKey = read(() => readKey(this.credentials.siteKey), null);
    this.rules = read<LockRules | null>(() => {
      checkBuffers(this.buffers);
      return readHouseRules(def);
    }, null);
    this.staff = read(() => readStaff(def.staff), []);
  }
}

/** The site of that id; none where its zone is none, which says itself in the log, for nothing can be reckoned by it. */
export function soundSite(RED: NodeAPI, id: string): StaySiteNode | null {
  const site = RED.nodes.getNode(id) as StaySiteNode | null;
  return site?.isSound === true ? site : null;
}

/** `null` where there is none yet. @throws StaycodeError `bad-key` */
function readKey(hex: string | undefined): Uint8Array | null {
  const text = hex?.trim() ?? '';
  if (text === '') return null;
  if (/^[0-9a-f]{64}$/iu.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  throw new StaycodeError('bad-key', 'site key: expected 64 hexadecimal digits');
}
