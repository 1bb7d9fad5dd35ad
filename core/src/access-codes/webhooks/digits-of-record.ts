/**
 * The digits of a record, for who may have them.
 * @module
 */
import { parseInstant } from '../../instant.ts';
import { digitsOfCode } from '../digits-of-code.ts';
import type { SeamAccessCode } from '../seam-record.ts';

/** `null` for a code that has not left: who reads it must not be the first to know it. `siteKey` is 32 bytes. */
export function digitsOfRecord(record: SeamAccessCode, siteKey: Uint8Array): string | null {
  const { left_at, unit_id, key_version, alphabet, kind, revision } = record.staycode;
  if (left_at === null) return null;
  return digitsOfCode(siteKey, {
    ...{ unitId: unit_id, keyVersion: key_version, kind, revision, alphabet },
    ...{ startsAtMs: parseInstant(record.starts_at), endsAtMs: parseInstant(record.ends_at) },
  });
}
