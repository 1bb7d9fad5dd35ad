/**
 * What is kept of a lock's slots. The records are on disk before a command leaves, so that a slot that may hold a code of ours
 * is never taken for a stranger's; they hold no digits. What the lock was heard to say is in memory and asked again.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LockList } from '../access-codes/lifecycle.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import type { LockCommand, LockTarget, SlotEntry } from './target.ts';

/** Whether the lock should have the code. */
export type SlotGoal = 'set' | 'clear';
export type SlotCommand = Exclude<LockCommand['do'], 'read'>;

/** One code at one lock. Times in milliseconds since 1970 UTC. */
export interface SlotRecord {
  readonly lockId: string;
  readonly accessCodeId: string;
  /** The access code whose digits give the PIN: a guest who is in the house keeps the PIN when the stay is changed. */
  readonly pinFrom: string;
  /** 0 is the first six digits of that code; others are PINs of this lock's own, which the guest has to be told. */
  readonly pinChoice: number;
  /** `null` as long as it has none, and where the lock has yet to say which. */
  readonly slot: number | null;
  readonly window: TimeWindow;
  /** When the code left for the lock last; its copies may be late. */
  readonly setAtMs: number | null;
  /** The last command and when it left; `null` before the first: until then the code has no slot. */
  readonly sent: { readonly command: SlotCommand; readonly atMs: number } | null;
  /** How often in a row that command left without being seen to work. */
  readonly tries: number;
  /** Since when the lock is known to have it; `null` where it is not, or not with these times. */
  readonly toldAtMs: number | null;
  /** When it was seen to be gone for good. */
  readonly clearedAtMs: number | null;
  /** What the host has to know, until it is mended. */
  readonly failure: LockList['failure'];
}

export interface Sighting {
  /** `null` for a free slot. */
  readonly entry: SlotEntry | null;
  readonly atMs: number;
}

export interface SlotSighting extends Sighting {
  /** Of a free slot: when the first of the reads in a row was that said so. */
  readonly freeSinceMs: number;
  /** Whether it was surely the lock that said so, just then. */
  readonly isSure: boolean;
}

/** What a lock was heard to say since the program started. */
export interface LockView {
  readonly slots: ReadonlyMap<number, SlotSighting>;
  /** Of a lock that tells windows apart from codes. */
  readonly windows: ReadonlyMap<number, { readonly window: TimeWindow | null; readonly atMs: number }>;
  /** Of a lock that is read as a whole: when it was. */
  readonly listedAtMs: number | null;
  /** Reads: how often they left without an answer, and when last. The key is the slot, `null` the list. */
  readonly asked: ReadonlyMap<number | null, Asked>;
  /** The last refusal, for the host to read. */
  readonly refusal: { readonly message: string; readonly atMs: number } | null;
}

export interface Asked {
  readonly times: number;
  readonly atMs: number;
}

export const UNSEEN_LOCK: LockView = {
  ...{ slots: new Map(), windows: new Map(), listedAtMs: null, asked: new Map(), refusal: null },
};

/** For the lifecycle of a code at a lock, from its record there if it has one. */
export function toLockList(record: SlotRecord | undefined): LockList {
  return { toldAtMs: record?.toldAtMs ?? null, failure: record?.failure ?? null };
}

/** Whether the lock may hold something for the record, or is to. */
export function isActive(record: SlotRecord): boolean {
  return record.clearedAtMs === null;
}

/** Whether it is on its way out: in a lock that keeps windows apart, a matter of two commands. */
export function isClearing({ sent }: SlotRecord): boolean {
  return sent?.command === 'clear' || sent?.command === 'clear-window';
}

/** When another slot was asked for last. */
export function askedOthersAtMs({ asked }: LockView, slot: number): number {
  return Math.max(-Infinity, ...[...asked].filter(([key]) => key !== slot).map(([, { atMs }]) => atMs));
}

/** The name of a code in a lock that has names: 19 characters, found again after a restart. */
export function labelOf({ pinFrom }: SlotRecord): string {
  return `Staycode ${bytesToHex(sha256(utf8ToBytes(pinFrom))).slice(0, 10)}`;
}

export interface RecordSighting extends Sighting {
  readonly slot: number | null;
  /** Of a lock that keeps windows apart: the slot's, which may be there without a code. */
  readonly window: TimeWindow | null;
}

/** What the lock last said of a record's slot, times included; `null` as long as it has said nothing. */
export function sightingOf(record: SlotRecord, view: LockView, target: LockTarget): RecordSighting | null {
  return target.slots.chosenBy === 'host' ? findSlot(record, view, target) : findLabel(record, view);
}

function findSlot({ slot }: SlotRecord, view: LockView, { keepsWindow }: LockTarget): RecordSighting | null {
  const seen = slot === null ? undefined : view.slots.get(slot);
  if (slot === null || seen === undefined) return null;
  if (keepsWindow !== 'apart') return { ...seen, slot, window: null };
  const times = view.windows.get(slot);
  return times ? { ...seen, slot, window: times.window, atMs: Math.min(seen.atMs, times.atMs) } : null;
}

function findLabel(record: SlotRecord, view: LockView): RecordSighting | null {
  if (view.listedAtMs === null) return null;
  const label = labelOf(record);
  const found = [...view.slots].find(([, { entry }]) => entry?.label === label);
  const seen = found ? { ...found[1], slot: found[0] } : { entry: null, slot: null, atMs: view.listedAtMs };
  return { ...seen, window: null };
}
