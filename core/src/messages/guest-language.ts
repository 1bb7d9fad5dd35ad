/**
 * Which language a guest is written to in: what the booking says, else the country of the phone, else the host's choice.
 * @module
 */
import { chooseLanguage, type Language, LANGUAGES } from './guest-message.ts';

/** What a booking says of its guest; `language` as it is written there: a BCP 47 tag, or a name such as `german`. */
export interface GuestTongue {
  readonly language?: string | null | undefined;
  /** International, `+49…` or `0049…`; without a country it says nothing. */
  readonly phone?: string | null | undefined;
}

/** Country calling codes (ITU-T E.164) where nearly everybody reads the language; Belgium and Switzerland are not among them. */
const CALLING_CODES: readonly (readonly [Language, readonly string[]])[] = [
  ['en', ['1', '44', '61', '64', '353']],
  ['de', ['49', '43', '423']],
  ['fr', ['33', '377']],
  ['es', ['34', '52', '53', '54', '56', '57', '58', '51', '502', '503', '504', '505', '506', '507', '591']],
  ['es', ['593', '595', '598']],
  ['it', ['39']],
];

/** The primary part of what a booking says, such as `nl`, also of languages that are none of ours; `null` where it says nothing. */
export function languageTag({ language }: GuestTongue): string | null {
  const written = language?.trim() ?? '';
  return written === '' ? null : (tagOf(written).toLowerCase().split(/[-_]/u)[0] ?? null);
}

/** A language that is none of ours is answered in the host's choice: it says more than the phone does. */
export function guestLanguage({ language, phone }: GuestTongue, fallback: Language): Language {
  const written = language?.trim() ?? '';
  if (written !== '') return chooseLanguage(tagOf(written), fallback);
  return languageOfPhone(phone ?? '') ?? fallback;
}

/** The tag of a language that is written out, in English or in itself; all else stays as it is. */
function tagOf(written: string): string {
  const wanted = written.toLowerCase();
  const isNamed = (tag: Language): boolean =>
    ['en', tag].some((reader) => nameOf(tag, reader).toLowerCase() === wanted);
  return LANGUAGES.find(isNamed) ?? written;
}

function nameOf(tag: Language, reader: string): string {
  return new Intl.DisplayNames([reader], { type: 'language' }).of(tag) ?? tag;
}

function languageOfPhone(phone: string): Language | null {
  const [, digits] = /^(?:\+|00)(\d+)$/u.exec(phone.replaceAll(/[^\d+]/gu, '')) ?? [];
  if (digits === undefined) return null;
  const [language] = CALLING_CODES.find(([, codes]) => codes.some((code) => digits.startsWith(code))) ?? [];
  return language ?? null;
}
