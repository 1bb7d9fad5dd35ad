/**
 * Vrbo and its sisters (HomeAway, Abritel, …): the word is in the language of the listing, the guest's name may follow.
 * @module
 */
import type { Dialect, SummaryRule } from './dialect.ts';

/** One line a language. */
const WORDS: readonly { confirmed: string; blocked: string; tentative: string }[] = [
  { confirmed: 'reserved', blocked: 'blocked', tentative: 'tentative' },
  { confirmed: 'réservée?', blocked: 'indisponible|bloquée?', tentative: 'provisoire' },
];

export const vrbo: Dialect = {
  name: 'vrbo',
  uid: /@(?:vrbo|homeaway|abritel)\.\w+$/i,
  prodId: /homeaway|vrbo|abritel/i,
  summaries: (['confirmed', 'blocked', 'tentative'] as const).map(ruleOf),
  identity: 'uid',
};

function ruleOf(status: 'confirmed' | 'blocked' | 'tentative'): SummaryRule {
  const words = WORDS.map((language) => language[status]).join('|');
  // Where it gives no name it may put its own.
  return { pattern: new RegExp(`^(?:${words})(?:\\s*-\\s*(?:vrbo|(?<guest>.+)))?$`, 'iu'), status };
}
