/**
 * What is to be done about one slot that was written to: read back, write again, or wait. It decides on what the lock was seen to
 * hold, never on what it should hold, so a command is repeated only where the lock was seen without it.
 * @module
 */
import type { TimeWindow } from '../stay-code/collision.ts';
import { type SlotPolicy, waitAfter } from './policy.ts';
import {
  type LockView,
  type RecordSighting,
  sightingOf,
  type SlotCommand,
  type SlotGoal,
  type SlotRecord,
} from './slot-record.ts';
import type { LockTarget, SlotEntry } from './target.ts';

export interface StepContext {
  readonly target: LockTarget;
  readonly view: LockView;
  readonly policy: SlotPolicy;
  readonly nowMs: number;
  /** The PINs that the record's code has and had at this lock, the current one last; none where its digits are not known. */
  readonly pins: readonly string[];
}

export type Step =
  /** To be looked at at `atMs`, which may be past. */
  | { readonly next: 'read'; readonly atMs: number; readonly record: SlotRecord }
  | { readonly next: 'wait'; readonly atMs: number; readonly record: SlotRecord }
  | { readonly next: SlotCommand; readonly record: SlotRecord }
  /** Cleared for good. */
  | { readonly next: 'done' }
  /** Someone wrote over it. */
  | { readonly next: 'lost' };

/** The next thing to do about a record that was sent. */
export function stepSlot(record: SlotRecord, goal: SlotGoal, context: StepContext): Step {
  const { target, view, policy, nowMs } = context;
  const { sent } = record;
  const seen = sightingOf(record, view, target);
  if (seen === null || sent === null || seen.atMs <= sent.atMs) {
    return { next: 'read', atMs: sent?.atMs ?? nowMs, record };
  }
  if (isStrangers(seen.entry, record, context)) return { next: 'lost' };
  const command = goal === 'set' ? commandToSet(seen, record, context) : commandToClear(seen);
  const known = { ...record, slot: seen.slot };
  if (command === null) return settle(known, goal, seen, context);
  const missing = { ...known, toldAtMs: null };
  const isRetry = sent.command === command;
  const dueAtMs = isRetry ? sent.atMs + waitAfter(policy, record.tries) : nowMs - policy.freshMs;
  if (dueAtMs > nowMs) return { next: 'wait', atMs: dueAtMs, record: missing };
  // A slow lock may have taken it since it was looked at.
  return seen.atMs >= dueAtMs
    ? { next: command, record: missing }
    : { next: 'read', atMs: nowMs, record: missing };
}

/** What a free slot is told first: a code without its window would open at any time. */
export function firstCommand({ keepsWindow }: LockTarget): SlotCommand {
  return keepsWindow === 'apart' ? 'set-window' : 'set';
}

function commandToSet(seen: RecordSighting, record: SlotRecord, context: StepContext): SlotCommand | null {
  const { entry } = seen;
  const { keepsWindow } = context.target;
  if (keepsWindow === 'apart' && !isSameMinute(seen.window, record.window)) return 'set-window';
  if (entry === null || (keepsWindow === 'with-code' && !isSameMinute(entry.window, record.window)))
    return 'set';
  return entry.pin === null || entry.pin === context.pins.at(-1) ? null : 'set';
}

/** The window goes after the code, or the code would open for ever; left there, it would shut out whoever gets the slot next. */
function commandToClear({ entry, window }: RecordSighting): SlotCommand | null {
  if (entry !== null) return 'clear';
  return window === null ? null : 'clear-window';
}

/** The lock has what it should: looked at again once no late copy can arrive any more, and from time to time. */
function settle(
  record: SlotRecord,
  goal: SlotGoal,
  seen: RecordSighting,
  { policy, nowMs }: StepContext,
): Step {
  const settledAtMs = (record.sent?.atMs ?? 0) + policy.settleMs;
  const isSettled = seen.atMs >= settledAtMs;
  if (goal === 'clear' && isSettled) return { next: 'done' };
  const toldAtMs = goal === 'set' ? (record.toldAtMs ?? nowMs) : null;
  const atMs = isSettled ? seen.atMs + policy.readEveryMs : settledAtMs;
  return { next: 'read', atMs, record: { ...record, toldAtMs, tries: 0, failure: null } };
}

/** Told by the PIN, where the lock tells PINs; else only where the slot was free already, and no late copy of ours can be back. */
function isStrangers(entry: SlotEntry | null, record: SlotRecord, { pins, policy }: StepContext): boolean {
  if (entry === null) return false;
  if (entry.pin !== null && pins.length > 0) return !pins.includes(entry.pin);
  const { sent, setAtMs, tries } = record;
  const wasSeenGone = sent?.command === 'clear-window' || (sent?.command === 'clear' && tries === 0);
  return wasSeenGone && sent.atMs - (setAtMs ?? 0) > policy.settleMs;
}

/** Locks keep their times to the minute. */
function isSameMinute(a: TimeWindow | null, b: TimeWindow): boolean {
  const minute = (atMs: number): number => Math.floor(atMs / 60_000);
  return (
    a !== null && minute(a.startsAtMs) === minute(b.startsAtMs) && minute(a.endsAtMs) === minute(b.endsAtMs)
  );
}
