/**
 * Google Calendar: events made by hand, with times that the host meant, or with what a booking site put in.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const google: Dialect = {
  name: 'google',
  uid: /@google\.com$/i,
  prodId: /\/\/google inc/i,
  summaries: [],
  identity: 'uid',
};
