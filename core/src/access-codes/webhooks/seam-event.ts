/**
 * The body of a webhook: Seam's event about an access code (docs.seam.co, "Events"), ours beside it under one key. It is made
 * from what was kept when it happened, so each attempt sends the same.
 * @module
 */
import { formatInstant } from '../../instant.ts';
import { CONNECTED_ACCOUNT_ID, WORKSPACE_ID } from '../platform-ids.ts';
import type { SeamEventType } from '../seam-events.ts';
import type { SeamAccessCode } from '../seam-record.ts';
import { type TypedCode, type TypedFields, typedFields } from '../typed-record.ts';

/** One change of one code as it was noted. It holds no digits. */
export interface CodeChange {
  /** A UUID. */
  readonly eventId: string;
  readonly type: SeamEventType;
  /** `null` for a new code. */
  readonly before: SeamAccessCode | null;
  /** `null` for one that is gone. */
  readonly after: SeamAccessCode | null;
  /** When it was noted. */
  readonly atMs: number;
}

/** What the guest of a record types, where the reader may have it. */
export type TypedOf = (record: SeamAccessCode) => TypedCode;

/** Times are ISO 8601 in UTC. Beside these fields each type has those that Seam gives it. */
export interface SeamEvent {
  readonly event_id: string;
  readonly event_type: SeamEventType;
  readonly workspace_id: string;
  readonly connected_account_id: string;
  readonly device_id: string;
  readonly access_code_id: string;
  readonly created_at: string;
  /** Of a first use: when the door opened, which may be long before its lock could say so. */
  readonly occurred_at: string;
  /** The record's, after the change; before it where the code is gone. */
  readonly staycode: TypedFields;
  readonly [field: string]: unknown;
}

/** A change as Seam tells it. */
export function toSeamEvent(change: CodeChange, typedOf: TypedOf): SeamEvent {
  const { eventId, type, before, after, atMs } = change;
  const record = after ?? before;
  if (record === null) throw new TypeError('event: expected a code before or after the change');
  return {
    event_id: eventId,
    event_type: type,
    workspace_id: WORKSPACE_ID,
    connected_account_id: CONNECTED_ACCOUNT_ID,
    device_id: record.device_id,
    access_code_id: record.access_code_id,
    created_at: formatInstant(atMs),
    occurred_at: firstUseIn(before, after) ?? formatInstant(atMs),
    ...fieldsOf(type, { before, after, record, digitsOf: (one) => typedOf(one).code }),
    staycode: typedFields(record, typedOf(record)),
  };
}

interface Sides {
  readonly before: SeamAccessCode | null;
  readonly after: SeamAccessCode | null;
  readonly record: SeamAccessCode;
  readonly digitsOf: (record: SeamAccessCode) => string | null;
}

function firstUseIn(before: SeamAccessCode | null, after: SeamAccessCode | null): string | null {
  const usedAt = after?.staycode.verified_at ?? null;
  return usedAt === before?.staycode.verified_at ? null : usedAt;
}

function fieldsOf(type: SeamEventType, sides: Sides): Readonly<Record<string, unknown>> {
  const { before, after, record, digitsOf } = sides;
  const codeOf = (one: SeamAccessCode | null): string | null => (one === null ? null : digitsOf(one));
  switch (type) {
    case 'access_code.changed':
      return { changed_properties: listChanges(sides) };
    case 'access_code.code_changed':
      return {
        from: { code: codeOf(before) },
        to: { code: codeOf(after) },
        description: 'The digits hold the times, so a change of the stay gives others.',
      };
    case 'access_code.time_frame_changed':
      return {
        from: timesOf(before),
        to: timesOf(after),
        description: 'The times changed in which the lock opens.',
      };
    case 'access_code.set_on_device':
    case 'access_code.deleted':
      return { code: codeOf(record) };
    case 'access_code.failed_to_set_on_device':
      return {
        ...{ access_code_errors: record.errors, access_code_warnings: record.warnings },
        ...{ device_errors: [], device_warnings: [] },
        ...{ connected_account_errors: [], connected_account_warnings: [] },
      };
    case 'access_code.backup_access_code_pulled':
      return { backup_access_code_id: record.access_code_id };
    case 'access_code.created':
    case 'access_code.removed_from_device':
      return {};
  }
}

function timesOf(record: SeamAccessCode | null): Record<'starts_at' | 'ends_at', string | null> {
  return { starts_at: record?.starts_at ?? null, ends_at: record?.ends_at ?? null };
}

interface PropertyChange {
  readonly property: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What a reader acts on, by its path in the record. */
const PROPERTIES: Readonly<Record<string, (record: SeamAccessCode) => string | null>> = {
  name: ({ name }) => name,
  status: ({ status }) => status,
  starts_at: ({ starts_at }) => starts_at,
  ends_at: ({ ends_at }) => ends_at,
  'staycode.lifecycle': ({ staycode }) => staycode.lifecycle,
  'staycode.left_at': ({ staycode }) => staycode.left_at,
  'staycode.verified_at': ({ staycode }) => staycode.verified_at,
};

function listChanges({ before, after, digitsOf }: Sides): PropertyChange[] {
  return Object.entries({ code: digitsOf, ...PROPERTIES }).flatMap(([property, read]) => {
    const from = before === null ? null : read(before);
    const to = after === null ? null : read(after);
    return from === to ? [] : [{ property, from, to }];
  });
}
