/**
 * What the flow says the house is: its units with their doors and calendars, as they are deployed now.
 * @module
 */
import type { NodeAPI } from 'node-red';
import { doorsByUnit } from '../../nodes/doors.mts';
import { type GuestDoors, readGuestDoors } from '../../nodes/stay-code/guest-doors.mts';
import { listNeighbours, unitsOf } from '../../nodes/stay-code/units.mts';
import type { StayCodeDef } from '../../nodes/stay-code/stay-code.mts';
import type { StayFeedDef } from '../../nodes/stay-feed/stay-feed.mts';
import type { StayLockNode } from '../../nodes/stay-lock/stay-lock.mts';
import type { StaySiteNode } from '../../nodes/stay-site/stay-site.mts';
import type { StayUnitNode } from '../../nodes/stay-unit/stay-unit.mts';

export interface HouseUnit {
  readonly node: StayUnitNode;
  readonly site: StaySiteNode | null;
  readonly locks: readonly StayLockNode[];
  /** Ids of the units whose guests may type at the same locks. */
  readonly neighbours: readonly string[];
  /** Of its doors those that keep their own lists of PINs. */
  readonly guestDoors: GuestDoors;
  /** Names of its feeds, by the ids of their nodes. */
  readonly feeds: ReadonlyMap<string, string>;
  /** The node that makes its codes; `null` where the flow has none. */
  readonly desk: StayCodeDef | null;
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** The units by name, `Flat 2` before `Flat 10`. Of two that share an id the first counts, as they share their codes. */
export function readHouse(RED: NodeAPI): HouseUnit[] {
  const locks = doorsByUnit(RED);
  const feedDefs: StayFeedDef[] = [];
  const deskDefs: StayCodeDef[] = [];
  RED.nodes.eachNode((def) => {
    if (def.type === 'stay-feed') feedDefs.push(def as StayFeedDef);
    if (def.type === 'stay-code') deskDefs.push(def as StayCodeDef);
  });
  const feeds = Map.groupBy(feedDefs, ({ unit }) => unit);
  const desks = Map.groupBy(deskDefs, ({ unit }) => unit || null);
  const guestDoorsOf = readGuestDoors(RED);
  const units = new Map<string, HouseUnit>();
  for (const node of unitsOf(RED)) {
    if (units.has(node.unit.unitId)) continue;
    units.set(node.unit.unitId, {
      node,
      site: node.site(),
      locks: locks.get(node) ?? [],
      get neighbours() {
        return listNeighbours(RED, node);
      },
      guestDoors: guestDoorsOf(node),
      feeds: new Map((feeds.get(node.id) ?? []).map(({ id, name }) => [id, name || node.unitName])),
      desk: (desks.get(node.id) ?? desks.get(null))?.[0] ?? null,
    });
  }
  return [...units.values()].sort((a, b) => COLLATOR.compare(a.node.unitName, b.node.unitName));
}
