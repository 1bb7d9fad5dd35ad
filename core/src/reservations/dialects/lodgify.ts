/**
 * Lodgify (D): the guest's name, or words of its own.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const lodgify: Dialect = {
  name: 'lodgify',
  uid: /@lodgify\.com$/i,
  prodId: /lodgify/i,
  summaries: [],
  namesGuests: true,
  identity: 'uid',
};
