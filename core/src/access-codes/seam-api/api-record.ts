/**
 * A record as Seam's API has it: its clients check each field, so what Seam has no word for takes the nearest of its own.
 * @module
 */
import type { DoorPin } from '../../messages/guest-message.ts';
import { WORKSPACE_ID } from '../platform-ids.ts';
import type { SeamAccessCode, StaycodeFields } from '../seam-record.ts';

type ApiProblem = Omit<SeamAccessCode['errors'][number], 'error_code'> & { readonly error_code: string };

export interface ApiAccessCode extends Omit<SeamAccessCode, 'errors' | 'staycode'> {
  readonly workspace_id: string;
  readonly errors: readonly ApiProblem[];
  readonly staycode: StaycodeFields & { readonly door_pins: readonly DoorPin[] };
}

/** What its reader may know. */
export interface TypedCode {
  /** What the guest types: the twelve digits, or the PINs of a unit whose doors all keep their own lists. */
  readonly code: string | null;
  /** By door, of those that keep their own lists. */
  readonly doorPins: readonly DoorPin[];
}

export function toApiRecord(record: SeamAccessCode, { code, doorPins }: TypedCode): ApiAccessCode {
  return {
    ...record,
    workspace_id: WORKSPACE_ID,
    code,
    staycode: { ...record.staycode, door_pins: doorPins },
    errors: record.errors.map((error) =>
      error.error_code === 'failed_to_tell_guest' ? { ...error, error_code: 'provider_issue' } : error,
    ),
  };
}
