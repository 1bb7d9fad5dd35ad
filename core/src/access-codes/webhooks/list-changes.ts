/**
 * What is new between the records that were told last and those of now.
 * @module
 */
import { listSeamEvents } from '../seam-events.ts';
import type { SeamAccessCode } from '../seam-record.ts';
import type { CodeChange } from './seam-event.ts';

export interface ToldChanges {
  readonly changes: readonly CodeChange[];
  /** To be kept as told. */
  readonly put: readonly SeamAccessCode[];
  /** Ids of records of which nothing more is to be told. */
  readonly forget: readonly string[];
}

export interface ChangeRequest {
  readonly told: ReadonlyMap<string, SeamAccessCode>;
  readonly now: readonly SeamAccessCode[];
  readonly nowMs: number;
  readonly newId: () => string;
}

/** Codes that are over and were never told of stay untold. */
export function listChanges({ told, now, nowMs, newId }: ChangeRequest): ToldChanges {
  const changes: CodeChange[] = [];
  const put: SeamAccessCode[] = [];
  const forget: string[] = [];
  const tell = (before: SeamAccessCode | null, after: SeamAccessCode | null): void => {
    for (const type of listSeamEvents(before, after))
      changes.push({ eventId: newId(), type, before, after, atMs: nowMs });
  };
  const records = now.map(withoutMessage);
  for (const after of records) {
    const before = told.get(after.access_code_id) ?? null;
    const isOver = after.status === 'unset';
    if (before === null && isOver) continue;
    tell(before, after);
    if (isOver) forget.push(after.access_code_id);
    else if (JSON.stringify(before) !== JSON.stringify(after)) put.push(after);
  }
  const ids = new Set(records.map((record) => record.access_code_id));
  for (const [id, before] of told) {
    if (ids.has(id)) continue;
    tell(before, null);
    forget.push(id);
  }
  return { changes, put, forget };
}

/** Each step of a guest's message would be an event of its own; what comes of it shows in the status. */
export function withoutMessage(record: SeamAccessCode): SeamAccessCode {
  return { ...record, staycode: { ...record.staycode, message_state: null } };
}
