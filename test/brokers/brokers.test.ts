import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { BROKER_NAMES, BROKERS, type BrokerName, hasBroker, needsBroker } from '../support/brokers/all.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

/** One QoS 1 message from a client to another, which come by two addresses where there are two. */
async function carry(urls: readonly string[], topic: string): Promise<string> {
  const clients: MqttClient[] = [];
  const open = async (url = ''): Promise<MqttClient> => {
    const client = await mqtt.connectAsync(url, { protocolVersion: 4, clean: true }, false);
    clients.push(client);
    return client;
  };
  try {
    const listener = await open(urls.at(-1));
    const heard = new Promise<string>((resolve) => {
      listener.on('message', (_topic, payload) => {
        resolve(payload.toString('utf8'));
      });
    });
    await listener.subscribeAsync(topic, { qos: 1 });
    await (await open(urls[0])).publishAsync(topic, topic, { qos: 1 });
    return await heard;
  } finally {
    await Promise.all(clients.map((client) => client.endAsync(true)));
  }
}

/** A cluster that just lost a node refuses subscriptions until it has elected its leaders. */
async function carryInTheEnd(urls: readonly string[], topic: string): Promise<string> {
  for (;;) {
    try {
      return await carry(urls, topic);
    } catch {
      await delay(200);
    }
  }
}

/** What came through: before, while one of several nodes is dead, after it was started again. */
async function play(name: BrokerName): Promise<string[]> {
  const broker = await BROKERS[name].start(scratchFolder());
  try {
    const heard = [await carry(broker.urls, 'before')];
    await broker.kill(0);
    const others = broker.urls.slice(1);
    if (others.length > 0) heard.push(await carryInTheEnd(others, 'meanwhile'));
    await broker.restart();
    return [...heard, await carryInTheEnd(broker.urls, 'after')];
  } finally {
    await broker.stop();
  }
}

describe('the brokers for tests', function () {
  this.timeout(120_000);
  const plays = new Map<BrokerName, Promise<string[]>>();

  // All at once: most of it is waiting for RabbitMQ and for elections.
  before(() => {
    for (const name of BROKER_NAMES.filter(hasBroker)) {
      const played = play(name);
      played.catch(() => undefined);
      plays.set(name, played);
    }
  });
  after(async () => {
    await Promise.allSettled(plays.values());
    removeScratch();
  });

  for (const name of BROKER_NAMES) {
    it(`${name} carries a message, also after it was killed and started again`, async function () {
      needsBroker(this, name);
      const meanwhile = name === 'nats-cluster' ? ['meanwhile'] : [];
      assert.deepEqual(await plays.get(name), ['before', ...meanwhile, 'after']);
    });
  }
});
