/**
 * Everybody else, and every word that a dialect does not know: a summary that does not say that nobody comes is somebody's
 * stay. Taken wrongly for a stay, a block costs a code that nobody is sent; taken wrongly for a block, a stay costs a guest
 * the night.
 * @module
 */
import type { Dialect } from './dialect.ts';
import { WORD_RULES } from './words.ts';

export const generic: Dialect = {
  name: 'generic',
  summaries: [
    { pattern: /\bnot available\b/i, status: 'blocked' },
    ...WORD_RULES,
    { pattern: /^(?:blocked|closed|unavailable|maintenance|out of (?:order|service))\b/i, status: 'blocked' },
    { pattern: /^(?:cleaning|housekeeping|owner(?:'s)? (?:stay|block|use))\b/i, status: 'blocked' },
    { pattern: /^(?:tentative|provisional)\b/i, status: 'tentative' },
    { pattern: /^(?:reserved|reservation|booked|booking)\b/i, status: 'confirmed' },
  ],
  identity: 'uid',
};
