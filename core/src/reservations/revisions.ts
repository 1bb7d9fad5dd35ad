/**
 * Which events of a feed are one and the same reservation said twice.
 * @module
 */
import type { EventFields } from './event-fields.ts';

/**
 * Splits off older revisions: events of one UID that all carry a SEQUENCE, and not the same one, are revisions of one
 * reservation, whatever their dates (RFC 5545 §3.8.7.4). Without SEQUENCE, or with an equal one, they are reservations of
 * their own: OTAs that use a UID twice count no revisions, and a stay that is lost shuts a guest out.
 */
export function splitRevisions<T extends { readonly fields: EventFields }>(
  events: readonly T[],
): { current: T[]; older: T[] } {
  if (events.every(({ fields }) => fields.sequence === null)) return { current: [...events], older: [] };
  const newest = new Map<string, number>();
  for (const { fields } of events) {
    const key = revisionKey(fields);
    // One event without SEQUENCE makes all of that UID incomparable.
    newest.set(key, Math.max(newest.get(key) ?? 0, fields.sequence ?? Infinity));
  }
  const current: T[] = [];
  const older: T[] = [];
  for (const event of events) {
    const { fields } = event;
    const top = fields.uid === null ? Infinity : (newest.get(revisionKey(fields)) ?? Infinity);
    (top === Infinity || fields.sequence === top ? current : older).push(event);
  }
  return { current, older };
}

/** A changed instance of a recurring event has revisions of its own. */
function revisionKey({ uid, recurrenceId }: EventFields): string {
  return recurrenceId ? JSON.stringify([uid, recurrenceId.wallMs]) : (uid ?? '');
}
