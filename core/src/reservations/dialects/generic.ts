/**
 * Everybody else: a summary that does not say that nobody comes is somebody's stay. Taken wrongly for a stay, a block costs
 * a code that nobody is sent; taken wrongly for a block, a stay costs a guest the night.
 * @module
 */
import type { Dialect } from './dialect.ts';

export const generic: Dialect = {
  name: 'generic',
  uid: /(?:)/,
  prodId: /(?:)/,
  summaries: [
    { pattern: /\bnot available\b/i, status: 'blocked' },
    { pattern: /^(?:blocked|closed|unavailable|maintenance|out of (?:order|service))\b/i, status: 'blocked' },
    { pattern: /^(?:tentative|provisional)\b/i, status: 'tentative' },
    { pattern: /^(?:reserved|reservation|booked|booking)\s*[-:]\s*(?<guest>.+)$/i, status: 'confirmed' },
    { pattern: /(?:)/, status: 'confirmed' },
  ],
  identity: 'uid',
};
