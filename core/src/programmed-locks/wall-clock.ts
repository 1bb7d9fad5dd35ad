/**
 * Times as a lock's own clock shows them: locks keep windows in their local time, without a zone.
 * @module
 */
import { Temporal } from 'temporal-polyfill';

export interface WallTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** What a clock in the zone shows at an instant. */
export function toWallTime(atMs: number, zone: string): WallTime {
  const { year, month, day, hour, minute } =
    Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  return { year, month, day, hour, minute };
}

/** The instant at which a clock in the zone shows it, the earlier one where there are two; `null` for a date that is none. */
export function fromWallTime(time: WallTime, zone: string): number | null {
  try {
    const local = Temporal.PlainDateTime.from({ ...time }, { overflow: 'reject' });
    return local.toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}
