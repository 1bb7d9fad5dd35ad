/**
 * Pseudonyms for whatever in a feed could name a person. What is equal stays equal, and what the dialects read by (sites, words,
 * shapes) stays as it is, so that the engine does the same with it.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { findDialect } from '../reservations/dialects/classify.ts';
import { WORD_RULES } from '../reservations/dialects/words.ts';

export interface Redactor {
  readonly uid: (uid: string) => string;
  /** A reservation's code, of Airbnb's or another form. */
  readonly code: (code: string) => string;
  /** As many digits as there were. */
  readonly digits: (digits: string) => string;
  /** A summary, or a name: word by word, so that a name is the same wherever it stands. */
  readonly words: (text: string) => string;
  readonly prodId: (prodId: string) => string;
}

const same = (text: string): string => text;
/** Leaves everything as it is. */
export const NO_REDACTOR: Redactor = { uid: same, code: same, digits: same, words: same, prodId: same };

/** Words of more than one language's phrases, and of single sites; any other may be a name. */
const WORDS: ReadonlySet<string> = new Set(
  `airbnb booking com vrbo homeaway abritel expedia agoda tripadvisor flipkey smoobu guesty lodgify reserved reservation booked
  blocked by closed not available unavailable tentative provisional maintenance out of order service check in checkin checkout
  guest block hold owner stay use cleaning housekeeping cancelled confirmed`.split(/\s+/),
);
const LONGEST_PHRASE = 3;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const AIRBNB_CODE = /^HM[A-Z0-9]{8}$/;
const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Keyed pseudonyms: who does not have the key, 32 bytes, cannot try names out. */
export function makeRedactor(key: Uint8Array): Redactor {
  const mac = (kind: string, text: string): Uint8Array => hmac(sha256, key, utf8ToBytes(`${kind} ${text}`));
  const hex = (kind: string, text: string, bytes: number): string =>
    bytesToHex(mac(kind, text).subarray(0, bytes));
  const digits = (text: string): string => {
    const bytes = mac('digits', text);
    return Array.from(text, (_, at) => (bytes[at % bytes.length] ?? 0) % 10).join('');
  };
  const code = (text: string): string => {
    // A code has a digit, and Airbnb's are known by their form.
    if (!AIRBNB_CODE.test(text)) return `C0${hex('code', text, 8)}`;
    const letters = [...mac('code', text).subarray(0, 8)].map(
      (byte) => CODE_LETTERS[byte % CODE_LETTERS.length],
    );
    return `HM${letters.join('')}`;
  };
  const word = (text: string): string => {
    if (WORDS.has(text.toLowerCase())) return text;
    if (AIRBNB_CODE.test(text)) return code(text);
    if (/^\d+$/.test(text)) return digits(text);
    const [first = 0] = mac('digit', text.toLowerCase());
    return `N${first % 10}${hex('word', text.toLowerCase(), 3)}`;
  };
  const words = (text: string): string => {
    const kept = phraseLength(text);
    return text.slice(0, kept) + text.slice(kept).replace(WORD, word);
  };
  return {
    uid: (uid) => (uid === '' ? '' : redactUid(uid, (kind, text) => hex(kind, text, 16))),
    ...{ code, digits, words },
    prodId: (prodId) => (isKnown({ prodIds: [prodId] }) ? prodId : words(prodId)),
  };
}

/** How much of a summary is the phrase that says what it is: the fewest words at its beginning that any language knows. */
function phraseLength(summary: string): number {
  const words = [...summary.matchAll(WORD)].slice(0, LONGEST_PHRASE);
  for (const { 0: word, index } of words) {
    const end = index + word.length;
    if (WORD_RULES.some(({ pattern }) => pattern.test(summary.slice(0, end)))) return end;
  }
  return 0;
}

/** What tells the dialect is kept: a known site, or a beginning. Any other domain may be the host's own. */
function redactUid(uid: string, hex: (kind: string, text: string) => string): string {
  const sign = findDialect({ uid, summary: '', prodIds: [] }).uid?.exec(uid)?.[0] ?? '';
  if (sign !== '' && uid.startsWith(sign)) return sign + hex('uid', uid.slice(sign.length));
  const [, name = uid, site] = /^(.*)@([^@]*)$/.exec(uid) ?? [];
  if (site === undefined) return hex('uid', name);
  return hex('uid', name) + (sign === '' ? `@${hex('site', site).slice(0, 8)}.example` : sign);
}

function isKnown(signs: { readonly prodIds: readonly string[] }): boolean {
  return findDialect({ uid: null, summary: '', ...signs }).name !== 'generic';
}
