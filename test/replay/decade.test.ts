import assert from 'node:assert/strict';
import { runDecade } from './decade.ts';

const SEED = 2026;

describe(`half a simulated year of units, seeds from ${SEED}`, function () {
  this.timeout(120_000);

  it('locks nobody out, takes back what is cancelled and changes no code without cause', () => {
    const lines: string[] = [];
    const { polls, stays, ...wrong } = runDecade({ seed: SEED, units: 16, years: 0.5 }, (line) =>
      lines.push(line),
    );
    assert.ok((polls ?? 0) > 10_000 && (stays ?? 0) > 200);
    assert.deepEqual(new Set(Object.values(wrong)), new Set([0]), lines.join('; '));
  });
});
