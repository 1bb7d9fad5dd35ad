import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type Broker, startBroker } from '../support/broker.ts';
import { type BrokerConnection, connectToBroker } from '../../homebridge-plugin/src/broker-connection.ts';
import { WiredLock } from './wired-lock.ts';

describe('broker connection', () => {
  let broker: Broker;
  let lock: WiredLock;
  let connection: BrokerConnection | undefined;
  let told: string[];

  beforeEach(async () => {
    broker = await startBroker();
    lock = new WiredLock(broker.url);
    told = [];
  });
  afterEach(async () => {
    connection?.close();
    await lock.leave();
    await broker.stop();
  });

  function open(password: string | null = null, url: string = broker.url): BrokerConnection {
    connection = connectToBroker(
      { url, username: 'host', password },
      {
        topics: [lock.topics.availability],
        up: () => told.push('up'),
        down: () => told.push('down'),
        messageCame: ({ text, retained }) => told.push(retained ? `${text} retained` : text),
        trouble: (what) => told.push(what),
      },
    );
    return connection;
  }
  async function untilTold(line: string, times = 1): Promise<void> {
    while (told.filter((each) => each === line).length < times) await pause(20);
  }

  it('hands on messages after each connect', async () => {
    open();
    await untilTold('up');
    await lock.join();
    await untilTold('online');
    await broker.stop();
    await untilTold('down');
    broker = await startBroker({ port: broker.port });
    await untilTold('up', 2);
    // The lock, back before us or after, has said so to the broker or to us.
    while (told.filter((each) => each.startsWith('online')).length < 2) await pause(20);
  });

  it('marks what the broker had kept', async () => {
    await lock.join();
    open();
    await untilTold('online retained');
    await lock.publishAvailability('online');
    await untilTold('online');
  });

  it('tries on where the broker refuses it, tells so once, and never the password', async () => {
    await broker.stop();
    broker = await startBroker({ port: broker.port, password: 'right-one' });
    open('right-one-not');
    while (told.filter((each) => each === 'down').length < 2) await pause(20);
    await broker.stop();
    broker = await startBroker({ port: broker.port, password: 'right-one-not' });
    await untilTold('up');
    const refusals = told.filter((each) => each.includes('Not authorized'));
    assert.deepEqual(refusals, ['no connection, trying again: Connection refused: Not authorized']);
    assert.ok(told.every((each) => !each.includes('right-one')));
  });

  it('uses the user and password that are set rather than those in the address', async () => {
    await broker.stop();
    broker = await startBroker({ port: broker.port, password: 'set' });
    open('set', broker.url.replace('//', '//somebody:else@'));
    await untilTold('up');
  });

  it('sends nothing later that was published while the broker was away', async () => {
    await broker.stop();
    const early = open();
    early.publish(lock.topics.command, 'early');
    await untilTold('down');
    early.publish(lock.topics.command, 'early');
    broker = await startBroker({ port: broker.port });
    await lock.join();
    await untilTold('up');
    early.publish(lock.topics.command, 'now');
    while (lock.received.length === 0) await pause(20);
    assert.deepEqual(lock.received, ['now']);
  });
});
