/**
 * The two alphabets of staycode/1 and the ranges that each can hold. Source: spec, "Payload".
 * @module
 */
import { StaycodeError } from '../errors.ts';

export type Alphabet = 'decimal' | 'no-zero';

export interface AlphabetSpec {
  readonly symbols: string;
  readonly radix: number;
  /** Start slots run from 0 to here, exclusive. */
  readonly startSlots: number;
  readonly maxLengthSlots: number;
  /** Payloads below this are windows; from here on clock codes. */
  readonly windowPayloads: number;
  /** Clock codes hold whole minutes below this. */
  readonly clockMinutes: number;
}

export const CODE_DIGITS = 12;
export const MAX_LENGTH_SLOTS = 17_568;
export const VARIANTS = 32;

const SLOTS_PER_YEAR = 17_532;
const MINUTES_PER_YEAR = 525_960;

const ALPHABETS: Readonly<Record<Alphabet, AlphabetSpec>> = {
  decimal: define('0123456789', 100),
  'no-zero': define('123456789', 28),
};

/** An alphabet with its ranges; the tests count every code of a small one. */
export function defineAlphabet(
  symbols: string,
  ranges: Pick<AlphabetSpec, 'startSlots' | 'maxLengthSlots' | 'clockMinutes'>,
): AlphabetSpec {
  const windowPayloads = ranges.startSlots * ranges.maxLengthSlots * VARIANTS;
  return { symbols, radix: symbols.length, ...ranges, windowPayloads };
}

/** @throws StaycodeError `bad-alphabet` for a name that is neither `decimal` nor `no-zero` */
export function alphabetSpec(alphabet: Alphabet): AlphabetSpec {
  if (!Object.hasOwn(ALPHABETS, alphabet)) {
    throw new StaycodeError('bad-alphabet', `alphabet: expected decimal or no-zero, got ${alphabet}`);
  }
  return ALPHABETS[alphabet];
}

function define(symbols: string, years: number): AlphabetSpec {
  return defineAlphabet(symbols, {
    startSlots: years * SLOTS_PER_YEAR,
    maxLengthSlots: MAX_LENGTH_SLOTS,
    clockMinutes: years * MINUTES_PER_YEAR,
  });
}
