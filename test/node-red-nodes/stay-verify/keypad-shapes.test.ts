import assert from 'node:assert/strict';
import {
  checkDigits,
  findTyped,
  readKeypadRequest,
} from '../../../node-red-nodes/nodes/stay-verify/read-digits.mts';

/** What the keypads of docs/keypads.md send, as their documents show it, with an example's digits in it. */
const SHAPES: Readonly<Record<string, unknown>> = {
  'Zigbee2MQTT: Develco KEYZB-110, frient KEPZB-110, Xfinity XHK1': {
    ...{ action: 'disarm', action_code: '012345678901', action_transaction: 99, action_zone: 23 },
    ...{ battery: 80, battery_low: false, tamper: false, voltage: 5100 },
  },
  'ESPHome key_collector, its on_result published as the page has it': { digits: '012345678901' },
  'ESPHome text_sensor on key_collector through Home Assistant, state only': { digits: '012345678901' },
  'a dashboard’s form': { digits: '012345678901' },
  'a text, as a dashboard’s text field sends it': '012345678901',
};

describe('the keypads of the table', () => {
  for (const [name, payload] of Object.entries(SHAPES)) {
    it(`are read as they send: ${name}`, () => {
      assert.equal(checkDigits(findTyped(payload), 'msg.payload'), '012345678901');
    });
  }
  it('that want an answer keep what it has to name', () => {
    const [zigbee] = Object.values(SHAPES);
    assert.deepEqual(readKeypadRequest(zigbee), { action: 'disarm', action_transaction: 99 });
  });
});
