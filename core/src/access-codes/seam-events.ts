/**
 * What changed between two records, by the names of Seam's events.
 * @module
 */
import type { SeamAccessCode } from './seam-record.ts';

export type SeamEventType =
  | 'access_code.created'
  | 'access_code.changed'
  | 'access_code.code_changed'
  | 'access_code.time_frame_changed'
  | 'access_code.set_on_device'
  | 'access_code.removed_from_device'
  | 'access_code.failed_to_set_on_device'
  | 'access_code.deleted'
  | 'access_code.backup_access_code_pulled';

type Test = (before: SeamAccessCode | null, after: SeamAccessCode) => boolean;

/** In the order in which they are told. */
const TESTS: readonly (readonly [SeamEventType, Test])[] = [
  ['access_code.created', (before) => before === null],
  ['access_code.changed', (before, after) => before !== null && contentOf(before) !== contentOf(after)],
  ['access_code.code_changed', (before, after) => before !== null && digitsOf(before) !== digitsOf(after)],
  [
    'access_code.time_frame_changed',
    (before, after) => before !== null && timesOf(before) !== timesOf(after),
  ],
  ['access_code.backup_access_code_pulled', (before, after) => isDrawn(after) && !isDrawn(before)],
  ['access_code.failed_to_set_on_device', (before, after) => hasFailed(after) && !hasFailed(before)],
  ['access_code.set_on_device', (before, after) => after.status === 'set' && before?.status !== 'set'],
  [
    'access_code.removed_from_device',
    (before, after) => after.status === 'unset' && before !== null && before.status !== 'unset',
  ],
];

/**
 * The events between two records of one reservation, or of one backup code: `null` before for a new one, `null` after for one
 * that is gone. Two codes of a reservation may be compared: digits depend on window, kind, revision and key, so it shows.
 */
export function listSeamEvents(before: SeamAccessCode | null, after: SeamAccessCode | null): SeamEventType[] {
  if (after === null) return before === null ? [] : ['access_code.deleted'];
  return TESTS.filter(([, test]) => test(before, after)).map(([type]) => type);
}

/** Without the digits: whether a reader may see them is no change of the code. */
function contentOf(record: SeamAccessCode): string {
  return JSON.stringify({ ...record, code: null });
}

function digitsOf({ starts_at, ends_at, staycode }: SeamAccessCode): string {
  const { unit_id, key_version, alphabet, kind, revision } = staycode;
  return JSON.stringify([starts_at, ends_at, unit_id, key_version, alphabet, kind, revision]);
}

function timesOf({ starts_at, ends_at }: SeamAccessCode): string {
  return `${starts_at} ${ends_at}`;
}

function isDrawn(record: SeamAccessCode | null): boolean {
  return record !== null && record.is_backup && record.staycode.left_at !== null;
}

function hasFailed(record: SeamAccessCode | null): boolean {
  return record?.errors.some(({ error_code }) => error_code === 'failed_to_set_on_device') ?? false;
}
