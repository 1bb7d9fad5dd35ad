/**
 * Who comes and goes, at which doors, and how a door learns of a change: for the host, without a secret.
 * @module
 */
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import type { StayLockNode } from '../../../nodes/stay-lock/stay-lock.mts';
import type { StaffMember } from '../../../nodes/stay-site/site-staff.mts';
import type { StaySiteNode } from '../../../nodes/stay-site/stay-site.mts';
import type { StayVerifyDef, StayVerifyNode } from '../../../nodes/stay-verify/stay-verify.mts';
import { doorName } from '../door-log.mts';
import { locksOf } from '../../../nodes/doors.mts';

export interface StaffView {
  readonly siteId: string;
  /** The site's name. */
  readonly site: string;
  readonly staffId: string;
  readonly name: string;
  readonly digits: 6 | 8;
  readonly keyVersion: number;
  /** Names of the doors that the person opens. */
  readonly doors: readonly string[];
  /** When the secret of this key version was shown last, and to whom; `null` for never. */
  readonly shown: { readonly atMs: number; readonly by: string } | null;
}

export interface StaffList {
  readonly people: readonly StaffView[];
  /** Doors that Node-RED is the lock of: they know a change once it is deployed. */
  readonly byDeploy: readonly string[];
  /** Doors that go by the old list until they have their file anew. */
  readonly byFile: readonly string[];
}

export const SHOWN_ACT = 'staff-shown';
/** Far more than a house's phones. */
const MAX_SHOWN = 1_000;

/** What is on record of a secret that was shown: whose, of which key version; ids tell namesakes apart. */
export function shownNote({ name, keyVersion, id }: StaffMember): string {
  return `${name}, key ${keyVersion} (${id})`;
}

export function listStaff(RED: NodeAPI, store: AccessCodeStore): StaffList {
  const locks = locksOf(RED);
  const shown = store.acts.ofHouse(SHOWN_ACT, MAX_SHOWN);
  const people = sitesOf(RED).flatMap((site) =>
    site.staff.map((member): StaffView => {
      const { id, name, digits, keyVersion } = member;
      const doors = locks.filter((lock) => lock.site() === site && lock.staff().includes(member));
      // A name may have changed since; who it is and the version of the key have not.
      const last = shown.find(({ note }) => note?.endsWith(`, key ${keyVersion} (${id})`));
      return {
        ...{ siteId: site.id, site: site.name ?? '', staffId: id, name, digits, keyVersion },
        doors: doors.map(doorName),
        shown: last ? { atMs: last.atMs, by: last.by } : null,
      };
    }),
  );
  const own = verifiedHere(RED);
  const isOwn = ({ id }: StayLockNode): boolean => own.has(id);
  return {
    people,
    byDeploy: locks.filter(isOwn).map(doorName),
    byFile: locks.filter((lock) => !isOwn(lock)).map(doorName),
  };
}

export function sitesOf(RED: NodeAPI): StaySiteNode[] {
  const sites: StaySiteNode[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === 'stay-site' ? (RED.nodes.getNode(id) as StaySiteNode | null) : null;
    if (node) sites.push(node);
  });
  return sites;
}

/** Ids of the locks that a `stay-verify` node of this flow is. */
function verifiedHere(RED: NodeAPI): ReadonlySet<string> {
  const locks = new Set<string>();
  RED.nodes.eachNode((def) => {
    // One that is switched off judges nothing.
    if (def.type !== 'stay-verify' || (RED.nodes.getNode(def.id) as StayVerifyNode | null) === null) return;
    const { source, lock } = def as StayVerifyDef;
    if (source !== 'file') locks.add(lock);
  });
  return locks;
}
