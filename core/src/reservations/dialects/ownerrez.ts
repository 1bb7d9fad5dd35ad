/**
 * OwnerRez: `Booked`, with the real check-in and check-out times in the property's zone. Its PRODID is that of the library
 * it uses; another user of the library is read no differently.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const ownerrez: Dialect = {
  name: 'ownerrez',
  uid: /@ownerrez\.com$/i,
  prodId: /ownerrez|rianjs\/ical\.net/i,
  summaries: [{ pattern: /^booked$/i, status: 'confirmed' }],
  identity: 'uid',
};
