import assert from 'node:assert/strict';
import { lockTopics, parseLockEvent } from '@staycode/core';
import { connectLock } from '../../mqtt-lock-sim/src/mqtt.ts';
import { startBroker } from '../support/broker.ts';
import { until } from '../support/until.ts';
import { DAY_MS, FaultyLock, LOCK_ID, PIN, STAY } from './faulty-lock.ts';
import { startWatcher } from './watcher.ts';

describe('the simulated lock with faults', () => {
  const door = new FaultyLock();
  const open: { close(): Promise<void> }[] = [];
  beforeEach(() => door.start());
  afterEach(async () => {
    for (const part of open.splice(0)) await part.close();
    await door.stop();
  });

  describe('at the door', () => {
    it('shows a jam with the verdict opened, raises an alarm, and opens once it is cleared', async () => {
      await door.apply({ fault: 'jammed', on: true });
      assert.equal(await door.enter(STAY), 'opened stay');
      const { status, events } = await door.state();
      assert.equal(status.bolt, 'jammed');
      const told = events.map(({ event, reason }) => `${event} ${reason ?? ''}`);
      assert.deepEqual(told, ['LockOperation stay', 'DoorLockAlarm jammed']);
      assert.deepEqual(await door.apply({ fault: 'jammed', on: false }), []);
      assert.equal((await door.state()).status.bolt, 'jammed');
      assert.equal(await door.enter(PIN), 'opened pin');
      assert.equal((await door.state()).status.bolt, 'unsecured');
    });

    it('raises an alarm with a number of its own when the door is forced', async () => {
      await door.enter(STAY);
      await door.apply({ fault: 'forced' });
      await door.enter(PIN);
      const { events } = await door.state();
      assert.deepEqual(
        events.map(({ reason }) => reason),
        ['stay', 'forced', 'pin'],
      );
      assert.equal(new Set(events.map(({ seq }) => seq)).size, 3);
    });

    it('is tampered with from then on until a code opens it, and shows how far its log has come', async () => {
      const { last } = door.lock.health().log;
      await door.apply({ fault: 'forced' });
      assert.deepEqual([door.lock.status().tampered, door.lock.health().log.last], [true, last + 1]);
      await door.enter(STAY);
      assert.deepEqual([door.lock.status().tampered, door.lock.health().log.last], [false, last + 2]);
    });

    it('says whether its door stands open, as it does after it was forced, and nothing of it without a contact', async () => {
      assert.equal(door.lock.status().door, 'closed');
      await door.apply({ fault: 'forced' });
      assert.equal(door.lock.status().door, 'open');
      await door.apply({ fault: 'door-open', on: false });
      assert.equal(door.lock.status().door, 'closed');
      await door.apply({ fault: 'door-open', on: true });
      assert.equal(door.lock.status().door, 'open');
      await door.apply({ fault: 'no-contact', on: true });
      assert.equal(door.lock.status().door, null);
    });

    it('is locked out after too many wrong entries, until the wait is over', async () => {
      for (let i = 0; i < 5; i++) await door.enter('000000');
      assert.equal(door.lock.health().lockout, true);
      door.clock.pass(DAY_MS);
      assert.equal(door.lock.health().lockout, false);
    });

    it('moves on an unsigned word that its host trusts, and has it on record as remote', async () => {
      await door.lock.operateUnsigned('unlock');
      assert.equal(door.lock.status().bolt, 'unsecured');
      assert.equal(door.lock.recentEvents(1)[0]?.source, 'Remote');
    });

    it('can raise none without power', async () => {
      await door.cutPower();
      assert.equal((await door.post('/api/faults', { fault: 'forced' })).status, 503);
    });

    it('shows a low battery, and none again', async () => {
      await door.apply({ fault: 'battery-low', on: true, percent: 4 });
      assert.equal((await door.state()).status.battery, 4);
      await door.apply({ fault: 'battery-low', on: false });
      assert.equal((await door.state()).status.battery, null);
    });
  });

  describe('on the network', () => {
    const topics = lockTopics(LOCK_ID);

    const connect = async () => {
      const broker = await startBroker();
      const watcher = await startWatcher(broker.url, 'staycode/#');
      const lines: string[] = [];
      const link = connectLock(door.lock, {
        url: broker.url,
        reconnectMs: 20,
        log: (line) => lines.push(line),
      });
      open.push(link, watcher, { close: () => broker.stop() });
      await watcher.next(topics.availability, 'online');
      return { watcher, link, lines };
    };

    it('is offline by its last will while the network is off, opens all the same, and comes back', async () => {
      const { watcher, link, lines } = await connect();
      await door.apply({ fault: 'network-off', on: true });
      await watcher.next(topics.availability, 'offline');
      assert.equal(await door.enter(STAY), 'opened stay');
      assert.equal(link.connected(), false);
      await door.apply({ fault: 'network-off', on: false });
      await watcher.next(topics.availability, 'online');
      assert.deepEqual(watcher.texts(topics.event), []);
      assert.deepEqual(
        lines.map((line) => line.replace(/ mqtt:.*\d/u, '')),
        ['MQTT: connected to', 'MQTT: cut off from by a fault', 'MQTT: connected to'],
      );
    });

    it('keeps to what was switched last when the network goes and comes quickly', async () => {
      const { link } = await connect();
      for (const on of [true, false, true]) await door.lock.applyFault({ fault: 'network-off', on });
      assert.equal(link.connected(), false);
      for (const on of [false, true, false]) await door.lock.applyFault({ fault: 'network-off', on });
      await until(() => link.connected());
    });

    it('goes with the power without a goodbye, and is another boot when it comes back', async () => {
      const { watcher } = await connect();
      const before = await door.greet();
      await door.apply({ fault: 'clock-lost' });
      await watcher.next(topics.availability, 'offline');
      await watcher.next(topics.availability, 'online');
      assert.notEqual((await door.greet()).bootEpoch, before.bootEpoch);
    });

    it('tells an alarm as it happens', async () => {
      const { watcher } = await connect();
      await door.apply({ fault: 'forced' });
      assert.equal(parseLockEvent(await watcher.next(topics.event)).event, 'DoorLockAlarm');
    });
  });
});
