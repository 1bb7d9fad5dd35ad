import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect as joinTo, createServer } from 'node:net';
import { lockTopics, parseLockEvent, parseLockState, StaycodeError } from '@staycode/core';
import { connectLock, type MqttLink, type MqttOptions } from '../../mqtt-lock-sim/src/mqtt.ts';
import { type Broker, startBroker } from '../support/broker.ts';
import { createFakeLock, type FakeLock, GOOD_CODE } from '../support/fake-lock-view.ts';
import { startForwarder } from '../support/forwarder.ts';
import { until } from '../support/until.ts';
import { startWatcher, type Watcher } from './watcher.ts';

const topics = lockTopics('flat-a');

describe('the lock on MQTT', () => {
  let broker: Broker;
  let lock: FakeLock;
  let lines: string[];
  const open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    broker = await startBroker();
    lock = createFakeLock();
    lines = [];
  });
  afterEach(async () => {
    for (const part of open.splice(0)) await part.close();
    await broker.stop();
  });

  const connect = (options: Partial<MqttOptions> = {}): MqttLink => {
    const link = connectLock(lock, {
      url: broker.url,
      reconnectMs: 20,
      log: (line) => lines.push(line),
      ...options,
    });
    open.push(link);
    return link;
  };
  const watch = async (topic = 'staycode/#'): Promise<Watcher> => {
    const watcher = await startWatcher(broker.url, topic);
    open.push(watcher);
    return watcher;
  };

  it('says online with its state, retained, so that a late subscriber knows both', async () => {
    const early = await watch();
    connect();
    await early.next(topics.availability, 'online');
    const late = await watch();
    assert.equal(await late.next(topics.availability), 'online');
    const state = parseLockState(await late.next(topics.state));
    assert.deepEqual([state.lockId, state.bolt], ['flat-a', 'secured']);
  });

  it('repeats its state with every heartbeat', async () => {
    connect({ heartbeatMs: 20 });
    const watcher = await watch();
    for (let i = 0; i < 3; i++) await watcher.next(topics.state);
  });

  it('tells each change, and the event that caused it, once and not retained', async () => {
    const watcher = await watch();
    connect();
    await watcher.next(topics.availability, 'online');
    await lock.enter(GOOD_CODE);
    assert.equal(parseLockEvent(await watcher.next(topics.event)).reason, 'stay');
    lock.change({ bolt: 'jammed' });
    await watcher.next(topics.state, 'jammed');
    assert.equal(watcher.texts(topics.event).length, 1);
    const late = await watch();
    await late.next(topics.state);
    assert.equal(late.texts(topics.event).length, 0);
    assert.ok(!watcher.everything().includes(GOOD_CODE));
  });

  it('carries a command to the lock and its answer back', async () => {
    const watcher = await watch();
    connect();
    await watcher.next(topics.availability, 'online');
    await watcher.publish(topics.command, 'open, please');
    assert.equal(await watcher.next(topics.answer), 'answer to open, please');
  });

  it('hands a retained command to the lock as one', async () => {
    const watcher = await watch();
    await watcher.publish(topics.command, 'left here yesterday', true);
    connect();
    await watcher.next(topics.availability, 'online');
    await watcher.publish(topics.command, 'fresh');
    await watcher.next(topics.answer, 'fresh');
    assert.deepEqual(lock.commands, ['retained left here yesterday', 'fresh']);
  });

  it('stays connected when the lock fails at a command', async () => {
    const watcher = await watch();
    const link = connect();
    await watcher.next(topics.availability, 'online');
    lock.breakDown();
    await watcher.publish(topics.command, 'anything');
    await until(() => lines.includes('MQTT: a message could not be taken: the journal is full'));
    assert.ok(link.connected());
  });

  it('says offline before it goes', async () => {
    const watcher = await watch();
    const link = connect();
    await watcher.next(topics.availability, 'online');
    await link.close();
    await watcher.next(topics.availability, 'offline');
    const late = await watch();
    assert.equal(await late.next(topics.availability), 'offline');
    assert.ok(!link.connected());
  });

  it('goes although the broker does not answer any more, and is then offline by its last will', async () => {
    const through = await startForwarder(broker.port);
    open.push(through);
    const watcher = await watch();
    const link = connect({ url: `mqtt://127.0.0.1:${through.port}` });
    await watcher.next(topics.availability, 'online');
    through.swallow();
    await link.close();
    through.cut();
    await watcher.next(topics.availability, 'offline');
  });

  it('is said to be offline by its last will when its connection dies', async () => {
    const through = await startForwarder(broker.port);
    open.push(through);
    const watcher = await watch();
    connect({ url: `mqtt://127.0.0.1:${through.port}`, reconnectMs: 600_000 });
    await watcher.next(topics.availability, 'online');
    through.cut();
    await watcher.next(topics.availability, 'offline');
  });

  it('is online in the end when it starts again before the broker knows its old connection to be dead', async () => {
    const through = await startForwarder(broker.port);
    open.push(through);
    const watcher = await watch();
    connect({ url: `mqtt://127.0.0.1:${through.port}`, reconnectMs: 600_000 });
    await watcher.next(topics.availability, 'online');
    through.cutNearEnds();
    connect();
    await watcher.next(topics.availability, 'offline');
    await watcher.next(topics.availability, 'online');
    assert.deepEqual(watcher.texts(topics.availability), ['online', 'offline', 'online']);
  });

  it('is online again after the broker was gone, and keeps for it nothing of what happened meanwhile', async () => {
    const link = connect();
    await until(() => link.connected());
    await broker.stop();
    await until(() => !link.connected());
    lock.happen({ operation: 'Unlock', reason: 'stay' });
    lock.change({ bolt: 'unsecured' });
    broker = await startBroker({ port: broker.port });
    await until(() => broker.published(topics.availability).length > 0);
    assert.equal(parseLockState(broker.published(topics.state).join()).bolt, 'unsecured');
    assert.deepEqual(broker.published(topics.event), []);
    assert.equal(
      lines.filter((line) => line === `MQTT: connected to ${broker.url} with version 3.1.1`).length,
      2,
    );
  });

  it('writes one line however often it tries', async () => {
    let tries = 0;
    const closing = createServer((socket) => {
      tries += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(closing, 'listening');
    const { port } = closing.address() as AddressInfo;
    const link = connect({ url: `mqtt://127.0.0.1:${port}` });
    await until(() => tries > 3);
    await link.close();
    closing.close();
    assert.deepEqual(lines, [
      `MQTT: mqtt://127.0.0.1:${port}: no connection, trying again: the connection was closed`,
    ]);
  });

  it('speaks 3.1.1, at once, with a broker that hangs up on MQTT 5', async () => {
    const gate = createServer((near) => {
      near.once('data', (hello) => {
        // CONNECT's protocol level stands behind the name MQTT (3.1.2.2).
        if (hello[hello.indexOf('MQTT') + 4] === 5) {
          near.destroy();
          return;
        }
        const far = joinTo(broker.port, '127.0.0.1');
        far.write(hello);
        near.pipe(far).pipe(near);
        near.on('close', () => far.destroy());
      });
    }).listen(0, '127.0.0.1');
    await once(gate, 'listening');
    const url = `mqtt://127.0.0.1:${(gate.address() as AddressInfo).port}`;
    const link = connect({ url, reconnectMs: 600_000 });
    await until(() => link.connected());
    await link.close();
    gate.close();
    assert.deepEqual(lines, [`MQTT: connected to ${url} with version 3.1.1`]);
  });

  it('does not send again, after a reconnect, an event that was on its way when the connection died', async () => {
    const through = await startForwarder(broker.port);
    open.push(through);
    const watcher = await watch();
    connect({ url: `mqtt://127.0.0.1:${through.port}` });
    await watcher.next(topics.availability, 'online');
    through.swallow();
    lock.happen({ operation: 'Unlock', reason: 'stay' });
    await until(() => through.swallowed() > 0);
    through.cut();
    await watcher.next(topics.availability, 'offline');
    await watcher.next(topics.availability, 'online');
    lock.happen({ operation: 'Lock', source: 'Auto' });
    assert.equal(parseLockEvent(await watcher.next(topics.event)).operation, 'Lock');
  });

  it('keeps trying while a broker refuses its password, and tells the reason but not the password', async () => {
    await broker.stop();
    broker = await startBroker({ port: broker.port, password: 'right' });
    const url = broker.url.replace('//', '//lock:in-the-address@');
    const link = connect({ url, username: 'lock', password: 'wrong' });
    await until(() => lines.some((line) => line.includes('Connection refused')));
    await broker.stop();
    broker = await startBroker({ port: broker.port, password: 'wrong' });
    await until(() => link.connected());
    assert.ok(!lines.join('\n').includes('wrong'));
    assert.ok(!lines.join('\n').includes('in-the-address'));
  });

  it('asks again for the commands that a broker refuses it, as a cluster does that has just lost a node', async () => {
    await broker.stop();
    let refusals = 0;
    const grants = (topic: string): boolean => topic !== topics.command || ++refusals > 1;
    broker = await startBroker({ port: broker.port, grants });
    const watcher = await watch();
    connect();
    await until(() => lines.some((line) => line.includes(`refuses to let us read ${topics.command}: `)));
    await until(() => refusals > 1);
    await watcher.publish(topics.command, 'open, please');
    assert.equal(await watcher.next(topics.answer), 'answer to open, please');
  });

  it('neither throws nor hangs where there was never a broker, and closes at once', async () => {
    for (const url of ['mqtt://127.0.0.1:1', 'mqtt://no-such-host.invalid']) {
      const before = lines.length;
      const link = connect({ url });
      await until(() => lines.length > before);
      assert.ok(!link.connected());
      await link.close();
    }
  });

  it('refuses an address that is no MQTT one, without repeating it', () => {
    for (const url of ['', 'broker', 'http://user:secret@broker', 'mqtt://', 'mqtt://broker:99999']) {
      assert.throws(
        () => connect({ url }),
        (error) =>
          error instanceof StaycodeError && error.code === 'bad-config' && !error.message.includes('secret'),
        url,
      );
    }
  });
});
