/**
 * What the locks say of themselves that needs the host, of those that a `stay-lock-in` node listens to.
 * @module
 */
import { LOW_BATTERY_PERCENT } from '@staycode/core';
import { stateOfLock } from '../../nodes/lock-states.mts';
import { doorName } from './door-log.mts';
import type { HouseUnit } from './house.mts';
import type { Warning } from './warnings.mts';

/** After a start or a deploy a lock takes its time to say something. */
const PATIENCE_MS = 60_000;

/** When a lock was first asked after in vain. */
const silentSince = new Map<string, number>();

export function lockWarnings(house: readonly HouseUnit[], nowMs: number): Warning[] {
  const seen = new Set<string>();
  return house.flatMap(({ node, locks }) =>
    locks.flatMap((lock): Warning[] => {
      if (seen.has(lock.lockId)) return [];
      seen.add(lock.lockId);
      const about = { unitId: node.unit.unitId, stayId: null, atMs: nowMs, detail: doorName(lock) } as const;
      return kindsOf(lock.lockId, nowMs).map(([level, kind]) => ({ ...about, level, kind }));
    }),
  );
}

function kindsOf(lockId: string, nowMs: number): [Warning['level'], string][] {
  const heard = stateOfLock(lockId);
  if (heard) {
    silentSince.delete(lockId);
    const { battery, clock } = heard.state;
    return [
      ...(clock === 'lost' ? [['bad', 'lock-clock-lost'] as [Warning['level'], string]] : []),
      ...(battery !== null && battery <= LOW_BATTERY_PERCENT
        ? [['look', 'lock-battery'] as [Warning['level'], string]]
        : []),
    ];
  }
  if (heard === undefined) return [];
  const sinceMs = silentSince.get(lockId) ?? nowMs;
  silentSince.set(lockId, sinceMs);
  return nowMs - sinceMs >= PATIENCE_MS ? [['look', 'lock-away']] : [];
}
