import assert from 'node:assert/strict';
import { MUST_BE_NONE } from './judge-life.ts';
import { runSlots } from './slots.ts';

const SEED = 2026;

describe(`simulated locks that keep their own list, seeds from ${SEED}`, function () {
  this.timeout(60_000);

  it('let guests in from check-in to check-out and nobody else, and keep what strangers set', () => {
    const lines: string[] = [];
    const sums = runSlots({ seed: SEED, locks: 12, days: 40 }, (line) => lines.push(line));
    assert.ok((sums.stays ?? 0) > 150 && (sums.uses ?? 0) > 100 && (sums.verified ?? 0) > 90);
    const wrong = MUST_BE_NONE.map((name) => [name, sums[name]]);
    assert.deepEqual(
      new Set(wrong.map(([, count]) => count)),
      new Set([0]),
      `${wrong.join()} ${lines.join('; ')}`,
    );
  });
});
