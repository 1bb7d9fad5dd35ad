import assert from 'node:assert/strict';
import { isLockedOut, isTampered, type LockRecord } from '@staycode/core';
import { newMemory } from '../../../core/src/lock/memory.ts';

const moment = { atMs: 1_000_000, clock: 'running', poweredMs: 5_000 } as const;
const forced: LockRecord = { type: 'alarm', ...moment, alarm: 'forced' };
const jammed: LockRecord = { type: 'alarm', ...moment, alarm: 'jammed' };
const boot: LockRecord = { type: 'boot', ...moment };
const entry = (outcome: 'opened' | 'refused'): LockRecord => {
  const reason = outcome === 'opened' ? 'stay' : 'unknown';
  return { type: 'entry', ...moment, length: 'long', outcome, reason };
};

describe('the health of a lock', () => {
  it('is tampered with from a forced door until somebody comes in with a code', () => {
    assert.equal(isTampered([]), false);
    assert.equal(isTampered([entry('opened'), jammed]), false);
    assert.equal(isTampered([entry('opened'), forced]), true);
    assert.equal(isTampered([forced, jammed, boot, entry('refused')]), true);
    assert.equal(isTampered([forced, entry('opened')]), false);
  });

  it('is locked out while entries of either length are refused unexamined', () => {
    const memory = newMemory(moment);
    const now = { ...moment, poweredMs: 60_000 };
    assert.equal(isLockedOut(memory, now), false);
    for (const length of ['short', 'long'] as const) {
      const closed = { ...memory.guesses[length], closedAtPoweredMs: 50_000, waitMs: 30_000 };
      const locked = { ...memory, guesses: { ...memory.guesses, [length]: closed } };
      assert.equal(isLockedOut(locked, now), true);
      assert.equal(isLockedOut(locked, { ...now, poweredMs: 80_000 }), false);
    }
  });
});
