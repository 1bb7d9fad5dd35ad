import assert from 'node:assert/strict';
import { ownTurn } from '../../node-red-nodes/nodes/own-turn.mts';

describe('works that come at once', () => {
  it('are worked on in turns of their own, in the order in which they came', async () => {
    let turn = 0;
    let isOver = false;
    const count = (): void => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const seen: [number, number][] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (calendar) => {
        await ownTurn();
        seen.push([calendar, turn]);
      }),
    );
    isOver = true;
    assert.deepEqual(
      seen.map(([calendar]) => calendar),
      [0, 1, 2, 3],
    );
    assert.equal(new Set(seen.map(([, at]) => at)).size, 4, 'a turn for each');
  });
});
