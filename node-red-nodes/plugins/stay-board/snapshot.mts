/**
 * What the board shows, as data, for each of its three readers. What a reader may not see is not in it.
 * @module
 */
import { parseBelief } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { beliefKey } from '../../nodes/stay-feed/feed-reader.mts';
import { doorName } from './door-log.mts';
import type { HouseUnit } from './house.mts';
import { readyAtMs } from './ready.mts';
import { type StayView, viewStays } from './stay-view.mts';
import { type Warning, warningsOf } from './warnings.mts';

/** `host` sees and does all; `clean` sees when guests come and go; `view` sees the same and changes nothing. */
export type Role = 'host' | 'clean' | 'view';
export const ROLES: readonly Role[] = ['host', 'clean', 'view'];

export interface UnitView {
  readonly unitId: string;
  readonly name: string;
  readonly site: string;
  /** IANA zone of the property. */
  readonly zone: string;
  /** House times `HH:MM`, to begin with for a stay by hand. */
  readonly checkIn: string;
  readonly checkOut: string;
  readonly locks: readonly string[];
  /** Whether all its doors keep their own lists of PINs. */
  readonly isListed: boolean;
  readonly stays: readonly StayView[];
  /** When it was said to be ready for the next guest; `null` for not since the last one came. */
  readonly readyAtMs: number | null;
}

export interface Snapshot {
  readonly role: Role;
  readonly nowMs: number;
  readonly units: readonly UnitView[];
  /** The worst first; for the host only. */
  readonly warnings: readonly Warning[];
}

/** One unit, as the host sees it. */
export interface UnitReading {
  readonly view: UnitView;
  readonly feeds: readonly FeedState[];
}

/** What the board shows of a unit, from one reading of its records. @param nowMs milliseconds since 1970 UTC */
export function readUnit(unit: HouseUnit, store: AccessCodeStore, nowMs: number): UnitReading {
  const { node, site, locks, guestDoors } = unit;
  const { unitId } = node.unit;
  const records = store.readUnit(unitId);
  return {
    view: {
      ...{ unitId, name: node.unitName, site: site?.name ?? '', zone: site?.zone ?? 'UTC' },
      checkIn: site?.checkIn ?? '15:00',
      checkOut: site?.checkOut ?? '11:00',
      locks: locks.map(doorName),
      isListed: guestDoors.isListed,
      stays: viewStays(store, unitId, { records, nowMs, doorOf: doorNames(locks) }),
      readyAtMs: readyAtMs(store, unitId, { records, nowMs }),
    },
    feeds: feedsOf(unit, store),
  };
}

export interface SnapshotRequest {
  readonly role: Role;
  /** When the units were begun to be read. */
  readonly nowMs: number;
  /** Warnings of the locks. */
  readonly others: readonly Warning[];
}

/** The whole house for a role, without what that may not see. */
export function takeSnapshot(
  readings: readonly UnitReading[],
  { role, nowMs, others }: SnapshotRequest,
): Snapshot {
  const units = readings.map(({ view }) => view);
  if (role !== 'host') return { role, nowMs, units: units.map(withoutGuests), warnings: [] };
  const feeds = readings.flatMap((reading) => reading.feeds);
  return { role, nowMs, units, warnings: warningsOf(units, { nowMs, feeds, others }) };
}

/** A door that is no more in the flow is called by its id. */
function doorNames(locks: HouseUnit['locks']): (lockId: string) => string {
  const names = new Map(locks.map((lock) => [lock.lockId, doorName(lock)]));
  return (lockId) => names.get(lockId) ?? lockId;
}

/** Who comes, and whether it is paid, is the host's business alone. */
function withoutGuests(unit: UnitView): UnitView {
  const stays = unit.stays.map((stay) => ({
    ...stay,
    state: stay.state === 'conflict' ? ('held' as const) : stay.state,
    ...{ reason: null, detail: null, guestName: null, source: null },
    ...{
      endedAt: [],
      openCodeIds: [],
      stillOpenUntilMs: null,
      messageState: null,
      messageMadeAtMs: null,
      messageDueAtMs: null,
      messageFailures: 0,
      codeId: null,
      usedAtMs: null,
    },
  }));
  return { ...unit, locks: [], stays };
}

/** How the feeds of a unit are. */
export interface FeedState {
  readonly unitId: string;
  readonly name: string;
  readonly suspect: string | null;
  /** The last good poll, where that was too long ago. */
  readonly staleSinceMs: number | null;
}

function feedsOf({ node, feeds }: HouseUnit, store: AccessCodeStore): FeedState[] {
  const { unitId } = node.unit;
  const json = feeds.size > 0 ? store.readFeed(beliefKey(unitId)) : null;
  if (json === null) return [];
  const healths = parseBelief(json).feeds;
  return [...feeds].flatMap(([id, name]) => {
    const health = healths[id];
    if (health === undefined) return [];
    const { suspect, isStale, lastGoodMs, sinceMs } = health;
    return [{ unitId, name, suspect, staleSinceMs: isStale ? (lastGoodMs ?? sinceMs) : null }];
  });
}
