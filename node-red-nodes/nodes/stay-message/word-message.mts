/**
 * A guest's message in the words of the host or in ours, in the language of the guest or the one that the host has chosen.
 * @module
 */
import {
  type DoorPin,
  fillTemplate,
  guestLanguage,
  guestMessage,
  type GuestMessage,
  type Language,
  LANGUAGES,
  languageTag,
  StaycodeError,
  subjectOf,
  unknownPlaceholder,
} from '@staycode/core';
import type { NodeMessage } from 'node-red';

/** The host's words in one language, which may be one of ours or any other. */
export interface Template {
  /** BCP 47, such as `nl` or `pt-BR`. */
  readonly language: string;
  /** Of a mail; empty for ours. */
  readonly subject: string;
  readonly text: string;
}

export interface Wording {
  /** Empty for the guest's own. */
  readonly language: string;
  /** Where the guest's own is not known, or nobody has words in it. */
  readonly fallback: Language;
  readonly templates: readonly Template[];
}

export interface Worded {
  readonly language: string;
  readonly subject: string;
  readonly text: string;
}

/** @throws StaycodeError `bad-config` for a template without a code, with a placeholder that is none, or of no language */
export function checkTemplates(templates: readonly Template[]): void {
  for (const { language, subject, text } of templates) {
    if (!isTag(language)) throw bad('a language such as nl or pt-BR');
    if (!/\{(?:code|pin)\}/u.test(text)) throw bad(`{code} or {pin} in the words for ${language}`);
    const unknown = unknownPlaceholder(text) ?? unknownPlaceholder(subject);
    if (unknown !== null)
      throw bad(`a placeholder that there is in the words for ${language}, got ${unknown}`);
  }
}

/** @throws StaycodeError `bad-message` for a message that is none of `stay-code`'s first output */
export function wordMessage(msg: NodeMessage, { language: chosen, fallback, templates }: Wording): Worded {
  const { guest, ...facts } = readFacts(msg);
  const wanted = chosen === '' ? languageTag(guest) : chosen.toLowerCase();
  const ours = isOurs(chosen) ? chosen : guestLanguage(guest, fallback);
  const own =
    findTemplate(templates, wanted ?? ours) ??
    // What nobody has words for is said in the host's choice; where we have, ours are better than those of another language.
    (isOurs(wanted) ? undefined : findTemplate(templates, ours));
  const message: GuestMessage = { ...facts, language: ours };
  if (own === undefined) return { language: ours, subject: subjectOf(message), text: guestMessage(message) };
  return {
    language: own.language,
    subject: own.subject.trim() === '' ? subjectOf(message) : fillLine(own.subject, message, own.language),
    text: fillTemplate(own.text, message, own.language),
  };
}

/** A subject carries no notes. */
function fillLine(subject: string, message: GuestMessage, tag: string): string {
  return fillTemplate(subject, { ...message, replacesEarlier: false, mayBeDuplicate: false }, tag);
}

/** That very language first, then another of the same primary part. */
function findTemplate(templates: readonly Template[], tag: string): Template | undefined {
  const primary = (language: string): string => language.toLowerCase().split(/[-_]/u)[0] ?? '';
  return (
    templates.find(({ language }) => language.toLowerCase() === tag) ??
    templates.find(({ language }) => primary(language) === primary(tag))
  );
}

interface Facts extends Omit<GuestMessage, 'language'> {
  readonly guest: { readonly language?: string | null; readonly phone?: string | null };
}

function readFacts(msg: NodeMessage): Facts {
  const code = msg.code as
    { digits?: unknown; pinDigits?: unknown; isListed?: unknown; doorPins?: unknown } | undefined;
  const stay = msg.stay as Record<string, unknown> | undefined;
  const guest = (msg.guest ?? {}) as Facts['guest'] & { name?: unknown };
  const { startsAtMs, endsAtMs, zone, unitName } = stay ?? {};
  const isWhole =
    typeof code?.digits === 'string' &&
    /^\d{12}$/u.test(code.digits) &&
    typeof startsAtMs === 'number' &&
    typeof endsAtMs === 'number' &&
    typeof zone === 'string' &&
    typeof unitName === 'string';
  if (!isWhole) {
    throw new StaycodeError(
      'bad-message',
      "stay-message: expected a message of stay-code's first output, with code and stay",
    );
  }
  const { pinDigits } = code;
  return {
    ...{ code: String(code.digits), startsAtMs, endsAtMs, zone, unitName, guest },
    name: typeof guest.name === 'string' ? guest.name : null,
    pinDigits: pinDigits === 6 || pinDigits === 8 ? pinDigits : 0,
    isListed: code.isListed === true,
    doorPins: Array.isArray(code.doorPins) ? code.doorPins.filter(isDoorPin) : [],
    replacesEarlier: msg.replacesEarlier === true,
    keepsCode: msg.keepsCode === true,
    mayBeDuplicate: msg.mayBeDuplicate === true,
  };
}

function isDoorPin(one: unknown): one is DoorPin {
  const { door, pin } = (one ?? {}) as Record<string, unknown>;
  return typeof door === 'string' && typeof pin === 'string';
}

function isOurs(language: string | null): language is Language {
  return (LANGUAGES as readonly (string | null)[]).includes(language);
}

function isTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length === 1;
  } catch {
    return false;
  }
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-config', `stay-message: expected ${expected}`);
}
