/**
 * Hostaway (D): the host chooses which fields stand where, so its summaries are for the host's mapping to read. It lists
 * future stays only.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const hostaway: Dialect = {
  name: 'hostaway',
  uid: /@hostaway\.com$/i,
  prodId: /hostaway/i,
  summaries: [],
  identity: 'uid',
};
