/**
 * The host's word on a stay in a message: from a dashboard or a function node.
 * @module
 */
import type { HostOverride, OverrideWord } from '@staycode/core';

/**
 * The words in a message, one for each field that is there; or which field was expected to be what.
 * @param unitId of the stay, `null` for a word on a PMS's booking in all its rooms
 */
export function readOverrides(
  payload: unknown,
  unitId: string | null,
  atMs: number,
): HostOverride[] | string {
  if (typeof payload !== 'object' || payload === null) return 'msg.payload: expected an override';
  const fields = payload as Record<string, unknown>;
  const { by, why } = fields;
  const name = unitId === null ? 'bookingId' : 'id';
  const id = fields[name];
  if (typeof id !== 'string' || id === '') return `msg.payload.${name}: expected the stay's ${name}`;
  if (typeof by !== 'string' || typeof why !== 'string') return 'msg.payload: expected by and why';
  const words: OverrideWord[] = [];
  for (const [field, kind] of [
    ['checkIn', 'check-in'],
    ['checkOut', 'check-out'],
  ] as const) {
    const time = fields[field];
    if (time === undefined) continue;
    if (time !== null && typeof time !== 'string')
      return `msg.payload.${field}: expected a time such as 12:00`;
    words.push({ kind, time });
  }
  for (const kind of ['pay', 'hold'] as const) {
    const on = fields[kind];
    if (on === undefined) continue;
    if (typeof on !== 'boolean') return `msg.payload.${kind}: expected true or false`;
    words.push({ kind, on });
  }
  if (words.length === 0) return 'msg.payload: expected checkIn, checkOut, pay or hold';
  return words.map((word) => ({ unitId, reservationId: id, word, by, why, atMs }));
}
