/**
 * What the guest of a record types, for who may have it.
 * @module
 */
import { parseInstant } from '../instant.ts';
import type { DoorPin } from '../messages/guest-message.ts';
import { digitsOfCode } from './digits-of-code.ts';
import type { SeamAccessCode, StaycodeFields } from './seam-record.ts';

/** What a reader may know of a record. */
export interface TypedCode {
  /** The twelve digits, or the PINs of a unit whose doors all keep their own lists; `null` for none that may be known. */
  readonly code: string | null;
  /** By door, of those that keep their own lists. */
  readonly doorPins: readonly DoorPin[];
}

export type TypedFields = StaycodeFields & { readonly door_pins: readonly DoorPin[] };

/** The same in reads and events. */
export function typedFields({ staycode }: SeamAccessCode, { doorPins }: TypedCode): TypedFields {
  return { ...staycode, door_pins: doorPins };
}

/** The twelve digits; `null` for a code that has not left: who reads it must not be the first to know it. `siteKey` is 32 bytes. */
export function digitsOfRecord(
  record: Pick<SeamAccessCode, 'starts_at' | 'ends_at' | 'staycode'>,
  siteKey: Uint8Array,
): string | null {
  const { left_at, unit_id, key_version, alphabet, kind, revision } = record.staycode;
  if (left_at === null) return null;
  return digitsOfCode(siteKey, {
    ...{ unitId: unit_id, keyVersion: key_version, kind, revision, alphabet },
    ...{ startsAtMs: parseInstant(record.starts_at), endsAtMs: parseInstant(record.ends_at) },
  });
}
