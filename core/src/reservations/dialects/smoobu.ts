/**
 * Smoobu (D): each stay three times, as itself, as `Check-in …` and as `Check-out …`.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const smoobu: Dialect = {
  name: 'smoobu',
  uid: /@smoobu\.com$/i,
  prodId: /smoobu/i,
  extras: /^check-?(?:in|out)\b/i,
  summaries: [
    // The site that it came from stands in brackets.
    { pattern: /^(?!blocked\b)(?<guest>[^()]+) \([^()]*\)$/i, status: 'confirmed' },
  ],
  namesGuests: true,
  identity: 'uid',
};
