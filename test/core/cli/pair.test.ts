import assert from 'node:assert/strict';
import { join } from 'node:path';
import { deriveCommandKey, deriveLockKey, parsePairing } from '@staycode/core';
import { type CommandRun, runCommand } from '../../support/command.ts';
import { EXAMPLE_SITE_KEY } from '../../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const env = {
  STAYCODE_SITE_KEY: Buffer.from(EXAMPLE_SITE_KEY).toString('hex'),
  STAYCODE_PASSPHRASE: 'three small boats',
  STAYCODE_MQTT_PASSWORD: 'of the broker',
};

describe('staycode pair', () => {
  let lock: string;
  before(async () => {
    lock = join(scratchFolder(), 'front-door.json');
    const door = [
      '--lock',
      'front-door',
      '--name',
      'Front door',
      '--unit',
      'flat-a',
      '--zone',
      'Europe/Berlin',
    ];
    assert.equal((await runCommand(['provision', ...door, '--plain', '--out', lock], env)).code, 0);
  });
  after(removeScratch);
  const pair = (...args: string[]): Promise<CommandRun> =>
    runCommand(['pair', '--lock', lock, '--broker', 'mqtt://192.168.1.10', ...args], env);

  it('prints the line for Homebridge, with the key that the lock knows it by', async () => {
    const { code, out, err } = await pair();
    assert.equal(code, 0);
    assert.deepEqual(parsePairing(out), {
      brokerUrl: 'mqtt://192.168.1.10',
      username: null,
      password: null,
      lockId: 'front-door',
      name: 'Front door',
      controllerId: 'homebridge',
      commandKey: deriveCommandKey(deriveLockKey(EXAMPLE_SITE_KEY, 'front-door', 1), 'homebridge'),
    });
    assert.match(err, /can lock and unlock Front door/u);
    assert.ok(!err.includes(out.slice(-20)));
  });

  it('names another controller, and the broker’s user with the password from the environment', async () => {
    const { out } = await pair('--controller', 'upstairs', '--user', 'host', '--json');
    const { pairing } = JSON.parse(out) as { pairing: string };
    const { controllerId, username, password } = parsePairing(pairing);
    assert.deepEqual([controllerId, username, password], ['upstairs', 'host', 'of the broker']);
  });

  it('says what is missing or is no broker', async () => {
    assert.match((await runCommand(['pair', '--lock', lock], env)).err, /expected --broker URL/u);
    assert.match((await runCommand(['pair', '--broker', 'mqtt://x'], env)).err, /expected --lock FILE/u);
    assert.match((await pair('--broker', 'http://x')).err, /MQTT address: expected/u);
    assert.equal((await pair('--broker', 'http://x')).code, 2);
  });
});
