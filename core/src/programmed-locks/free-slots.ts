/**
 * Which slots a code may be written to: those that the lock was just heard to say are free. A slot that is set aside for a record
 * is none, and no slot is taken for free because nothing is known of it.
 * @module
 */
import type { SlotPolicy } from './policy.ts';
import { askedOthersAtMs, isActive, type LockView, type SlotRecord } from './slot-record.ts';
import type { LockTarget } from './target.ts';

export interface Unread {
  readonly slot: number | null;
  readonly atMs: number;
}

export interface FreeSlots {
  /** May be written now; `null` is a place in a lock that chooses its slots itself. */
  readonly free: readonly (number | null)[];
  /** To be read, the first ones first; `null` is the list. */
  readonly unread: readonly Unread[];
  /** Where all are taken: the one that was looked at the longest ago. */
  readonly recheck: Unread | null;
}

/** What can be said of the lock's slots, from what was heard and what is on record. */
export function findFreeSlots(
  target: LockTarget,
  records: readonly SlotRecord[],
  view: LockView,
  { freshMs, readEveryMs, apartMs, rowMs, recheckMs }: SlotPolicy,
  nowMs: number,
): FreeSlots {
  const { slots } = target;
  const isFresh = (atMs: number | null | undefined): boolean => (atMs ?? -Infinity) > nowMs - freshMs;
  const active = records.filter((record) => isActive(record) && record.sent !== null);
  if (slots.chosenBy === 'lock') {
    if (!isFresh(view.listedAtMs)) return { free: [], unread: [{ slot: null, atMs: nowMs }], recheck: null };
    const underway = active.filter(({ slot }) => slot === null).length;
    const count = Math.max(0, slots.count - view.slots.size - underway);
    return { free: Array.from({ length: count }, () => null), unread: [], recheck: null };
  }
  const own = new Set(active.map(({ slot }) => slot));
  const others = Array.from({ length: slots.count }, (_, at) => slots.first + at).filter(
    (slot) => !own.has(slot),
  );
  const free: number[] = [];
  const unread: Unread[] = [];
  const taken: { slot: number; seenAtMs: number }[] = [];
  for (const slot of others) {
    const seen = view.slots.get(slot);
    const isFree = seen?.entry === null;
    if (isFree && seen.isSure && isFresh(seen.atMs)) free.push(slot);
    else if (isFree && !seen.isSure && seen.freeSinceMs > nowMs - rowMs) {
      unread.push({ slot, atMs: Math.max(seen.freeSinceMs, askedOthersAtMs(view, slot)) + apartMs });
    } else if (!seen?.entry || seen.atMs <= nowMs - readEveryMs) unread.push({ slot, atMs: nowMs });
    else taken.push({ slot, seenAtMs: seen.atMs });
  }
  taken.sort((a, b) => a.seenAtMs - b.seenAtMs);
  const [oldest, newest] = [taken[0], taken.at(-1)];
  const recheck = oldest && newest ? { slot: oldest.slot, atMs: newest.seenAtMs + recheckMs } : null;
  return { free, unread, recheck };
}
