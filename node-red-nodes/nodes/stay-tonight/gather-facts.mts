/**
 * What this Node-RED knows of the units of a site: its register, its feeds' belief, and what its locks said last.
 * @module
 */
import { type FeedFact, type LockFact, NO_BELIEF, parseBelief, type UnitFacts } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI, NodeDef } from 'node-red';
import { stateOfLock } from '../lock-states.mts';
import { unitsOf } from '../stay-code/units.mts';
import { beliefKey } from '../stay-feed/feed-reader.mts';
import type { StayFeedDef } from '../stay-feed/stay-feed.mts';
import type { StayLockDef } from '../stay-lock/stay-lock.mts';
import type { StaySiteNode } from '../stay-site/stay-site.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';

/** @throws StaycodeError `bad-register` */
export function gatherFacts(RED: NodeAPI, site: StaySiteNode, store: AccessCodeStore): UnitFacts[] {
  return unitsOf(RED)
    .filter((unit) => unit.site() === site)
    .map((unit) => {
      const { unitId } = unit.unit;
      const records = store.readUnit(unitId);
      const used = records.codes.filter((code) => store.uses.firstUsedAtMs(code) !== null);
      return {
        ...{ unitId, unitName: unit.unitName, records },
        messages: store.outbox.readUnit(unitId),
        usedCodeIds: new Set(used.map(({ id }) => id)),
        feeds: feedsOf(RED, unit, store),
        ended: endedAt(RED, unit, store),
        locks: locksOf(RED, unit, site),
      };
    });
}

function feedsOf(RED: NodeAPI, { id, unit, unitName }: StayUnitNode, store: AccessCodeStore): FeedFact[] {
  const json = store.readFeed(beliefKey(unit.unitId));
  const belief = json === null ? NO_BELIEF : parseBelief(json);
  return defsOf<StayFeedDef>(RED, 'stay-feed')
    .filter((def) => def.unit === id)
    .map((def) => {
      const { lastGoodMs = null, suspect = null } = belief.feeds[def.id] ?? {};
      return { name: def.name || unitName, lastGoodMs, suspect };
    });
}

function endedAt(RED: NodeAPI, { id }: StayUnitNode, { ends }: AccessCodeStore): UnitFacts['ended'] {
  return doorsOf(RED, id).map(({ name, lockId }) => ({ name: name || lockId, codeIds: ends.deadAt(lockId) }));
}

function doorsOf(RED: NodeAPI, unitNodeId: string): StayLockDef[] {
  return defsOf<StayLockDef>(RED, 'stay-lock').filter(({ units }) => units.includes(unitNodeId));
}

/** Locks that nobody listens to may have no network at all, and need none. */
function locksOf(RED: NodeAPI, { id }: StayUnitNode, { rules }: StaySiteNode): LockFact[] {
  return doorsOf(RED, id).flatMap(({ name, lockId }): LockFact[] => {
    const heard = stateOfLock(lockId);
    if (heard === undefined || rules === null) return [];
    return [{ name: name || lockId, heard, skewMinutes: rules.skewMinutes }];
  });
}

/** Nodes as the flow has them, those that are switched off left out. */
function defsOf<T extends NodeDef>(RED: NodeAPI, type: string): T[] {
  const found: T[] = [];
  RED.nodes.eachNode((def) => {
    if (def.type === type && (RED.nodes.getNode(def.id) as unknown) !== null) found.push(def as T);
  });
  return found;
}
