import assert from 'node:assert/strict';
import { homeAssistantDevice, homeAssistantTopics, lockTopics } from '@staycode/core';
import { connectLock, type MqttLink } from '../../mqtt-lock-sim/src/mqtt.ts';
import { type Broker, startBroker } from '../support/broker.ts';
import { createFakeLock, type FakeLock, GOOD_CODE } from '../support/fake-lock-view.ts';
import { until } from '../support/until.ts';
import { startWatcher, type Watcher } from './watcher.ts';

const topics = lockTopics('flat-a');
const { discovery, bolt, resync } = homeAssistantTopics('flat-a');

describe('the lock at Home Assistant, over MQTT', () => {
  let broker: Broker;
  let lock: FakeLock;
  let watcher: Watcher;
  let link: MqttLink | undefined;
  let lines: string[];

  beforeEach(async () => {
    broker = await startBroker();
    lock = createFakeLock();
    lines = [];
    watcher = await startWatcher(broker.url, '#');
  });
  afterEach(async () => {
    await watcher.close();
    await link?.close();
    await broker.stop();
  });

  const connect = async (homeAssistant: { commands: boolean } | null): Promise<void> => {
    link = connectLock(lock, { url: broker.url, homeAssistant, log: (line) => lines.push(line) });
    await watcher.next(topics.availability, 'online');
  };
  /** Waits for what the lock says last when it says all again. */
  const sayAnd = async (topic: string, text: string, retain = false): Promise<void> => {
    await watcher.publish(topic, text, retain);
    await watcher.next(topics.availability, 'online');
  };

  it('is announced before it says anything of itself, retained', async () => {
    await connect({ commands: false });
    assert.deepEqual(watcher.texts(discovery), [homeAssistantDevice(lock)]);
    assert.ok(watcher.everything().indexOf(discovery) < watcher.everything().indexOf(topics.state));
    const late = await startWatcher(broker.url, discovery);
    assert.equal(await late.next(discovery), homeAssistantDevice(lock));
    await late.close();
  });

  it('is announced again, with its state, when Home Assistant starts or its button is pressed', async () => {
    await connect({ commands: false });
    await sayAnd('homeassistant/status', 'online');
    await sayAnd(resync, 'PRESS');
    assert.equal(watcher.texts(discovery).length, 3);
    assert.equal(watcher.texts(topics.state).length, 3);
    await watcher.publish('homeassistant/status', 'offline');
    await sayAnd(resync, 'PRESS');
    assert.equal(watcher.texts(discovery).length, 4);
  });

  it('tells no event again when it says all again', async () => {
    await connect({ commands: false });
    await lock.enter(GOOD_CODE);
    await watcher.next(topics.event);
    await sayAnd('homeassistant/status', 'online');
    await sayAnd(resync, 'PRESS');
    assert.equal(watcher.texts(topics.event).length, 1);
  });

  it('refuses to be moved from there, and says how it would not', async () => {
    await connect({ commands: false });
    await watcher.publish(bolt, 'UNLOCK');
    await until(() => lines.some((line) => line.includes('--ha-commands')));
    assert.equal(lock.status().bolt, 'secured');
  });

  it('moves where its host has opted in, but not on a kept word or an unknown one', async () => {
    await watcher.publish(bolt, 'UNLOCK', true);
    await connect({ commands: true });
    await watcher.publish(bolt, 'OPEN');
    await sayAnd(resync, 'PRESS');
    assert.equal(lock.status().bolt, 'secured');
    await watcher.publish(bolt, 'UNLOCK');
    await watcher.next(topics.event, '"source":"Remote"');
    assert.equal(lock.status().bolt, 'unsecured');
    await watcher.publish(bolt, 'LOCK');
    await watcher.next(topics.event, '"operation":"Lock"');
    assert.equal(lock.status().bolt, 'secured');
  });

  it('is not there where its host does not want it', async () => {
    await connect(null);
    await watcher.publish(resync, 'PRESS');
    lock.change({ bolt: 'jammed' });
    await watcher.next(topics.state, 'jammed');
    assert.deepEqual(watcher.texts(discovery), []);
  });
});
