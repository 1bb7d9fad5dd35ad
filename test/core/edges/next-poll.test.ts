import assert from 'node:assert/strict';
import { nextPollMs } from '../../../core/src/edges/fetch-feed.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const next = (busyInARow: number, retryAfterMs: number | null = null, intervalMs = 15 * MINUTE_MS): number =>
  nextPollMs(intervalMs, { busyInARow, retryAfterMs }) / MINUTE_MS;

describe('the next poll', () => {
  it("is at the host's interval while the server is not busy", () => {
    assert.equal(next(0), 15);
  });

  it('is twice as late after each refusal, up to two hours', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5000].map((refusals) => next(refusals)),
      [30, 60, 120, 120, 120],
    );
  });

  it('is never earlier than the interval', () => {
    assert.equal(next(3, null, 6 * HOUR_MS), 360);
    assert.equal(next(0, MINUTE_MS), 15);
  });

  it('is as late as the server asks, up to a day', () => {
    assert.equal(next(1, 3 * HOUR_MS), 180);
    assert.equal(next(1, 1e12), 24 * 60);
  });
});
