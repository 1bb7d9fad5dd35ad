/**
 * Who a reservation is from poll to poll. The id is of one feed; ids of different feeds may be equal.
 * @module
 */
import type { EventTime } from './event-fields.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Span } from './event-span.ts';

/** What an id is made of. */
export interface Identifiable {
  readonly uid: string | null;
  readonly summary: string;
  readonly dialect: Dialect;
  readonly span: Span;
  /** Which instance of a recurring event it is, by its original start; `null` for other events. */
  readonly instance: string | null;
}

/**
 * Gives each its id: the UID; for Booking.com the check-out day, since its UID rolls on at midnight; for events without UID
 * the dates. Dates, not instants: the host's change of the house times is nobody's new stay. Those that would share an id
 * have their dates added, so that none takes over the id of another while that is gone. Drops what is said twice.
 */
export function identify<T extends Identifiable>(found: readonly T[]): { id: string; reservation: T }[] {
  const identified: { id: string; reservation: T }[] = [];
  for (const [id, group] of Map.groupBy(found, baseId)) {
    const different = group.length === 1 ? group : dropRepeated(group);
    const taken = new Map<string, number>();
    for (const reservation of different) {
      const dated = different.length === 1 ? id : `${id} ${datesOf(reservation.span)}`;
      const number = (taken.get(dated) ?? 0) + 1;
      taken.set(dated, number);
      identified.push({ id: number === 1 ? dated : `${dated} #${number}`, reservation });
    }
  }
  return identified;
}

/** Feeds that were merged say the very same event twice: same UID and dates, or without UID same dates and words. */
function dropRepeated<T extends Identifiable>(group: readonly T[]): T[] {
  const seen = new Set<string>();
  return group.filter(({ uid, summary, span }) => {
    const key = JSON.stringify([uid, uid ?? summary, datesOf(span)]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Start and end as they are written: days, or instants where the event has times. */
function datesOf({ start, end, startsAtMs, endsAtMs }: Span): string {
  return `${timeKey(start, startsAtMs)}/${timeKey(end, endsAtMs)}`;
}

/** A date as `YYYY-MM-DD`, a time as its instant in UTC. */
export function timeKey(time: EventTime, atMs: number): string {
  return time.form === 'date'
    ? new Date(time.wallMs).toISOString().slice(0, 10)
    : new Date(atMs).toISOString();
}

function baseId({ uid, dialect, span, instance }: Identifiable): string {
  if (dialect.identity === 'check-out') return `${dialect.name} ${timeKey(span.end, span.endsAtMs)}`;
  if (uid === null) return datesOf(span);
  return instance === null ? uid : `${uid} ${instance}`;
}
