/**
 * Payload to twelve digits and back: FF1 (NIST SP 800-38G) with AES-256 and an empty tweak. Source: spec, "Digits".
 * @module
 */
import { FF1 } from '@noble/ciphers/ff1.js';
import { type AlphabetSpec, CODE_DIGITS } from './alphabet.ts';
import { checkKey } from './keys.ts';

export interface CodeCipher {
  /** Whole number below radix^12 to twelve symbols. */
  encipher(payload: number): string;
  /** `null` unless the text is exactly twelve symbols of the alphabet. */
  decipher(digits: string): number | null;
}

/** The cipher of one code key and alphabet; keep it where many codes are read. @throws StaycodeError `bad-key` */
export function createCodeCipher(codeKey: Uint8Array, alphabet: AlphabetSpec): CodeCipher {
  checkKey(codeKey, 'code key');
  const { symbols, radix } = alphabet;
  const ff1 = FF1(radix, codeKey);
  return {
    encipher(payload) {
      return ff1
        .encrypt(toNumerals(payload, radix))
        .map((numeral) => symbols.charAt(numeral))
        .join('');
    },
    decipher(digits) {
      if (digits.length !== CODE_DIGITS) return null;
      const numerals = Array.from(digits, (digit) => symbols.indexOf(digit));
      if (numerals.length !== CODE_DIGITS || numerals.includes(-1)) return null;
      return ff1.decrypt(numerals).reduce((payload, numeral) => payload * radix + numeral, 0);
    },
  };
}

/** Twelve base-radix numerals, most significant first. */
export function toNumerals(payload: number, radix: number): number[] {
  const numerals: number[] = [];
  for (let rest = payload, i = 0; i < CODE_DIGITS; i++, rest = Math.floor(rest / radix))
    numerals.unshift(rest % radix);
  return numerals;
}
