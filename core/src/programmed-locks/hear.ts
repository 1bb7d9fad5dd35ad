/**
 * What a lock says, folded into what is known of it and into the records.
 * @module
 */
import { isActive, type LockView, sightingOf, type SlotRecord } from './slot-record.ts';
import type { LockReport, LockTarget, SlotEntry } from './target.ts';

/** Reads that are further apart than this do not bear each other out. */
const LONGEST_ROW_MS = 60_000;

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
): Heard {
  return reports.reduce((heard, report) => hear(heard, report, target, nowMs), before);
}

function hear({ view, records }: Heard, report: LockReport, target: LockTarget, nowMs: number): Heard {
  switch (report.report) {
    case 'slot':
      return { records, view: seeSlot(view, report, target, nowMs) };
    case 'window': {
      const { slot, window } = report;
      const windows = new Map(view.windows).set(slot, { window, atMs: nowMs });
      return { records, view: { ...view, windows } };
    }
    case 'list': {
      const seen = { atMs: nowMs, freeSinceMs: nowMs };
      const slots = new Map([...report.entries].map(([slot, entry]) => [slot, { entry, ...seen }]));
      return { records, view: { ...view, slots, listedAtMs: nowMs, asked: answered(view, null) } };
    }
    case 'refused': {
      const { slot, isTaken, message } = report;
      const next = isTaken ? records.map((record) => chooseNext(record, slot)) : records;
      return { records: next, view: { ...view, refusal: { message, atMs: nowMs } } };
    }
    case 'opened':
      return {
        view,
        records: records.map((record) =>
          isHeld(record, report.slot, view, target)
            ? { ...record, verifiedAtMs: record.verifiedAtMs ?? nowMs }
            : record,
        ),
      };
  }
}

/** What nobody asked for is believed only where it warns: a slot that was seen to be free is not. */
function seeSlot(
  view: LockView,
  { slot, entry }: { readonly slot: number; readonly entry: SlotEntry | null },
  { isAnswerNew }: LockTarget,
  nowMs: number,
): LockView {
  const before = view.slots.get(slot);
  const isWarning = entry !== null && before?.entry === null;
  if (!isAnswerNew && !view.asked.has(slot) && !isWarning) return view;
  const isInRow = entry === null && before?.entry === null && before.freeSinceMs > nowMs - LONGEST_ROW_MS;
  const freeSinceMs = isInRow ? before.freeSinceMs : nowMs;
  const slots = new Map(view.slots).set(slot, { entry, atMs: nowMs, freeSinceMs });
  return { ...view, slots, asked: answered(view, slot) };
}

function answered({ asked }: LockView, key: number | null): LockView['asked'] {
  const rest = new Map(asked);
  rest.delete(key);
  return rest;
}

/** A late refusal says nothing about a PIN that the lock was seen to have. */
function chooseNext(record: SlotRecord, slot: number | null): SlotRecord {
  const isMeant =
    isActive(record) && record.slot === slot && record.sent?.command === 'set' && record.toldAtMs === null;
  return isMeant ? { ...record, pinChoice: record.pinChoice + 1 } : record;
}

function isHeld(record: SlotRecord, slot: number, view: LockView, target: LockTarget): boolean {
  if (!isActive(record) || record.sent === null) return false;
  return (record.slot ?? sightingOf(record, view, target)?.slot) === slot;
}
