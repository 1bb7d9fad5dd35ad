import assert from 'node:assert/strict';
import { formatInstant, parseInstant } from '../../core/src/instant.ts';

describe('formatInstant', () => {
  it('writes whole seconds without a fraction, and others with all three digits, as programs compare them as text', () => {
    const atMs = Date.UTC(2026, 10, 27, 14);
    assert.equal(formatInstant(atMs), '2026-11-27T14:00:00Z');
    for (const ms of [90, 100, 7]) assert.equal(formatInstant(atMs + ms), new Date(atMs + ms).toISOString());
    assert.equal(parseInstant(formatInstant(atMs + 90)), atMs + 90);
  });
});
