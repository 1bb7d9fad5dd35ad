/**
 * Which slots a code may be written to: those that the lock was just heard to say are free. A slot that is set aside for a record
 * is none, and no slot is taken for free because nothing is known of it.
 * @module
 */
import type { SlotPolicy } from './policy.ts';
import { isActive, type LockView, type SlotRecord } from './slot-record.ts';
import type { LockTarget } from './target.ts';

export interface FreeSlots {
  /** May be written now; `null` is a place in a lock that chooses its slots itself. */
  readonly free: readonly (number | null)[];
  /** To be read, the first ones first; `null` is the list. */
  readonly unread: readonly { readonly slot: number | null; readonly atMs: number }[];
}

/** What can be said of the lock's slots, from what was heard and what is on record. */
export function findFreeSlots(
  target: LockTarget,
  records: readonly SlotRecord[],
  view: LockView,
  { freshMs, readEveryMs, apartMs }: SlotPolicy,
  nowMs: number,
): FreeSlots {
  const { slots, isAnswerNew } = target;
  const isFresh = (atMs: number | null | undefined): boolean => (atMs ?? -Infinity) > nowMs - freshMs;
  const active = records.filter((record) => isActive(record) && record.sent !== null);
  if (slots.chosenBy === 'lock') {
    if (!isFresh(view.listedAtMs)) return { free: [], unread: [{ slot: null, atMs: nowMs }] };
    const underway = active.filter(({ slot }) => slot === null).length;
    return {
      free: Array.from({ length: Math.max(0, slots.count - view.slots.size - underway) }, () => null),
      unread: [],
    };
  }
  const own = new Set(active.map(({ slot }) => slot));
  const others = Array.from({ length: slots.count }, (_, at) => slots.first + at).filter(
    (slot) => !own.has(slot),
  );
  const free: number[] = [];
  const unread: FreeSlots['unread'][number][] = [];
  for (const slot of others) {
    const seen = view.slots.get(slot);
    const isSeenFree = seen?.entry === null && isFresh(seen.atMs);
    if (isSeenFree && (isAnswerNew || seen.atMs - seen.freeSinceMs >= apartMs)) free.push(slot);
    else if (isSeenFree) unread.push({ slot, atMs: seen.freeSinceMs + apartMs });
    else if (!seen?.entry || seen.atMs <= nowMs - readEveryMs) unread.push({ slot, atMs: nowMs });
  }
  return { free, unread };
}
