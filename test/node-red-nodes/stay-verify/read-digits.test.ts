import assert from 'node:assert/strict';
import { StaycodeError } from '@staycode/core';
import {
  checkDigits,
  findTyped,
  forgetTyped,
  readKeypadRequest,
} from '../../../node-red-nodes/nodes/stay-verify/read-digits.mts';

describe('digits in a message', () => {
  it('are a text, or an object with digits, or what a Zigbee2MQTT keypad sends', () => {
    for (const value of ['012345', { digits: '012345' }, { action: 'disarm', action_code: '012345' }])
      assert.equal(checkDigits(findTyped(value), 'msg.payload'), '012345');
  });

  it('are taken as our message to the guest words them, and at the end of a line', () => {
    for (const value of ['0123 4567 8901', '012345-678901', '0123\u00a04567\u00a08901', ' 012345678901\r\n'])
      assert.equal(checkDigits(findTyped(value), 'msg.payload'), '012345678901');
  });

  it('are none where a keypad tells of something else', () => {
    for (const value of ['', {}, { battery: 80 }, { action: 'emergency', action_code: null }])
      assert.equal(findTyped(value), '');
  });

  it('are refused as a number, with the reason, and as anything else that is no text of digits', () => {
    const refused: [unknown, RegExp][] = [
      [12345, /^msg\.payload: .* a number, which has no leading zeros: choose text where it comes from$/u],
      ['12.34', /other characters$/u],
      ['１２３４', /other characters$/u],
      [undefined, /got nothing$/u],
      [null, /got nothing$/u],
      [['1'], /got a list$/u],
      [Buffer.from('1234'), /got a buffer$/u],
      [true, /got a boolean$/u],
    ];
    for (const [value, message] of refused) {
      assert.throws(
        () => checkDigits(findTyped(value), 'msg.payload'),
        (error) =>
          error instanceof StaycodeError && error.code === 'bad-entry' && message.test(error.message),
      );
    }
  });

  it('leave no copy in the message, wherever it was, and all else stays', () => {
    class Socket {
      data = '123456';
    }
    const msg: Record<string, unknown> = {
      originalMessage: { text: '123456', chat: { id: 7 } },
      list: [{ code: '123456', kept: true }],
      req: { body: { digits: '123456' } },
      res: { _res: new Socket() },
      note: 'mine',
    };
    msg.self = msg;
    forgetTyped(msg, '123456');
    const { self, res, ...rest } = msg;
    assert.equal(self, msg);
    assert.ok(res);
    assert.deepEqual(rest, { originalMessage: { chat: { id: 7 } }, list: [{ kept: true }], note: 'mine' });
  });

  it('come with what the answer to a Zigbee2MQTT keypad needs', () => {
    const value = { action: 'disarm', action_code: '123456', action_transaction: 9, battery: 80 };
    assert.deepEqual(readKeypadRequest(value), { action: 'disarm', action_transaction: 9 });
    assert.equal(readKeypadRequest('123456'), null);
  });
});
