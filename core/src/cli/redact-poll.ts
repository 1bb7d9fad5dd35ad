/**
 * A feed's body to a line of the replay form, with pseudonyms for whatever could name a person. What is equal stays equal, and
 * what the dialects read by (OTA, words, shapes) stays as it is, so that the engine does the same with it.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeFeed } from '../reservations/decode-feed.ts';

/** An event of the replay form; `start` and `end` are values of DTSTART and DTEND. */
export interface RecordedEvent {
  readonly uid: string;
  readonly start: string;
  readonly end: string;
  readonly summary: string;
  /** Airbnb's reservation code. */
  readonly hm?: string;
  /** The last digits of a phone number. */
  readonly last4?: string;
}

/** What a poll brought: a calendar, or which kind of something else. */
export interface RecordedPoll {
  readonly kind: 'ok' | 'empty-vcalendar' | 'empty-body' | 'json-500' | 'html' | 'truncated';
  readonly prodid?: string;
  readonly events: readonly RecordedEvent[];
}

/** `null` leaves everything as it is. */
export type Redactor = ((kind: string, text: string) => Uint8Array) | null;

/** Keyed pseudonyms: who does not have the key cannot try names out. */
export function makeRedactor(key: Uint8Array): Redactor {
  return (kind, text) => hmac(sha256, key, utf8ToBytes(`${kind} ${text}`));
}

/** Sites and programs in UIDs and PRODIDs tell the dialect; any other domain may be the host's own. */
const SITES =
  /^(?:www\.)?(?:airbnb|booking|vrbo|homeaway|abritel|expedia|agoda|tripadvisor|ownerrez|orez|smoobu|guesty|hospitable|hostaway|lodgify|beds24|google)\.\w+$/i;
/** Words that OTAs and calendars write themselves; any other may be a name. */
const WORDS: ReadonlySet<string> = new Set(
  `airbnb booking com vrbo reserved reservation booked blocked by guesty closed not available unavailable tentative provisional
  maintenance out of order service check in checkin checkout réservé réservée indisponible bloqué bloquée provisoire tripadvisor
  guest block hold owner cancelled confirmed belegt reserviert prenotato riservato reservado bloqueado`.split(
    /\s+/,
  ),
);
const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Reads a body without judging it: a replay is to show what the engine makes of it. */
export function recordPoll(body: Uint8Array, redact: Redactor): RecordedPoll {
  const text = decodeFeed(body);
  if (text.trim() === '') return { kind: 'empty-body', events: [] };
  if (/^[{[]/.test(text)) return { kind: 'json-500', events: [] };
  if (!/^BEGIN:VCALENDAR/im.test(text)) return { kind: 'html', events: [] };
  const events = text
    .split(/^BEGIN:VEVENT\s*$/im)
    .slice(1)
    .map((lines) => recordEvent(lines, redact));
  const prodid = valueOf(text, 'PRODID');
  const isWhole = /^END:VCALENDAR\s*$/im.test(text);
  const kind = !isWhole ? 'truncated' : events.length === 0 ? 'empty-vcalendar' : 'ok';
  return { kind, ...(prodid !== '' && { prodid }), events };
}

function recordEvent(lines: string, redact: Redactor): RecordedEvent {
  const description = valueOf(lines, 'DESCRIPTION');
  const hm = /\bHM[A-Z0-9]{8}\b/.exec(description)?.[0];
  const last4 = /last 4 digits\)?\s*:\s*(\d{4})\b/i.exec(description)?.[1];
  const uid = valueOf(lines, 'UID');
  const summary = valueOf(lines, 'SUMMARY');
  return {
    uid: redact ? redactUid(uid, redact) : uid,
    start: valueOf(lines, 'DTSTART'),
    end: valueOf(lines, 'DTEND'),
    summary: redact ? redactWords(summary, redact) : summary,
    ...(hm !== undefined && { hm: redact ? redactCode(hm, redact) : hm }),
    ...(last4 !== undefined && { last4: redact ? redactDigits(last4, redact) : last4 }),
  };
}

/** The value of a property's first line; a colon in a quoted parameter is none of the value's. */
function valueOf(lines: string, name: string): string {
  return new RegExp(`^${name}(?:;(?:"[^"]*"|[^":])*)?:(.*)$`, 'im').exec(lines)?.[1]?.trim() ?? '';
}

function redactUid(uid: string, redact: NonNullable<Redactor>): string {
  if (uid === '') return '';
  const [, name = uid, site] = /^(.*)@([^@]*)$/.exec(uid) ?? [];
  const pseudonym = bytesToHex(redact('uid', name).subarray(0, 16));
  if (site === undefined) return pseudonym;
  return `${pseudonym}@${SITES.test(site) ? site : `${bytesToHex(redact('site', site).subarray(0, 4))}.example`}`;
}

/** Word by word, so that a name is the same name wherever it stands. Codes of Airbnb's are the same as in the description. */
function redactWords(summary: string, redact: NonNullable<Redactor>): string {
  return summary.replace(/[\p{L}\p{M}\p{N}]+/gu, (word) => {
    if (WORDS.has(word.toLowerCase())) return word;
    if (/^HM[A-Z0-9]{8}$/.test(word)) return redactCode(word, redact);
    if (/^\d+$/.test(word)) return redactDigits(word, redact);
    return `N${bytesToHex(redact('word', word.toLowerCase()).subarray(0, 4))}`;
  });
}

function redactCode(code: string, redact: NonNullable<Redactor>): string {
  const bytes = [...redact('code', code).subarray(0, code.length - 2)];
  return code.slice(0, 2) + bytes.map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length] ?? '').join('');
}

function redactDigits(digits: string, redact: NonNullable<Redactor>): string {
  const bytes = redact('digits', digits);
  return Array.from(digits, (_, at) => (bytes[at % bytes.length] ?? 0) % 10).join('');
}
