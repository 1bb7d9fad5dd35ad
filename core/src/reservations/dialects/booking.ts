/**
 * Booking.com: a stay and a closure look alike, adjacent ranges merge and split, and the UID is made from the first day,
 * which rolls on at each midnight of a running stay.
 * @module
 */
import { type Dialect, LONGEST_STAY_NIGHTS } from './dialect.ts';

export const booking: Dialect = {
  name: 'booking',
  uid: /@booking\.com$/i,
  prodId: /booking\.com/i,
  summary: /^closed - not available$/i,
  summaries: [
    // With the guest's name in place of "Not available" (D).
    { pattern: /^closed - (?!not available)(?<guest>.+)$/i, status: 'confirmed' },
    { pattern: /^closed\b/i, status: 'confirmed', mayBeClosure: true, maxNights: LONGEST_STAY_NIGHTS },
  ],
  identity: 'check-out',
};
