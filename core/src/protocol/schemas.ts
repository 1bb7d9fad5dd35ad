/**
 * The parts that messages are made of, as schemas.
 * @module
 */
import * as v from 'valibot';
import type { CodeId } from '../lock/keyring.ts';
import { checkId } from '../stay-code/keys.ts';

/** An id as the keys take it; others could not have a key. */
export const id: v.GenericSchema<unknown, string> = v.pipe(v.string(), v.maxLength(64), v.check(isId));
/** Milliseconds since 1970 UTC, or of powered time. */
export const wholeMs: v.GenericSchema<unknown, number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A count from 0. */
export const counter: v.GenericSchema<unknown, number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** So many lower-case hex digits. */
export function hex(digits: number): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'u')));
}
/** The name of a boot. */
export const epoch: v.GenericSchema<unknown, string> = hex(32);
/** Whole number from 1, as the keys take it. */
export const keyVersion: v.GenericSchema<unknown, number> = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(0xffff_ffff),
);
/** A code that opens, named without its digits. */
export const codeId: v.GenericSchema<unknown, CodeId> = v.strictObject({
  unitId: id,
  keyVersion,
  kind: v.picklist(['stay', 'amendment', 'one-time']),
  revision: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(7)),
  startsAtMs: wholeMs,
  endsAtMs: wholeMs,
});

function isId(text: string): boolean {
  try {
    checkId(text, 'id');
    return true;
  } catch {
    return false;
  }
}
