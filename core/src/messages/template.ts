/**
 * A host's own words to a guest, with places in braces for what differs from stay to stay.
 * @module
 */
import {
  type GuestMessage,
  type Language,
  PHRASES,
  writeCode,
  writeNotes,
  writePin,
  writeTimes,
  writeTyping,
} from './guest-message.ts';

/** What stands in braces; `note` says that a code replaces another, that only the times are others, or that a message may come twice, and is mostly empty. */
export const PLACEHOLDERS = ['name', 'unit', 'code', 'from', 'until', 'pin', 'typing', 'note'] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

const IN_BRACES = /\{([^{}\n]*)\}/gu;

/** The first thing in braces that is no placeholder, such as `{nmae}`; `null` where there is none. */
export function unknownPlaceholder(template: string): string | null {
  for (const [whole, name = ''] of template.matchAll(IN_BRACES)) if (!isPlaceholder(name)) return whole;
  return null;
}

/**
 * A template filled in. What a guest has to know and the template has no place for, the `note`, comes at the end.
 * @param tag BCP 47 tag of the template's language, for dates; the sentences of `typing` and `note` come in the message's
 * @throws RangeError for a zone or a tag that Intl does not know
 */
export function fillTemplate(template: string, message: GuestMessage, tag: string): string {
  const values = valuesOf(message, tag);
  const filled = template
    .replaceAll(/( ?)\{([^{}\n]*)\}/gu, (whole, gap: string, name: string) => {
      if (!isPlaceholder(name)) return whole;
      // A guest without a name is greeted without the gap.
      return name === 'name' && values.name === '' ? '' : `${gap}${values[name]}`;
    })
    .trim();
  return values.note === '' || template.includes('{note}') ? filled : `${filled}\n\n${values.note}`;
}

/** The subject of a mail in one of our languages. */
export function subjectOf({ unitName, language }: Pick<GuestMessage, 'unitName' | 'language'>): string {
  return PHRASES[language].subject({ unitName });
}

function valuesOf(message: GuestMessage, tag: string): Readonly<Record<Placeholder, string>> {
  const { unitName } = message;
  const { change, again } = writeNotes(message);
  return {
    ...writeTimes(message, localeOf(tag)),
    name: message.name?.trim() ?? '',
    unit: unitName,
    code: writeCode(message),
    pin: writePin(message),
    typing: writeTyping(message),
    note: [...change, ...again].join('\n\n'),
  };
}

/** English dates are ours, unless the tag says whose. */
function localeOf(tag: string): string {
  return tag in PHRASES ? PHRASES[tag as Language].locale : tag;
}

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}
