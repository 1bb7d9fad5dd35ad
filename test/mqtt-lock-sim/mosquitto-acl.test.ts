import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeAssistantTopics, lockTopics } from '@staycode/core';
import { connectAsync, type MqttClient } from 'mqtt';
import { connectLock } from '../../mqtt-lock-sim/src/mqtt.ts';
import { type Authority, makeAuthority } from '../support/certificates.ts';
import { createFakeLock } from '../support/fake-lock-view.ts';
import { type Mosquitto, needsMosquitto, startMosquitto, writePasswords } from '../support/mosquitto.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const DOCS = join(import.meta.dirname, '../../docs/mosquitto');
const A = lockTopics('flat-a');
const B = lockTopics('flat-b');
const ofA = (topic: string): string => `staycode/flat-a/${topic}`;
const USERS = ['flat-a', 'flat-b', 'node-red', 'homebridge', 'home-assistant'];
const passwordOf = (user: string): string => `password of ${user}`;
const LOCK_WRITES = [
  'availability',
  'state',
  'health',
  'event',
  'session',
  'answer',
  'roster',
  'audit/head',
  'audit/entries',
];
const HOST_WRITES = [
  'hello',
  'command',
  'audit/ack',
  'audit/resend',
  'home-assistant/bolt',
  'home-assistant/resync',
];
const VERSIONS = [5, 4] as const;
const NOT_AUTHORIZED = 0x87;

