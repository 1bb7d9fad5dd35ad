import assert from 'node:assert/strict';
import type { LockCommand } from '../../../core/src/programmed-locks/target.ts';
import { nukiHubLock } from '../../../core/src/programmed-locks/targets/nuki-hub.ts';
import { zigbee2mqttLock } from '../../../core/src/programmed-locks/targets/zigbee2mqtt.ts';
import { zwaveJsUiLock } from '../../../core/src/programmed-locks/targets/zwave-js-ui.ts';
import { ZigbeeLock } from '../../support/programmed-locks/zigbee-lock.ts';

const window = { startsAtMs: Date.UTC(2026, 11, 1, 14), endsAtMs: Date.UTC(2026, 11, 5, 9) };
const set = (slot: number | null): LockCommand => ({
  do: 'set',
  slot,
  label: 'Staycode 0123456789',
  pin: '589472',
  window,
});

describe('Nuki Hub', () => {
  const target = nukiHubLock({ topic: 'nukihub/lock', zone: 'Europe/Berlin', count: 20 });
  const sent = (command: LockCommand): unknown => JSON.parse(target.write(command)[0]?.payload ?? '');
  const times = { timeLimited: '1', allowedFrom: '2026-12-01 15:00:00', allowedUntil: '2026-12-05 10:00:00' };
  const list = [
    { codeId: 1001, enabled: 1, name: 'Staycode 0123456789', ...times, timeLimited: 1 },
    { codeId: 1002, enabled: 1, name: 'Cleaner', timeLimited: 0, allowedFrom: '0000-00-00 00:00:00' },
  ];

  it("adds a code with its window in the lock's own time, and updates the one that it has", () => {
    const code = { code: '589472', name: 'Staycode 0123456789', ...times };
    assert.deepEqual(sent(set(null)), { action: 'add', ...code });
    assert.deepEqual(sent(set(1001)), { action: 'update', codeId: '1001', enabled: '1', ...code });
    assert.deepEqual(sent({ do: 'clear', slot: 1001 }), { action: 'delete', codeId: '1001' });
    assert.equal(target.write(set(null))[0]?.topic, 'nukihub/lock/keypad/actionJson');
  });

  it('reads the list that the hub publishes, which holds no digits', () => {
    const [report] = target.read({ topic: 'nukihub/lock/keypad/json', payload: JSON.stringify(list) });
    assert.ok(report?.report === 'list');
    assert.deepEqual(report.entries.get(1001), { pin: null, label: 'Staycode 0123456789', window });
    assert.deepEqual(report.entries.get(1002), { pin: null, label: 'Cleaner', window: null });
  });

  it('reads what went wrong, and nothing from success', () => {
    const result = (payload: string) =>
      target.read({ topic: 'nukihub/lock/keypad/commandResultJson', payload });
    assert.deepEqual(result('success'), []);
    const message = 'Nuki Hub answered noValidCodeSet';
    assert.deepEqual(result('noValidCodeSet'), [{ report: 'refused', slot: null, isTaken: false, message }]);
  });

  it('reads from the log which code opened, not one that was refused', () => {
    const entry = {
      index: 7,
      type: 'KeypadAction',
      action: 'Unlock',
      trigger: 'code',
      completionStatus: 'success',
      codeId: 1001,
    };
    const log = [
      entry,
      { ...entry, index: 8, codeId: 1002, completionStatus: 'notAuthorized' },
      { index: 6, type: 'DoorSensor' },
    ];
    const message = { topic: 'nukihub/lock/shortLog', payload: JSON.stringify(log) };
    const openings = [{ slot: 1001, number: 7 }];
    assert.deepEqual(target.read(message), [{ report: 'log', upTo: 8, isKept: false, openings }]);
    assert.deepEqual(target.read({ ...message, isRetained: true }), [
      { report: 'log', upTo: 8, isKept: true, openings },
    ]);
    assert.deepEqual(target.read({ ...message, payload: '--' }), []);
  });
});

