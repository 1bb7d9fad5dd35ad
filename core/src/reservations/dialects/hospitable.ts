/**
 * Hospitable, once Smartbnb (D): the guest's name and the real times; code, phone and e-mail in the description.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const hospitable: Dialect = {
  name: 'hospitable',
  uid: /@(?:hospitable|smartbnb)\.\w+$/i,
  prodId: /hospitable|smartbnb/i,
  summaries: [],
  namesGuests: true,
  identity: 'uid',
};
