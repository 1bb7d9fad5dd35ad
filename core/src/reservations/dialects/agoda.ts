/**
 * Agoda: `BOOKED` with a blank before it, and nothing else.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const agoda: Dialect = {
  name: 'agoda',
  uid: /@agoda\.com$/i,
  prodId: /agoda/i,
  summaries: [{ pattern: /^booked$/i, status: 'confirmed' }],
  identity: 'uid',
};