describe('Z-Wave JS UI', () => {
  const options = { gateway: 'zwave/_CLIENTS/ZWAVE_GATEWAY-home', nodeId: 7, slots: { first: 1, count: 30 } };
  const target = zwaveJsUiLock({ ...options, scheduleZone: 'Europe/Berlin' });
  const node = { nodeId: 7, endpoint: 0 };
  const sent = (command: LockCommand): unknown[] =>
    target
      .write(command)
      .map(({ topic, payload }) => [topic.split('/').at(-2), JSON.parse(payload) as unknown]);
  const schedule = {
    ...{ startYear: 26, startMonth: 12, startDay: 1, startHour: 15, startMinute: 0 },
    ...{ stopYear: 26, stopMonth: 12, stopDay: 5, stopHour: 10, stopMinute: 0 },
  };
  const answer = (args: unknown[], result: unknown, success = true) =>
    target.read({
      topic: 'zwave/_CLIENTS/ZWAVE_GATEWAY-home/api/sendCommand',
      payload: JSON.stringify({ success, message: 'node asleep, 589472 not set', result, origin: { args } }),
    });

  it('sets, clears and reads a user code, and its yearly schedule apart from it', () => {
    assert.deepEqual(sent(set(3)), [
      ['sendCommand', { args: [{ ...node, commandClass: 99 }, 'set', [3, 1, '589472']] }],
    ]);
    assert.deepEqual(sent({ do: 'set-window', slot: 3, window }), [
      ['setSchedule', { args: [7, 'yearly', { userId: 3, slotId: 1, ...schedule }] }],
    ]);
    assert.deepEqual(sent({ do: 'clear', slot: 3 }), [
      ['sendCommand', { args: [{ ...node, commandClass: 99 }, 'clear', [3]] }],
    ]);
    assert.equal(target.write({ do: 'read', slot: 3 }).length, 2);
    assert.equal(zwaveJsUiLock({ ...options, scheduleZone: null }).write({ do: 'read', slot: 3 }).length, 1);
  });

  it('reads an answer by the request that comes back with it', () => {
    const get = [{ ...node, commandClass: 99 }, 'get', [3]];
    const entry = { pin: '0421', label: null, window: null };
    assert.deepEqual(answer(get, { userIdStatus: 1, userCode: '0421' }), [
      { report: 'slot', slot: 3, entry },
    ]);
    const hidden = [{ report: 'slot', slot: 3, entry: { ...entry, pin: null } }];
    assert.deepEqual(answer(get, { userIdStatus: 1, userCode: '****' }), hidden);
    assert.deepEqual(answer(get, { userIdStatus: 0 }), [{ report: 'slot', slot: 3, entry: null }]);
    const getSchedule = [{ ...node, commandClass: 78 }, 'getYearDaySchedule', [{ userId: 3, slotId: 1 }]];
    assert.deepEqual(answer(getSchedule, schedule), [{ report: 'window', slot: 3, window }]);
    assert.deepEqual(answer(getSchedule, undefined), [{ report: 'window', slot: 3, window: null }]);
    assert.deepEqual(answer([{ ...node, nodeId: 8, commandClass: 99 }, 'get', [3]], { userIdStatus: 0 }), []);
  });

  it('reads what went wrong, without the digits that the message may quote', () => {
    const refused = answer([{ ...node, commandClass: 99 }, 'set', [3, 1, '589472']], undefined, false);
    assert.deepEqual(refused, [
      { report: 'refused', slot: 3, isTaken: false, message: 'node asleep, … not set' },
    ]);
  });

  it('reads that the lock takes no schedule', () => {
    const args = [7, 'yearly', { userId: 3, slotId: 1, ...schedule }];
    const payload = JSON.stringify({ success: false, message: 'not supported', origin: { args } });
    const topic = 'zwave/_CLIENTS/ZWAVE_GATEWAY-home/api/setSchedule';
    const refused = { report: 'refused', slot: 3, isTaken: false, message: 'not supported' };
    assert.deepEqual(target.read({ topic, payload }), [refused]);
    assert.deepEqual(target.read({ topic, payload, isRetained: true }), []);
  });

  it('reads notifications: which code opened, and which PIN is taken', () => {
    const notify = (event: number, id = 7) => {
      const data = [{ id }, 113, { type: 6, event, label: 'Access Control', parameters: { userId: 3 } }];
      const topic = 'zwave/_EVENTS/ZWAVE_GATEWAY-home/node/node_notification';
      return target.read({ topic, payload: JSON.stringify({ data }) });
    };
    assert.deepEqual(notify(6), [{ report: 'opened', slot: 3 }]);
    assert.deepEqual(notify(6, 8), []);
    const [taken] = notify(15);
    assert.ok(taken?.report === 'refused' && taken.isTaken);
  });
});