describe('the broker and the ACL that docs/mosquitto shows', function () {
  this.timeout(20_000);
  let authority: Authority;
  let broker: Mosquitto;
  let lines: string[];
  const open: { close(): Promise<void> }[] = [];

  before(async function () {
    needsMosquitto(this);
    const folder = scratchFolder();
    authority = makeAuthority(folder, 'house');
    const server = authority.certify('broker');
    const passwords = join(folder, 'passwords');
    writePasswords(passwords, Object.fromEntries(USERS.map((user) => [user, passwordOf(user)])));
    writeFileSync(join(folder, 'acl'), readFileSync(join(DOCS, 'acl')), { mode: 0o600 });
    const shown = readFileSync(join(DOCS, 'mosquitto.conf'), 'utf8');
    broker = await startMosquitto(folder, (port) =>
      [
        ['listener 8883', `listener ${port} 127.0.0.1`],
        ['/etc/mosquitto/staycode/ca.crt', authority.caFile],
        ['/etc/mosquitto/staycode/broker.crt', server.certFile],
        ['/etc/mosquitto/staycode/broker.key', server.keyFile],
        ['/etc/mosquitto/staycode/passwords', passwords],
        ['/etc/mosquitto/staycode/acl', join(folder, 'acl')],
        ['/var/lib/mosquitto/', `${folder}/`],
      ].reduce((text, [from = '', to = '']) => {
        assert.ok(text.includes(from), from);
        return text.replaceAll(`${from}\n`, `${to}\n`);
      }, shown),
    );
  });
  beforeEach(() => {
    lines = [];
  });
  afterEach(async () => {
    for (const part of open.splice(0)) await part.close();
  });
  after(async () => {
    await (broker as Mosquitto | undefined)?.stop();
    removeScratch();
  });

  const url = (): string => `mqtts://127.0.0.1:${broker.port}`;
  const enter = async (user: string, protocolVersion: 4 | 5 = 5): Promise<Peer> => {
    const client = await connectAsync(url(), {
      ...{ username: user, password: passwordOf(user), ca: readFileSync(authority.caFile) },
      ...{ protocolVersion, reconnectPeriod: 0 },
    });
    const heard: { topic: string; text: string }[] = [];
    client.on('message', (topic, payload) => heard.push({ topic, text: payload.toString() }));
    open.push({ close: () => client.endAsync(true) });
    return { client, heard };
  };
  const connect = (lockId: string, user = lockId): void => {
    open.push(
      connectLock(createFakeLock(lockId), {
        ...{ url: url(), username: user, password: passwordOf(user), caFile: authority.caFile },
        ...{ homeAssistant: { commands: false }, log: (line) => lines.push(line) },
      }),
    );
  };

  it('let a lock say all that it has to say, and hear its controllers', async () => {
    const host = await enter('node-red');
    const home = await enter('home-assistant');
    await host.client.subscribeAsync('staycode/#', { qos: 1 });
    await home.client.subscribeAsync(['homeassistant/#', 'staycode/#'], { qos: 1 });
    connect('flat-a');
    await hears(host, A.availability, 'online');
    await hears(home, homeAssistantTopics('flat-a').discovery);
    await hears(home, A.health);
    await host.client.publishAsync(A.command, 'open, please', { qos: 1 });
    await hears(host, A.answer, 'answer to open, please');
    const announced = home.heard.length;
    await home.client.publishAsync('homeassistant/status', 'online', { qos: 1 });
    await until(() => home.heard.length > announced + 3);
    assert.deepEqual(lines, [`MQTT: connected to ${url()} with version 5`]);
  });

  for (const version of VERSIONS) {
    const name = version === 5 ? '5' : '3.1.1';
    it(`refuse each lock the other’s topics, in MQTT ${name}`, async () => {
      const host = await enter('node-red');
      const lock = await enter('flat-a', version);
      const stranger = await enter('flat-b', version);
      for (const { client } of [host, stranger]) await client.subscribeAsync(ofA('#'), { qos: 1 });
      for (const topic of [...LOCK_WRITES, ...HOST_WRITES].map(ofA)) {
        const code = await codeOf(stranger.client, topic);
        assert.equal(code, version === 5 ? NOT_AUTHORIZED : null, topic);
      }
      // In 3.1.1 a broker cannot say no: what tells is that nothing arrives, of which a message behind it is the proof.
      for (const topic of LOCK_WRITES.map(ofA)) await lock.client.publishAsync(topic, 'mine', { qos: 1 });
      await hears(host, ofA('audit/entries'), 'mine');
      const came = (text: string): number => host.heard.filter((message) => message.text === text).length;
      assert.deepEqual([came('mine'), came('not yours')], [LOCK_WRITES.length, 0]);
      await stranger.client.subscribeAsync(B.command, { qos: 1 });
      await host.client.publishAsync(A.command, 'for a', { qos: 1 });
      await host.client.publishAsync(B.command, 'for b', { qos: 1 });
      await hears(stranger, B.command, 'for b');
      assert.deepEqual(stranger.heard, [{ topic: B.command, text: 'for b' }]);
    });
  }

  it('let each controller write what is its own, and no one speak for a lock', async () => {
    const may: Record<string, string[]> = {
      'node-red': ['hello', 'command', 'audit/ack', 'audit/resend', 'stays/homebridge'],
      homebridge: ['hello', 'command', 'audit/resend'],
      'home-assistant': ['home-assistant/resync'],
    };
    for (const [user, own] of Object.entries(may)) {
      const { client } = await enter(user);
      for (const topic of [...LOCK_WRITES, ...HOST_WRITES, 'stays/homebridge']) {
        const code = await codeOf(client, ofA(topic));
        assert.equal(code, own.includes(topic) ? null : NOT_AUTHORIZED, `${user} ${topic}`);
      }
    }
  });

  it('are said to refuse it in the log of a lock that goes by another’s user', async () => {
    connect('flat-a', 'flat-b');
    await until(() => lines.some((line) => line.includes(`refuses what we say on ${A.state}: `)));
    assert.ok(lines.join('\n').includes('Not authorized'));
  });

  it('refuse a user with a wrong password, and one without', async () => {
    for (const login of [{ username: 'flat-a', password: 'wrong' }, {}]) {
      await assert.rejects(
        connectAsync(url(), {
          ...login,
          ca: readFileSync(authority.caFile),
          protocolVersion: 5,
          reconnectPeriod: 0,
        }),
        /Not authorized/u,
      );
    }
  });
});

interface Peer {
  readonly client: MqttClient;
  readonly heard: { topic: string; text: string }[];
}

async function hears({ heard }: Peer, topic: string, text = ''): Promise<void> {
  await until(() => heard.some((message) => message.topic === topic && message.text.includes(text)));
}

/** The reason code of a refused publish, or `null`. */
async function codeOf(client: MqttClient, topic: string): Promise<unknown> {
  try {
    await client.publishAsync(topic, 'not yours', { qos: 1 });
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
