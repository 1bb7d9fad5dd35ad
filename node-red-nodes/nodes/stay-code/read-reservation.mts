/**
 * The reservation in a message: from `stay-feed`, or made by hand in a function node.
 * @module
 */

import type { WantedStay } from '@staycode/core';

/** What a code needs to know of a stay. */
export interface BookedStay {
  readonly id: string;
  readonly source: WantedStay['source'];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly guestName: string | null;
  readonly status: string;
  /** Reservations that have vanished and whose nights this one has now: no rivals, though they are not cancelled yet. */
  readonly displaces: readonly string[];
}

/** The stay, or which field was expected to be what. Times are milliseconds, or ISO 8601 with a zone in `startsAt`, `endsAt`. */
export function readReservation(payload: unknown, displaces: unknown = []): BookedStay | string {
  if (typeof payload !== 'object' || payload === null) return 'msg.payload: expected a reservation';
  const fields = payload as Record<string, unknown>;
  const { id, guestName, status, dialect } = fields;
  if (typeof id !== 'string' || id === '') return 'msg.payload.id: expected a text';
  const startsAtMs = toInstant(fields.startsAtMs ?? fields.startsAt);
  if (startsAtMs === null) return 'msg.payload.startsAt: expected a time with a zone';
  const endsAtMs = toInstant(fields.endsAtMs ?? fields.endsAt);
  if (endsAtMs === null) return 'msg.payload.endsAt: expected a time with a zone';
  if (endsAtMs <= startsAtMs) return 'msg.payload.endsAt: expected a time after the start';
  return {
    id,
    // Only a calendar has a dialect.
    source: typeof dialect === 'string' ? 'feed' : 'hand',
    startsAtMs,
    endsAtMs,
    guestName: typeof guestName === 'string' ? guestName : null,
    status: typeof status === 'string' ? status : 'confirmed',
    displaces: Array.isArray(displaces) ? displaces.filter((one) => typeof one === 'string') : [],
  };
}

function toInstant(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null;
  // Without a zone a time would be read in the machine's own, which need not be the property's.
  if (typeof value !== 'string' || !/T.*(Z|[+-]\d\d:?\d\d)$/u.test(value)) return null;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : atMs;
}
