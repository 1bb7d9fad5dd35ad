import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StaycodeError } from '@staycode/core';
import { type BrokerConnection, connectToBroker } from '../../homebridge-plugin/src/broker-connection.ts';
import { connectLock, type MqttLink, type MqttOptions } from '../../mqtt-lock-sim/src/mqtt.ts';
import { type Authority, type Certificate, makeAuthority } from '../support/certificates.ts';
import { createFakeLock } from '../support/fake-lock-view.ts';
import { type Mosquitto, needsMosquitto, startMosquitto, writePasswords } from '../support/mosquitto.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { until } from '../support/until.ts';

describe('lock and Homebridge at a mosquitto with TLS, client certificates and passwords', function () {
  this.timeout(20_000);
  let folder: string;
  let authority: Authority;
  let client: Certificate;
  let broker: Mosquitto;
  let lines: string[];
  const open: { close(): unknown }[] = [];

  before(async function () {
    needsMosquitto(this);
    folder = scratchFolder();
    authority = makeAuthority(folder, 'house');
    const server = authority.certify('broker');
    client = authority.certify('client');
    const passwords = join(folder, 'passwords');
    writePasswords(passwords, { 'flat-a': 'sea-shell' });
    broker = await startMosquitto(folder, (port) =>
      [
        `listener ${port} 127.0.0.1`,
        `cafile ${authority.caFile}`,
        `certfile ${server.certFile}`,
        `keyfile ${server.keyFile}`,
        'require_certificate true',
        'allow_anonymous false',
        `password_file ${passwords}`,
      ].join('\n'),
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

  const login = (changed: Partial<MqttOptions> = {}): MqttOptions => ({
    url: `mqtts://127.0.0.1:${broker.port}`,
    username: 'flat-a',
    password: 'sea-shell',
    caFile: authority.caFile,
    ...client,
    reconnectMs: 20,
    log: (line) => lines.push(line),
    ...changed,
  });
  const connect = (changed: Partial<MqttOptions> = {}): MqttLink => {
    const link = connectLock(createFakeLock(), login(changed));
    open.push(link);
    return link;
  };
  const untilSaid = (part: string): Promise<void> => until(() => lines.some((line) => line.includes(part)));

  it('speak MQTT 5 there', async () => {
    connect();
    await untilSaid(`connected to mqtts://127.0.0.1:${broker.port} with version 5`);
    const versions: string[] = [];
    const homebridge: BrokerConnection = connectToBroker(login(), {
      topics: ['staycode/flat-a/state'],
      up: (version) => versions.push(version),
      messageCame: ({ text }) => versions.push(text),
      trouble: (what) => versions.push(what),
    });
    open.push(homebridge);
    await until(() => versions.length > 1);
    assert.equal(versions[0], '5');
    assert.match(versions[1] ?? '', /"lockId":"flat-a"/u);
  });

  it('refuse a broker of another authority, and say so once, with the certificate as the cause', async () => {
    const stranger = makeAuthority(folder, 'stranger');
    const link = connect({ caFile: stranger.caFile });
    await untilSaid('the broker’s certificate is not of the CA that we trust');
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(!link.connected());
    assert.equal(lines.length, 1, lines.join('\n'));
  });

  it('refuse a broker whose certificate is for another address', async () => {
    connect({ url: `mqtts://localhost:${broker.port}` });
    await untilSaid('the broker’s certificate is for another name than that in its address');
  });

  it('are refused without a client certificate, and with a wrong password, and say which', async () => {
    connect({ certFile: null, keyFile: null });
    await untilSaid('the broker expects a client certificate that it trusts');
    connect({ password: 'sea-weed' });
    await untilSaid('Connection refused: Not authorized');
    assert.ok(!lines.join('\n').includes('sea-'));
  });

  it('end with what was expected where a file is missing, is none, or does not belong to the other', () => {
    const none = join(folder, 'none.crt');
    const words = join(folder, 'words.crt');
    writeFileSync(words, 'no certificate');
    const other = authority.certify('other');
    const faults: [Partial<MqttOptions>, RegExp][] = [
      [{ caFile: none }, /CA file: a file that can be read at .*none\.crt, got ENOENT$/u],
      [{ caFile: words }, /CA file: a PEM certificate in .*words\.crt$/u],
      [{ certFile: words }, /client certificate: a PEM certificate in .*words\.crt$/u],
      [{ keyFile: null }, /a client certificate and its key, or neither$/u],
      [{ keyFile: other.keyFile }, /a client certificate and the key that belongs to it/u],
      [{ url: `mqtt://127.0.0.1:${broker.port}` }, /an address with mqtts:\/\/ or wss:\/\/ beside a CA/u],
    ];
    for (const [changed, expected] of faults) {
      assert.throws(
        () => connect(changed),
        (error) =>
          error instanceof StaycodeError && error.code === 'bad-config' && expected.test(error.message),
        String(expected),
      );
    }
  });
});
