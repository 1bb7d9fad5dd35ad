/**
 * Airbnb, both forms (Hosting Calendar 0.8.8 and 1.0): stays and blocks have words of their own.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const airbnb: Dialect = {
  name: 'airbnb',
  uid: /@airbnb\.com$/i,
  prodId: /airbnb/i,
  summaries: [
    { pattern: /\bnot available\b/i, status: 'blocked' },
    // Hosts who merge feeds put a listing's name before it.
    { pattern: /(?:^| )reserved$/i, status: 'confirmed' },
    // Calendars of before 2019 (D).
    { pattern: /^(?<guest>[^()]+) \(HM[A-Z0-9]{8}\)$/, status: 'confirmed' },
  ],
  reservationCode: /\b(HM[A-Z0-9]{8})\b/,
  identity: 'uid',
};
