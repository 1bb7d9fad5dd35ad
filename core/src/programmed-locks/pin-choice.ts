/**
 * The PIN that a guest has at a lock that keeps its own list. Choice 0 is the first six digits of the guest's code, so that the
 * guest has one PIN at every door; choices 1, 2, … are drawn from the code's twelve digits, alike at every lock with the same
 * limits. So the register keeps the number of the choice and no digits, and a restart gives the same PIN.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What a lock takes for a PIN. */
export interface PinLimits {
  readonly minDigits: number;
  readonly maxDigits: number;
  /** The keys that a PIN may have. */
  readonly symbols: string;
  readonly refusedStarts: readonly string[];
}

export const PIN_DIGITS = 6;
const MAX_CHOICE = 64;

/** The PIN of a choice, or `null` where the lock's limits refuse it. `digits` are the twelve of the stay code. */
export function pinOf(digits: string, choice: number, limits: PinLimits): string | null {
  const pin = choice === 0 ? digits.slice(0, PIN_DIGITS) : drawPin(digits, choice, limits);
  return isPermitted(pin, limits) ? pin : null;
}

export interface PinChoice {
  readonly choice: number;
  readonly pin: string;
}

/** The first choice from `from` on that the lock permits and nobody has; `null` where there is none among 64. */
export function choosePin(
  digits: string,
  limits: PinLimits,
  taken: ReadonlySet<string>,
  from = 0,
): PinChoice | null {
  for (let choice = from; choice <= from + MAX_CHOICE; choice++) {
    const pin = pinOf(digits, choice, limits);
    if (pin !== null && !taken.has(pin)) return { choice, pin };
  }
  return null;
}

function drawPin(digits: string, choice: number, { minDigits, maxDigits, symbols }: PinLimits): string {
  const length = Math.min(Math.max(PIN_DIGITS, minDigits), maxDigits);
  const radix = BigInt(symbols.length);
  let rest = BigInt(`0x${bytesToHex(sha256(utf8ToBytes(`staycode/1 pin ${choice} ${digits}`)))}`);
  let pin = '';
  for (; pin.length < length; rest /= radix) pin += symbols.charAt(Number(rest % radix));
  return pin;
}

function isPermitted(pin: string, limits: PinLimits): boolean {
  const { minDigits, maxDigits, symbols, refusedStarts } = limits;
  return (
    pin.length >= minDigits &&
    pin.length <= maxDigits &&
    Array.from(pin).every((digit) => symbols.includes(digit)) &&
    !refusedStarts.some((start) => pin.startsWith(start))
  );
}
