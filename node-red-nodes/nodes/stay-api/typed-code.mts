/**
 * What the guest of a record types, for who may know it: reads and webhooks tell the same.
 * @module
 */
import { digitsOfCode, digitsOfRecord, type SeamAccessCode, type TypedCode, writeCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { type GuestDoors, guestPins } from '../stay-code/guest-doors.mts';

export interface TypedContext {
  readonly siteKey: Uint8Array | null;
  readonly guestDoors: GuestDoors;
  readonly store: Pick<AccessCodeStore, 'readUnit' | 'slots'>;
  readonly nowMs: number;
}

/** No code of one that has not left. */
export function typedCode(
  record: SeamAccessCode,
  { siteKey, guestDoors, store, nowMs }: TypedContext,
): TypedCode {
  const digits = siteKey && digitsOfRecord(record, siteKey);
  if (siteKey === null || digits === null) return { code: null, doorPins: [] };
  const { unit_id, code_id } = record.staycode;
  const { codes } = guestDoors.listed.length > 0 ? store.readUnit(unit_id) : { codes: [] };
  const code = codes.find(({ id }) => id === code_id);
  // A code of one day is in no list.
  if (code === undefined) return { code: digits, doorPins: [] };
  const digitsOf = (one: typeof code): string => digitsOfCode(siteKey, one);
  const { isListed, doorPins } = guestPins(guestDoors, { store, code, codes, digitsOf, nowMs });
  return { code: isListed ? writeCode({ code: digits, isListed, doorPins }) : digits, doorPins };
}
