import assert from 'node:assert/strict';
import { useFakeTimers } from 'sinon';
import { KEY_PAUSE_MS, KeyCollector } from '../../../node-red-nodes/nodes/stay-verify/key-collector.mts';

describe('keys that come one by one', () => {
  let keys: KeyCollector;
  const press = (...all: unknown[]): (string | null)[] => all.map((key) => keys.press(key));
  beforeEach(() => {
    keys = new KeyCollector();
  });
  afterEach(() => {
    keys.clear();
  });

  it('are an entry at the enter key, whatever it is called, and none where nothing was typed', () => {
    for (const enter of ['#', 11, '11', 'enter', 'Enter', '\r', '\r\n']) {
      assert.deepEqual(press('0', 1, '2', enter), [null, null, null, '012']);
      assert.deepEqual(press(enter), [null]);
    }
  });
  it('are an entry at the twelfth digit, and the enter key after that is none', () => {
    assert.deepEqual(press(...Array.from('123456789012'), '#').slice(-3), [null, '123456789012', null]);
  });
  it('begin anew at a star', () => {
    for (const clear of ['*', 10, '10', 'clear']) assert.equal(press('1', clear, '2', '#').at(-1), '2');
  });
  it('are forgotten after a pause', () => {
    const clock = useFakeTimers();
    try {
      press('1');
      clock.tick(KEY_PAUSE_MS - 1);
      press('2');
      clock.tick(KEY_PAUSE_MS - 1);
      assert.equal(press('3', '#').at(-1), '123');
      press('4');
      clock.tick(KEY_PAUSE_MS);
      assert.equal(press('5', '#').at(-1), '5');
    } finally {
      clock.restore();
    }
  });
  it('are refused where they are no keys, and say nothing of what came', () => {
    for (const wrong of ['12', '', 'A', '１', 12, -1, 1.5, null, undefined, ['1'], true]) {
      keys.press('7');
      assert.throws(() => keys.press(wrong), { code: 'bad-entry', message: /^expected one key/u });
      assert.equal(keys.press('#'), null);
    }
  });
});