describe('Zigbee2MQTT', () => {
  const target = zigbee2mqttLock({ topic: 'zigbee2mqtt/Front door', slots: { first: 0, count: 30 } });
  const state = (payload: object, isRetained = false) =>
    target.read({ topic: 'zigbee2mqtt/Front door', payload: JSON.stringify(payload), isRetained });

  it('sends a PIN as text, so that a 0 in front stays', () => {
    const [message] = target.write({ ...(set(3) as LockCommand & { do: 'set' }), pin: '042100' });
    const pin_code = { user: 3, user_type: 'unrestricted', user_enabled: true, pin_code: '042100' };
    assert.deepEqual(message, { topic: 'zigbee2mqtt/Front door/set', payload: JSON.stringify({ pin_code }) });
  });

  it('is understood by the real converters, and understands them', () => {
    const lock = new ZigbeeLock({ count: 30, exposesPins: true });
    const read = (): unknown[] =>
      target
        .write({ do: 'read', slot: 3 })
        .flatMap((one) => lock.receive(one, 0).flatMap((answer) => target.read(answer)));
    assert.deepEqual(read(), [{ report: 'slot', slot: 3, entry: null }]);
    for (const message of target.write({ ...(set(3) as LockCommand & { do: 'set' }), pin: '042100' }))
      lock.receive(message, 0);
    assert.equal(lock.codes.get(3)?.pin, '042100');
    assert.deepEqual(read(), [
      { report: 'slot', slot: 3, entry: { pin: '042100', label: null, window: null } },
    ]);
    const used = lock.enter('042100', 1).messages.flatMap((message) => target.read(message));
    assert.deepEqual(used.at(-1), { report: 'opened', slot: 3 });
    for (const message of target.write({ do: 'clear', slot: 3 })) lock.receive(message, 2);
    assert.equal(lock.codes.size, 0);
    assert.deepEqual(lock.complaints, []);
  });

  it('reads which code opened, in both ways that locks say it, and not from a message that the broker kept', () => {
    const opened = [{ report: 'opened', slot: 3 }];
    assert.deepEqual(state({ action: 'unlock', action_source_name: 'keypad', action_user: 3 }), opened);
    assert.deepEqual(state({ action: 'keypad_unlock', action_user: 3 }), opened);
    assert.deepEqual(state({ action: 'keypad_unlock', action_user: 3 }, true), []);
    assert.deepEqual(state({ action: 'unlock', action_source_name: 'rf', action_user: 3 }), []);
    assert.deepEqual(state({ action: 'keypad_unlock' }), []);
  });
});

describe('targets', () => {
  const slots = { first: 1, count: 9 };
  const targets = [
    nukiHubLock({ topic: 'nukihub/lock', zone: 'UTC', count: 20 }),
    zwaveJsUiLock({ gateway: 'zwave/_CLIENTS/ZWAVE_GATEWAY-home', nodeId: 7, slots, scheduleZone: 'UTC' }),
    zigbee2mqttLock({ topic: 'zigbee2mqtt/Front door', slots }),
  ];
  const junk = [
    '',
    '--',
    'null',
    '[]',
    '[null]',
    '{}',
    '{"users":{"x":1}}',
    '{"origin":{"args":[]}}',
    '[{"codeId":{}}]',
    '{',
  ];

  it('read nothing from junk and never throw', () => {
    for (const target of targets) {
      for (const topic of target.topics.filter((one) => !one.endsWith('commandResultJson'))) {
        for (const payload of junk) {
          const reports = target.read({ topic, payload }).filter((report) => report.report !== 'list');
          assert.deepEqual(reports, [], `${topic} ${payload}`);
        }
      }
    }
  });
});
