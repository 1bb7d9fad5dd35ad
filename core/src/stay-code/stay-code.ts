/**
 * Issue and read stay codes. The digits depend on key, window, kind and revision and on nothing else. Source: spec, "Digits".
 * @module
 */
import { type Alphabet, alphabetSpec } from './alphabet.ts';
import { createCodeCipher } from './cipher.ts';
import {
  type ClockContent,
  decodePayload,
  encodeClock,
  encodeWindow,
  type WindowContent,
} from './payload.ts';

/**
 * The twelve digits of a window code. Times are rounded outward to half hours: start down, end up.
 * @throws StaycodeError `bad-key`, `bad-alphabet`, `out-of-range`
 * @example
 * const codeKey = deriveCodeKey(deriveUnitKey(siteKey, 'flat-a', 1));
 * issueCode(codeKey, { kind: 'stay', revision: 0, startsAtMs, endsAtMs, alphabet: 'decimal' });
 */
export function issueCode(
  codeKey: Uint8Array,
  code: WindowContent & { readonly alphabet: Alphabet },
): string {
  const alphabet = alphabetSpec(code.alphabet);
  return createCodeCipher(codeKey, alphabet).encipher(encodeWindow(code, alphabet));
}

/** The twelve digits that carry a time, in whole minutes, to a lock's clock. @throws StaycodeError `bad-key`, `bad-alphabet`, `out-of-range` */
export function issueClockCode(
  codeKey: Uint8Array,
  clock: { readonly atMs: number; readonly alphabet: Alphabet },
): string {
  const alphabet = alphabetSpec(clock.alphabet);
  return createCodeCipher(codeKey, alphabet).encipher(encodeClock(clock.atMs, alphabet));
}

/**
 * What twelve digits say under this key, or `null` where they are no code. Digits alone prove nothing: nearly every
 * guess reads as some window (W of 10^12), and only a lock's rules decide whether it opens.
 * @throws StaycodeError `bad-key`, `bad-alphabet`
 */
export function readCode(
  codeKey: Uint8Array,
  digits: string,
  alphabet: Alphabet,
): WindowContent | ClockContent | null {
  const spec = alphabetSpec(alphabet);
  const payload = createCodeCipher(codeKey, spec).decipher(digits);
  return payload === null ? null : decodePayload(payload, spec);
}

/** `952791427294` as `9527 9142 7294`, as people read it. */
export function groupDigits(digits: string): string {
  return digits.replace(/(.{4})(?=.)/gu, '$1 ');
}
