/**
 * Instants as people and programs write them: ISO 8601 with a zone.
 * @module
 */
import { Temporal } from 'temporal-polyfill';
import { StaycodeError } from './errors.ts';

/**
 * Milliseconds since 1970 UTC of a text such as `2026-11-27T15:00:00+01:00`.
 * @throws StaycodeError `bad-time` where date, time or zone is missing or wrong
 */
export function parseInstant(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch (cause) {
    throw new StaycodeError(
      'bad-time',
      `time: expected ISO 8601 with a zone, such as 2026-11-27T15:00:00+01:00, got ${text}`,
      {
        cause,
      },
    );
  }
}

/** ISO 8601 in UTC, to the second where it is whole, else to the millisecond: `2026-11-27T14:00:00Z`, `2026-11-27T14:00:00.090Z`. */
export function formatInstant(atMs: number): string {
  const fractionalSecondDigits = atMs % 1_000 === 0 ? 0 : 3;
  return Temporal.Instant.fromEpochMilliseconds(atMs).toString({ fractionalSecondDigits });
}
