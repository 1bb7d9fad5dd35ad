/**
 * Expedia (D): the guest's name, the party in the description.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const expedia: Dialect = {
  name: 'expedia',
  uid: /^expedia_|@expedia\.\w+$/i,
  prodId: /expedia|hotels\.com/i,
  summaries: [],
  namesGuests: true,
  identity: 'uid',
};
