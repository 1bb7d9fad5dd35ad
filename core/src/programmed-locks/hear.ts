/**
 * What a lock says, folded into what is known of it and into the records.
 * @module
 */
import { DEFAULT_SLOT_POLICY, type SlotPolicy } from './policy.ts';
import { askedOthersAtMs, isActive, type LockView, sightingOf, type SlotRecord } from './slot-record.ts';
import type { LockReport, LockTarget, SlotEntry } from './target.ts';

export interface Heard {
  readonly view: LockView;
  readonly records: readonly SlotRecord[];
}

/** Takes in the reports of a message, in their order. Time is when they arrived, in milliseconds since 1970 UTC. */
export function hearReports(
  before: Heard,
  reports: readonly LockReport[],
  target: LockTarget,
  nowMs: number,
  policy: SlotPolicy = DEFAULT_SLOT_POLICY,
): Heard {
  const context = { target, nowMs, policy };
  return reports.reduce((heard, report) => hear(heard, report, context), before);
}

interface Hearing {
  readonly target: LockTarget;
  readonly policy: SlotPolicy;
  readonly nowMs: number;
}

function hear({ view, records }: Heard, report: LockReport, hearing: Hearing): Heard {
  const { nowMs } = hearing;
  switch (report.report) {
    case 'slot':
      return { records, view: seeSlot(view, report, hearing) };
    case 'window': {
      const { slot, window } = report;
      const windows = new Map(view.windows).set(slot, { window, atMs: nowMs });
      return { records, view: { ...view, windows } };
    }
    case 'list': {
      const seen = { atMs: nowMs, freeSinceMs: nowMs, isSure: true };
      const slots = new Map([...report.entries].map(([slot, entry]) => [slot, { entry, ...seen }]));
      return { records, view: { ...view, slots, listedAtMs: nowMs, asked: answered(view, null) } };
    }
    case 'refused': {
      const { slot, isTaken, message } = report;
      const next = isTaken ? records.map((record) => chooseNext(record, slot)) : records;
      return { records: next, view: { ...view, refusal: { message, atMs: nowMs } } };
    }
    case 'opened':
    case 'log':
      // It changes nothing in the list; whose code that is, `findHeld` says.
      return { view, records };
  }
}

/**
 * Where an answer may be old, what nobody asked for is believed only where it warns: a slot that was seen to be free is not. And
 * that a slot is free is sure only where it is said again when no other answer can be on its way.
 */
function seeSlot(
  view: LockView,
  { slot, entry }: { readonly slot: number; readonly entry: SlotEntry | null },
  { target, policy, nowMs }: Hearing,
): LockView {
  const { isAnswerNew } = target;
  const before = view.slots.get(slot);
  const isWarning = entry !== null && before?.entry === null;
  const isAsked = (view.asked.get(slot)?.times ?? 0) > 0;
  if (!isAnswerNew && !isAsked && !isWarning) return view;
  const isInRow = entry === null && before?.entry === null && before.freeSinceMs > nowMs - policy.rowMs;
  const freeSinceMs = isInRow ? before.freeSinceMs : nowMs;
  const aloneSinceMs = Math.max(freeSinceMs, askedOthersAtMs(view, slot));
  const isSure = isAnswerNew || nowMs - aloneSinceMs >= policy.apartMs;
  const slots = new Map(view.slots).set(slot, { entry, atMs: nowMs, freeSinceMs, isSure });
  return { ...view, slots, asked: answered(view, slot) };
}

function answered({ asked }: LockView, key: number | null): LockView['asked'] {
  const before = asked.get(key);
  return before ? new Map(asked).set(key, { ...before, times: 0 }) : asked;
}

/** A late refusal says nothing about a PIN that the lock was seen to have. */
function chooseNext(record: SlotRecord, slot: number | null): SlotRecord {
  const isMeant =
    isActive(record) && record.slot === slot && record.sent?.command === 'set' && record.toldAtMs === null;
  return isMeant ? { ...record, pinChoice: record.pinChoice + 1 } : record;
}

/** The record whose code is in a slot. */
export function findHeld(
  records: readonly SlotRecord[],
  slot: number,
  view: LockView,
  target: LockTarget,
): SlotRecord | undefined {
  return records.find((record) => isHeld(record, slot, view, target));
}

function isHeld(record: SlotRecord, slot: number, view: LockView, target: LockTarget): boolean {
  if (!isActive(record) || record.sent === null) return false;
  return (record.slot ?? sightingOf(record, view, target)?.slot) === slot;
}
