import assert from 'node:assert/strict';
import {
  readPolicy,
  readTarget,
  type TargetSettings,
} from '../../../node-red-nodes/nodes/stay-program/read-target.mts';

const zigbee: TargetSettings = {
  target: 'zigbee2mqtt',
  topic: 'zigbee2mqtt/Door',
  firstSlot: '1',
  slotCount: '9',
};

describe('the settings of a lock to program', () => {
  it('take numbers as the editor keeps them, and a topic with a slash too many', () => {
    const target = readTarget({ ...zigbee, topic: ' zigbee2mqtt/Door/ ' }, 'UTC');
    assert.deepEqual(target.topics, ['zigbee2mqtt/Door']);
    assert.deepEqual(target.slots, { chosenBy: 'host', first: 1, count: 9 });
    const zwave = { ...zigbee, target: 'zwave-js-ui', zwaveNode: 7, hasSchedules: true } as const;
    assert.equal(readTarget(zwave, 'UTC').keepsWindow, 'apart');
    assert.equal(readTarget({ ...zigbee, target: 'nuki-hub' }, 'UTC').keepsWindow, 'with-code');
  });
  it('are refused where they make no lock', () => {
    for (const wrong of [
      { topic: '' },
      { topic: 'a/#' },
      { slotCount: 0 },
      { slotCount: '' },
      { firstSlot: 'x' },
    ])
      assert.throws(() => readTarget({ ...zigbee, ...wrong }, 'UTC'), { code: 'bad-config' });
    assert.throws(() => readTarget({ ...zigbee, target: 'zwave-js-ui' }, 'UTC'), { code: 'bad-config' });
  });
  it('say how long before check-in a code opens where the lock keeps no times: an hour unless told', () => {
    assert.equal(readPolicy(zigbee).leadMs, 3_600_000);
    assert.equal(readPolicy({ ...zigbee, leadHours: '4' }).leadMs, 4 * 3_600_000);
    for (const leadHours of [0, 25, '', 1.5])
      assert.throws(() => readPolicy({ ...zigbee, leadHours }), { code: 'bad-config' });
  });
});
