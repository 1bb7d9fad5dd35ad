import assert from 'node:assert/strict';
import { createInbox } from '../../../node-red-nodes/nodes/stay-code/inbox.mts';

describe("stay-code's inbox", () => {
  it('works on one message a turn of the loop, in the order in which they came', async () => {
    const inbox = createInbox();
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) inbox.put(() => seen.push(name));
    assert.deepEqual(seen, []);
    for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(seen, expected);
    }
  });

  it('takes what comes while it works', async () => {
    const inbox = createInbox();
    const seen: string[] = [];
    inbox.put(() => {
      seen.push('a');
      inbox.put(() => seen.push('b'));
    });
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen, ['a', 'b']);
  });

  it('is emptied at once where its node ends, and not worked on twice', async () => {
    const inbox = createInbox();
    const seen: string[] = [];
    for (const name of ['a', 'b']) inbox.put(() => seen.push(name));
    inbox.empty();
    assert.deepEqual(seen, ['a', 'b']);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen, ['a', 'b']);
  });
});
