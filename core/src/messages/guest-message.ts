/**
 * What the guest reads: the code, from when to when it opens, how to type it. To add a language, write its table of phrases in
 * `languages/` and name it in `PHRASES`; the tests then hold it to what every language has to say.
 * @module
 */
import { PIN_DIGITS } from '../programmed-locks/pin-choice.ts';
import { groupDigits } from '../stay-code/stay-code.ts';
import { GERMAN } from './languages/de.ts';
import { ENGLISH } from './languages/en.ts';
import { SPANISH } from './languages/es.ts';
import { FRENCH } from './languages/fr.ts';
import { ITALIAN } from './languages/it.ts';
import type { Phrases } from './phrases.ts';

/** ISO 639-1. */
export type Language = 'en' | 'de' | 'fr' | 'es' | 'it';

/** What each language says. */
export const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  it: ITALIAN,
};

/** The languages that guests are written to in. */
export const LANGUAGES: readonly Language[] = Object.keys(PHRASES) as Language[];

/** A door that keeps a list of PINs of its own, by the host's name for it, and the guest's PIN there. */
export interface DoorPin {
  readonly door: string;
  readonly pin: string;
}

export interface GuestMessage {
  /** The guest's name, where the booking tells it. */
  readonly name?: string | null;
  /** The twelve digits. */
  readonly code: string;
  /** Milliseconds since 1970 UTC: the times that the guest booked, in which the code opens for certain. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** IANA zone of the property. */
  readonly zone: string;
  readonly unitName: string;
  /** How many leading digits open after the first use, 0 for none. */
  readonly pinDigits: 0 | 6 | 8;
  /** Whether each of the unit's doors keeps a list of PINs of its own: twelve digits open none of them. */
  readonly isListed?: boolean;
  /** What is typed at those that do; the leading six digits where a unit that `isListed` tells of none. */
  readonly doorPins?: readonly DoorPin[];
  /** Whether the guest was sent another code, or other times, for this stay before. */
  readonly replacesEarlier?: boolean;
  /** Whether that other message had this very code: only the times are others. */
  readonly keepsCode?: boolean;
  /** Whether the guest may have had this very message before. */
  readonly mayBeDuplicate?: boolean;
  readonly language: Language;
}

/**
 * The language to write to a guest in: that of a BCP 47 tag such as `fr-CA` or `de_AT`, as bookings carry it, or `fallback`
 * where the tag is missing, or none of ours.
 */
export function chooseLanguage(tag: string | null, fallback: Language): Language {
  const primary = tag?.trim().toLowerCase().split(/[-_]/u)[0];
  return LANGUAGES.find((language) => language === primary) ?? fallback;
}

/** The message's text, a few short paragraphs. @throws RangeError for a zone that Intl does not know */
export function guestMessage(message: GuestMessage): string {
  const { unitName, replacesEarlier = false, keepsCode = false } = message;
  const phrases = PHRASES[message.language];
  const { from, until } = writeTimes(message, phrases.locale);
  const { change, again } = writeNotes(message);
  const paragraphs = [
    phrases.hello(message.name?.trim() ? message.name.trim() : null),
    phrases.code({ unitName, digits: writeCode(message), isNew: replacesEarlier && !keepsCode }),
    phrases.opens({ from, until }),
    ...change,
    writeTyping(message),
    ...again,
  ];
  return paragraphs.join('\n\n');
}

/** The guest's code as it is read: the twelve digits in groups, or what is typed where they open no door. */
export function writeCode(message: Pick<GuestMessage, 'code' | 'isListed' | 'doorPins'>): string {
  return message.isListed === true ? pinsOf(message).join(' / ') : groupDigits(message.code);
}

/** The digits that are enough: at once where the doors keep lists, else after the first use, or all twelve. */
export function writePin(message: GuestMessage): string {
  const { code, pinDigits, isListed = false } = message;
  return isListed || pinDigits === 0 ? writeCode(message) : code.slice(0, pinDigits);
}

/** How the code is typed. */
export function writeTyping(message: GuestMessage): string {
  const { typing, typingListed, typingAt } = PHRASES[message.language];
  const { isListed = false, doorPins = [], pinDigits, code } = message;
  const [pin = '', ...others] = pinsOf(message);
  if (isListed && others.length === 0) return typingListed(pin);
  const offline = isListed ? [] : [typing(pinDigits === 0 ? null : code.slice(0, pinDigits))];
  return [...offline, ...doorPins.map(typingAt)].join(' ');
}

/** Each PIN once. */
function pinsOf({ code, doorPins = [] }: Pick<GuestMessage, 'code' | 'doorPins'>): string[] {
  return doorPins.length === 0 ? [code.slice(0, PIN_DIGITS)] : [...new Set(doorPins.map(({ pin }) => pin))];
}

/** What the guest has to know of messages of before: nothing, or a sentence each. */
export function writeNotes({
  language,
  isListed = false,
  replacesEarlier = false,
  keepsCode = false,
  mayBeDuplicate = false,
}: Pick<GuestMessage, 'language' | 'isListed' | 'replacesEarlier' | 'keepsCode' | 'mayBeDuplicate'>): {
  change: string[];
  again: string[];
} {
  const phrases = PHRASES[language];
  const replaces = isListed ? phrases.replacesListed : phrases.replaces;
  return {
    change: replacesEarlier ? [keepsCode ? phrases.keeps : replaces] : [],
    again: mayBeDuplicate ? [phrases.again] : [],
  };
}

/** Both ends of a stay as a guest reads them, in the property's zone. @throws RangeError for a zone that Intl does not know */
export function writeTimes(
  { startsAtMs, endsAtMs, zone }: Pick<GuestMessage, 'startsAtMs' | 'endsAtMs' | 'zone'>,
  locale: string,
): { from: string; until: string } {
  const formatter = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return { from: formatter.format(startsAtMs), until: formatter.format(endsAtMs) };
}
