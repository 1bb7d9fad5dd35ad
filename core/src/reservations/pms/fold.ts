/**
 * What webhooks and polls say, folded into one state per reservation. Any order and any repetition of the same events ends
 * in the same state: of each reservation the newest view is kept by a total order, and all else only grows.
 * @module
 */
import type { TimeWindow } from '../../stay-code/collision.ts';
import type { PmsReading, PmsReservation } from './pms-reservation.ts';

/** A reading and when it was made: the arrival of a webhook, the sending of a poll's request; the host's clock. */
export interface PmsEvent {
  readonly via: 'webhook' | 'poll';
  readonly seenAtMs: number;
  readonly reading: PmsReading;
}

/** A view of a reservation, and how old it is. */
interface View {
  readonly via: 'webhook' | 'poll';
  readonly seenAtMs: number;
  readonly reservation: PmsReservation;
}

export interface PmsEntry {
  readonly pms: string;
  readonly id: string;
  /** The newest by the PMS's own time of change. */
  readonly newestChanged: View | null;
  /** The newest by the host's clock, of those that tell no such time. */
  readonly newestSeen: View | null;
  /** Every room that it ever had, sorted. */
  readonly unitRefs: readonly string[];
  readonly isDeleted: boolean;
  readonly webhookSeenAtMs: number | null;
  readonly pollSeenAtMs: number | null;
}

/** By `pms/id`; plain JSON, for the caller to keep. */
export type PmsState = Readonly<Record<string, PmsEntry>>;

/** One room of one reservation: what gets a code of its own. */
export interface PmsStay {
  /** `pms/reservation/room`: a room move ends one stay and begins another. */
  readonly id: string;
  readonly unitRef: string;
  /** `null` where the reservation has moved out of this room. */
  readonly window: TimeWindow | null;
  readonly reservation: PmsReservation;
}

/** The state after these events; `state` itself stays as it is. */
export function foldPms(state: PmsState, events: readonly PmsEvent[]): PmsState {
  const entries = new Map(Object.entries(state));
  for (const event of events) {
    const subject = subjectOf(event.reading);
    if (subject === null) continue;
    const key = `${subject.pms}/${subject.id}`;
    entries.set(key, foldEntry(entries.get(key) ?? emptyEntry(subject.pms, subject.id), event));
  }
  return Object.fromEntries(entries);
}

/** Every stay, in a fixed order; those of rooms that were left included, so that a code there can be ended. */
export function listStays(state: PmsState): PmsStay[] {
  const entries = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([key, entry]) => {
    const reservation = reservationOf(entry);
    if (reservation === null) return [];
    return entry.unitRefs.map((unitRef) => {
      const room = reservation.rooms.find((candidate) => candidate.unitRef === unitRef);
      const window = room ? { startsAtMs: room.startsAtMs, endsAtMs: room.endsAtMs } : null;
      return { id: `${key}/${unitRef}`, unitRef, window, reservation };
    });
  });
}

/** The reservations that a webhook named since they were last fetched: only the PMS's answer settles them. */
export function listRefetches(state: PmsState): { pms: string; id: string }[] {
  return Object.values(state)
    .filter(({ webhookSeenAtMs, pollSeenAtMs }) => (webhookSeenAtMs ?? 0) > (pollSeenAtMs ?? 0))
    .map(({ pms, id }) => ({ pms, id }));
}

/** Drops what ended, or was last heard of, before that time. */
export function forgetPms(state: PmsState, beforeMs: number): PmsState {
  const isOver = (entry: PmsEntry): boolean =>
    Math.max(
      entry.webhookSeenAtMs ?? 0,
      entry.pollSeenAtMs ?? 0,
      ...(reservationOf(entry)?.rooms ?? []).map(({ endsAtMs }) => endsAtMs),
    ) < beforeMs;
  return Object.fromEntries(Object.entries(state).filter(([, entry]) => !isOver(entry)));
}

function subjectOf(reading: PmsReading): { pms: string; id: string } | null {
  if (reading.kind === 'ignored') return null;
  return reading.kind === 'reservation' ? reading.reservation : reading;
}

function emptyEntry(pms: string, id: string): PmsEntry {
  return {
    pms,
    id,
    newestChanged: null,
    newestSeen: null,
    unitRefs: [],
    isDeleted: false,
    webhookSeenAtMs: null,
    pollSeenAtMs: null,
  };
}

function foldEntry(entry: PmsEntry, { via, seenAtMs, reading }: PmsEvent): PmsEntry {
  const seen = via === 'webhook' ? 'webhookSeenAtMs' : 'pollSeenAtMs';
  const next = { ...entry, [seen]: Math.max(entry[seen] ?? 0, seenAtMs) };
  // A PMS gives no id twice, so a deleted reservation never comes back; what is still under way was sent before.
  if (reading.kind === 'deleted') return { ...next, isDeleted: true };
  if (reading.kind !== 'reservation') return next;
  const { reservation } = reading;
  const unitRefs = new Set([...entry.unitRefs, ...reservation.rooms.map(({ unitRef }) => unitRef)]);
  const slot = reservation.updatedAtMs === null ? 'newestSeen' : 'newestChanged';
  return {
    ...next,
    [slot]: newer(entry[slot], { via, seenAtMs, reservation }),
    unitRefs: [...unitRefs].sort(),
  };
}

/**
 * By the PMS's time of change; then a poll before a webhook, since its answer was asked for; then by sight, for PMSs that do
 * not count a payment as a change. The text decides between what is left, so that the order is total: which of the two is
 * kept then does not matter, that it is always the same one does.
 */
function newer(a: View | null, b: View): View {
  if (a === null) return b;
  const byTime =
    a.reservation.updatedAtMs === null || b.reservation.updatedAtMs === null
      ? a.seenAtMs - b.seenAtMs
      : a.reservation.updatedAtMs - b.reservation.updatedAtMs;
  if (byTime !== 0) return byTime > 0 ? a : b;
  if (a.via !== b.via) return a.via === 'poll' ? a : b;
  if (a.seenAtMs !== b.seenAtMs) return a.seenAtMs > b.seenAtMs ? a : b;
  return JSON.stringify(a.reservation) > JSON.stringify(b.reservation) ? a : b;
}

/** Many a PMS tells its time of change in webhooks only, or in answers only: then the two are compared by `trueAtMs`. */
function reservationOf({ newestChanged, newestSeen, isDeleted }: PmsEntry): PmsReservation | null {
  const views = [newestChanged, newestSeen].filter((view) => view !== null);
  const [first, second] = views;
  const view = first && second && trueAtMs(second) > trueAtMs(first) ? second : first;
  if (!view) return null;
  return isDeleted ? { ...view.reservation, status: 'cancelled' } : view.reservation;
}

/** Until when a view held for certain: an answer until it was asked for, a webhook until the change that it tells of. */
function trueAtMs({ via, seenAtMs, reservation }: View): number {
  return via === 'poll' ? seenAtMs : (reservation.updatedAtMs ?? seenAtMs);
}
