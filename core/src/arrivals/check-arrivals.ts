/**
 * Whether tonight's guests will get in, and know how: one line a unit, from what is known at the host's. It asks nobody and
 * changes nothing.
 * @module
 */
import { isCopy } from '../access-codes/same-stay.ts';
import type { HeldReason, StayRecord } from '../access-codes/wanted-stay.ts';
import { liveCodeOf, type UnitFacts } from './facts.ts';
import { findTroubles, type Trouble } from './troubles.ts';

export interface ArrivalOptions {
  readonly nowMs: number;
  /** How far ahead it looks. */
  readonly withinMs: number;
}

/** A guest who is to come, or came due today and has not been in. */
export interface Arrival {
  readonly reservationId: string;
  readonly guestName: string | null;
  readonly startsAtMs: number;
}

export interface ArrivalLine {
  readonly unitId: string;
  readonly unitName: string;
  /** The next one; `null` where nobody comes. */
  readonly arrival: Arrival | null;
  /** Whether all is well: that nobody comes is so only where the calendars are fresh. */
  readonly ready: boolean;
  readonly troubles: readonly Trouble[];
}

/** A guest who is late is waited for until the small hours. */
const LATE_MS = 12 * 60 * 60_000;

/** The lines in the order of arrival, units without one last. */
export function checkArrivals(units: readonly UnitFacts[], options: ArrivalOptions): ArrivalLine[] {
  const lines = units.map((unit) => checkUnit(unit, options));
  const at = ({ arrival }: ArrivalLine): number => arrival?.startsAtMs ?? Number.POSITIVE_INFINITY;
  return lines.sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
}

function checkUnit(facts: UnitFacts, options: ArrivalOptions): ArrivalLine {
  const { unitId, unitName } = facts;
  const record = nextArrival(facts, options);
  const troubles = findTroubles(facts, record, options.nowMs);
  const arrival = record && {
    reservationId: record.stay.id,
    guestName: record.stay.guestName,
    startsAtMs: record.stay.startsAtMs,
  };
  return { unitId, unitName, arrival, ready: troubles.length === 0, troubles };
}

function nextArrival(facts: UnitFacts, { nowMs, withinMs }: ArrivalOptions): StayRecord | null {
  const { codes, stays } = facts.records;
  const hasCome = ({ stay }: StayRecord): boolean => {
    const code = liveCodeOf(codes, stay.id);
    return code !== undefined && facts.usedCodeIds.has(code.id);
  };
  const due = stays.filter(
    (record) =>
      record.stay.startsAtMs > nowMs - LATE_MS &&
      record.stay.startsAtMs <= nowMs + withinMs &&
      record.stay.endsAtMs > nowMs &&
      !isOff(record.held?.reason) &&
      // A calendar's copy of a PMS's stay: that one is looked at.
      !isCopy(record.stay) &&
      !hasCome(record),
  );
  return due.sort((a, b) => a.stay.startsAtMs - b.stay.startsAtMs)[0] ?? null;
}

/** Who only asks, or has called it off, does not come. */
function isOff(reason: HeldReason | undefined): boolean {
  return reason === 'cancelled' || reason === 'enquiry';
}
