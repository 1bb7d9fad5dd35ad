/**
 * A record as Seam's API has it: its clients check each field, so what Seam has no word for takes the nearest of its own.
 * @module
 */
import { WORKSPACE_ID } from '../platform-ids.ts';
import type { SeamAccessCode } from '../seam-record.ts';
import { type TypedCode, type TypedFields, typedFields } from '../typed-record.ts';

type ApiProblem = Omit<SeamAccessCode['errors'][number], 'error_code'> & { readonly error_code: string };

export interface ApiAccessCode extends Omit<SeamAccessCode, 'errors' | 'staycode'> {
  readonly workspace_id: string;
  readonly errors: readonly ApiProblem[];
  readonly staycode: TypedFields;
}

export function toApiRecord(record: SeamAccessCode, typed: TypedCode): ApiAccessCode {
  return {
    ...record,
    workspace_id: WORKSPACE_ID,
    code: typed.code,
    staycode: typedFields(record, typed),
    errors: record.errors.map((error) =>
      error.error_code === 'failed_to_tell_guest' ? { ...error, error_code: 'provider_issue' } : error,
    ),
  };
}
