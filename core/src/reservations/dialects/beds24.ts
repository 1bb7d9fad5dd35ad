/**
 * Beds24 (D): the guest's name. Its DTEND may be the last night: that cannot be seen in the feed, so the host says it
 * (`lastNightEnds`).
 * @module
 */
import type { Dialect } from './dialect.ts';

export const beds24: Dialect = {
  name: 'beds24',
  uid: /@beds24\.com$/i,
  prodId: /beds24/i,
  summaries: [],
  namesGuests: true,
  identity: 'uid',
};
