/**
 * Guesty (D): `Reservation <code>`; but `Blocked By Guesty` is written for owners' blocks, for its rolling rules, and for
 * real stays of Vrbo alike.
 * @module
 */
import { type Dialect, LONGEST_STAY_NIGHTS } from './dialect.ts';

export const guesty: Dialect = {
  name: 'guesty',
  uid: /@(?:\w+\.)?guesty\.com$/i,
  prodId: /guesty/i,
  summary: /^blocked by guesty$/i,
  summaries: [
    {
      pattern: /^blocked by guesty$/i,
      status: 'confirmed',
      mayBeClosure: true,
      maxNights: LONGEST_STAY_NIGHTS,
    },
    { pattern: /^reservation (?<code>(?=[\w-]*\d)[\w-]{4,40})$/i, status: 'confirmed' },
  ],
  identity: 'uid',
};
