import assert from 'node:assert/strict';
import { beginOpenings, siftOpenings } from '../../../core/src/programmed-locks/openings.ts';
import type { LockReport } from '../../../core/src/programmed-locks/target.ts';

/** Slot 3 opened with these numbers; the list goes up to `upTo`. */
const log = (upTo: number, numbers: readonly number[], isKept = false): LockReport => {
  return { report: 'log', upTo, isKept, openings: numbers.map((number) => ({ slot: 3, number })) };
};

/** What was new in each message. */
function newOf(start: number | null, ...messages: readonly LockReport[]): number[][] {
  let heard = beginOpenings(start);
  return messages.map((message, at) => {
    const sifted = siftOpenings(heard, [message], at * 60_000);
    ({ heard } = sifted);
    return sifted.openings.map(({ number = -1 }) => number);
  });
}

describe('openings that a lock tells of', () => {
  it('count once, however often the lock repeats its last few', () => {
    const messages = [log(7, [7]), log(8, [7, 8]), log(8, [7, 8]), log(11, [8, 10])];
    assert.deepEqual(newOf(5, ...messages), [[7], [8], [], [10]]);
    // A list that was long on its way.
    assert.deepEqual(newOf(5, log(8, [8]), log(7, [6, 7])), [[8], []]);
  });

  it('count after a start only where they are of now, and where they are not on record', () => {
    assert.deepEqual(newOf(5, log(9, [6, 7, 9])), [[9]]);
    assert.deepEqual(newOf(5, log(9, [6, 7])), [[]]);
    assert.deepEqual(newOf(9, log(9, [9])), [[]]);
    assert.deepEqual(newOf(null, log(9, [8, 9])), [[9]]);
  });

  it('that the broker had kept are old, and what comes after them is new', () => {
    assert.deepEqual(newOf(5, log(9, [8, 9], true), log(12, [9, 10])), [[], [10]]);
  });

  it('are thirty-two of a list at most, the last', () => {
    const numbers = Array.from({ length: 2_000 }, (_, i) => i + 2);
    const [, news = []] = newOf(null, log(1, [1]), log(2_001, numbers));
    assert.deepEqual([news.length, news[0], news.at(-1)], [32, 1_970, 2_001]);
  });

  it('count where a lock begins to number anew', () => {
    assert.deepEqual(newOf(900, log(2, [1, 2]), log(3, [1, 2, 3])), [[2], [3]]);
  });

  it('of a slot within a second are one, where the lock does not number them', () => {
    const opened: LockReport = { report: 'opened', slot: 3 };
    let heard = beginOpenings(null);
    const counts = [0, 400, 1_399, 2_399, 9_000].map((atMs) => {
      const sifted = siftOpenings(heard, [opened], atMs);
      ({ heard } = sifted);
      return sifted.openings.length;
    });
    assert.deepEqual(counts, [1, 0, 0, 1, 1]);
    assert.equal(siftOpenings(heard, [{ report: 'opened', slot: 4 }], 9_001).openings.length, 1);
  });
});
