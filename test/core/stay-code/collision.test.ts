import assert from 'node:assert/strict';
import fc from 'fast-check';
import { collide } from '../../../core/src/stay-code/collision.ts';

const HOUR_MS = 60 * 60_000;
const NOON_MS = Date.UTC(2026, 10, 27, 12);
const hours = (from: number, to: number): { startsAtMs: number; endsAtMs: number } => ({
  startsAtMs: NOON_MS + from * HOUR_MS,
  endsAtMs: NOON_MS + to * HOUR_MS,
});

describe('collide', () => {
  it('lets neighbours share eight slots at a turnover and no more', () => {
    assert.equal(collide(hours(0, 48), hours(44, 96)), false);
    assert.equal(collide(hours(0, 48), hours(43.5, 96)), true);
  });
  it('lets a short window share half of itself and no more', () => {
    assert.equal(collide(hours(0, 48), hours(46, 50)), false);
    assert.equal(collide(hours(0, 48), hours(45.5, 49.5)), true);
  });
  it('counts no touch and no distance as shared', () => {
    assert.equal(collide(hours(0, 24), hours(24, 48)), false);
    assert.equal(collide(hours(0, 24), hours(30, 48)), false);
  });
  it('is the same both ways, and every window collides with itself', () => {
    const window = fc
      .tuple(fc.nat(500), fc.integer({ min: 1, max: 100 }))
      .map(([at, long]) => hours(at / 2, (at + long) / 2));
    fc.assert(
      fc.property(window, window, (a, b) => {
        assert.equal(collide(a, b), collide(b, a));
        assert.ok(collide(a, a));
      }),
    );
  });
});
