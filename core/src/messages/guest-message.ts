/**
 * What the guest reads: the code, from when to when it opens, how to type it. One file a language in `languages/`.
 * @module
 */
import { groupDigits } from '../stay-code/stay-code.ts';
import { writeEnglish } from './languages/en.ts';

export type Language = 'en';

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
  /** Whether the guest was sent another code for this stay before. */
  readonly replacesEarlier?: boolean;
  readonly language: Language;
}

/** What a language gets to write with: all is text but for what chooses a sentence. */
export interface MessageParts {
  readonly name: string | null;
  /** In groups of four. */
  readonly digits: string;
  readonly from: string;
  readonly until: string;
  readonly unitName: string;
  /** The leading digits that open after the first use. */
  readonly pin: string | null;
  readonly replacesEarlier: boolean;
}

interface Writer {
  /** BCP 47 tag for dates and times. */
  readonly locale: string;
  readonly write: (parts: MessageParts) => string;
}

const WRITERS: Readonly<Record<Language, Writer>> = {
  en: { locale: 'en-GB', write: writeEnglish },
};

/** The message's text, a few short paragraphs. @throws RangeError for a zone that Intl does not know */
export function guestMessage(message: GuestMessage): string {
  const { locale, write } = WRITERS[message.language];
  const formatter = new Intl.DateTimeFormat(locale, {
    timeZone: message.zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return write({
    name: message.name?.trim() ? message.name.trim() : null,
    digits: groupDigits(message.code),
    from: formatter.format(message.startsAtMs),
    until: formatter.format(message.endsAtMs),
    unitName: message.unitName,
    pin: message.pinDigits === 0 ? null : message.code.slice(0, message.pinDigits),
    replacesEarlier: message.replacesEarlier ?? false,
  });
}
