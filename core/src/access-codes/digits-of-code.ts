/**
 * A code's twelve digits, worked out where they are shown: neither the register nor the queue of webhooks has them.
 * @module
 */
import type { Alphabet } from '../stay-code/alphabet.ts';
import { deriveCodeKey, deriveUnitKey } from '../stay-code/keys.ts';
import type { WindowContent } from '../stay-code/payload.ts';
import { issueCode } from '../stay-code/stay-code.ts';

/** What the digits follow from, beside the key; every code of the register is one. */
export interface CodeContent extends WindowContent {
  readonly unitId: string;
  readonly keyVersion: number;
  readonly alphabet: Alphabet;
}

/** @param siteKey 32 bytes. @throws StaycodeError `out-of-range`, `bad-id` for content that is no code's */
export function digitsOfCode(siteKey: Uint8Array, code: CodeContent): string {
  return issueCode(deriveCodeKey(deriveUnitKey(siteKey, code.unitId, code.keyVersion)), code);
}
