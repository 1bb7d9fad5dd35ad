/**
 * Whether a guest will get a short PIN: the lock gives none that another live authorization has. Source: spec, rule 2.
 * @module
 */
import type { TimeWindow } from '../stay-code/collision.ts';

/** A code with its digits, as it is only ever held in memory. */
export interface DigitsInWindow extends TimeWindow {
  readonly digits: string;
}

/** The digits that will open after the first use: `pinDigits`, or 0 where one of the others could hold that PIN meanwhile. */
export function foreseePinDigits(
  code: DigitsInWindow,
  others: readonly DigitsInWindow[],
  pinDigits: 0 | 6 | 8,
): 0 | 6 | 8 {
  const pin = code.digits.slice(0, pinDigits);
  // Times first: to tell the digits of a code takes a cipher.
  const taken = others.some(
    (other) =>
      other.startsAtMs < code.endsAtMs && code.startsAtMs < other.endsAtMs && other.digits.startsWith(pin),
  );
  return taken ? 0 : pinDigits;
}
