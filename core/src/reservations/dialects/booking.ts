/**
 * Booking.com: a stay and a closure look alike, adjacent ranges merge and split, and the UID is made from the first day,
 * which rolls on at each midnight of a running stay.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const booking: Dialect = {
  name: 'booking',
  uid: /@booking\.com$/i,
  prodId: /booking\.com/i,
  summaries: [
    // Hardly a guest stays longer, and closures of a whole season or year are common.
    { pattern: /^closed\b/i, status: 'confirmed', mayBeClosure: true, maxNights: 31 },
  ],
  identity: 'check-out',
};
