/**
 * A door: one lock and the units whose codes open it.
 * @module
 */
import { DEFAULT_KEEPER, deriveLockKey, deriveUnitKey, type LockFile, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { secretOf, type StaffMember } from '../stay-site/site-staff.mts';
import { soundSite, type StaySiteNode } from '../stay-site/stay-site.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';

export interface StayLockDef extends NodeDef {
  readonly site: string;
  readonly lockId: string;
  /** Ids of `stay-unit` nodes, in the order in which the lock tries their keys. */
  readonly units: readonly string[];
  /** Of the lock's own key, raised when the lock is replaced after a theft; not set, as in flows of before, for 1. */
  readonly keyVersion?: string | number;
  /** Whether this Node-RED keeps the lock's log; not set, as in flows of before, for yes. */
  readonly keepsLog?: boolean;
  /** Whether Homebridge may show the codes of these days; not set for no. */
  readonly showsStays?: boolean;
  /** Ids of the site's staff who open this door beside those who open every one. */
  readonly staff?: readonly string[];
}

export interface StayLockNode extends Node {
  lockId: string;
  showsStays: boolean;
  /** Asked for when needed: Node-RED may create them after the lock. */
  site(): StaySiteNode | null;
  units(): StayUnitNode[];
  /** Who of the site's staff opens it. */
  staff(): StaffMember[];
  /** What the lock is given: its keys and the site's rules. @throws StaycodeError `bad-config`, saying what is missing */
  file(): LockFile;
}

/** Registers `stay-lock`. */
export function stayLock(RED: NodeAPI): void {
  RED.nodes.registerType('stay-lock', createLock);

  function createLock(this: StayLockNode, def: StayLockDef): void {
    RED.nodes.createNode(this, def);
    this.lockId = def.lockId;
    this.showsStays = def.showsStays === true;
    this.site = () => soundSite(RED, def.site);
    // Flows that a program wrote may have none.
    const unitIds: readonly string[] = Array.isArray(def.units) ? def.units : [];
    this.units = () =>
      unitIds.map((id) => RED.nodes.getNode(id) as StayUnitNode | null).filter((unit) => unit !== null);
    this.staff = () =>
      (this.site()?.staff ?? []).filter(({ id, doors }) => doors === 'all' || (def.staff ?? []).includes(id));
    this.file = () => makeLockFile(this, def);
  }
}

function makeLockFile(lock: StayLockNode, { name, keepsLog = true, keyVersion = 1 }: StayLockDef): LockFile {
  const { siteKey, rules, zone } = lock.site() ?? {};
  if (!siteKey) throw missing(lock, 'a site with a site key');
  if (!rules || zone === undefined) throw missing(lock, 'house rules that the site can keep');
  const broken = lock.units().find(({ isSound }) => !isSound);
  if (broken) throw missing(lock, `units that are set up, as ${broken.unitName} is not`);
  const units = lock.units().map(({ unit: { unitId, keyVersion, alphabet } }) => {
    return { unitId, keyVersion, alphabet, unitKey: deriveUnitKey(siteKey, unitId, keyVersion) };
  });
  if (units.length === 0) throw missing(lock, 'at least one unit');
  return {
    lockId: lock.lockId,
    name: name || lock.lockId,
    zone,
    lockKey: deriveLockKey(siteKey, lock.lockId, Number(keyVersion)),
    units,
    rules,
    staff: lock.staff().map((member) => secretOf(member, siteKey)),
    ...(keepsLog && { keeper: DEFAULT_KEEPER }),
  };
}

function missing(lock: StayLockNode, what: string): StaycodeError {
  return new StaycodeError('bad-config', `lock ${lock.lockId}: expected ${what}, got none`);
}
