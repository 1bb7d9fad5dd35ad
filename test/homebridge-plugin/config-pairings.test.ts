import assert from 'node:assert/strict';
import { formatPairing, type Pairing } from '@staycode/core';
import { type PluginConfig, readConfig } from '../../homebridge-plugin/src/config.ts';

const PAIRING: Pairing = {
  brokerUrl: 'mqtt://192.168.1.10:1883',
  username: 'host',
  password: 'a-secret',
  lockId: 'front-door',
  name: 'Front door',
  controllerId: 'upstairs',
  commandKey: new Uint8Array(32).fill(0xa5),
};
const lineOf = (part: Partial<Pairing> = {}): string => formatPairing({ ...PAIRING, ...part });

describe('pairing strings in the config of the Homebridge plugin', () => {
  function read(block: Record<string, unknown>): PluginConfig {
    return readConfig(block) ?? assert.fail('expected a config');
  }

  it('set broker, lock and key by one paste', () => {
    const { broker, locks, faults } = read({ locks: [{ pairing: `${lineOf()}\n` }] });
    assert.deepEqual(faults, []);
    assert.equal(broker?.url, PAIRING.brokerUrl);
    assert.deepEqual([broker.username, broker.password], ['host', 'a-secret']);
    const [{ name, lockId, controllerId, commandKey } = assert.fail()] = locks;
    assert.deepEqual([name, lockId, controllerId], ['Front door', 'front-door', 'upstairs']);
    assert.deepEqual(commandKey, PAIRING.commandKey);
  });

  it('win over the lock’s own fields, left from before, but for the name', () => {
    const old = { name: 'Street', lockId: 'old', controllerId: 'old', commandKey: '00'.repeat(32) };
    const { locks } = read({ broker: {}, locks: [{ ...old, pairing: lineOf() }] });
    assert.equal(locks[0]?.name, 'Street');
    assert.equal(locks[0].lockId, 'front-door');
    assert.deepEqual(locks[0].commandKey, PAIRING.commandKey);
  });

  it('stand beside locks and a broker that are set by hand, whose fields win', () => {
    const byHand = { name: 'Back', lockId: 'back-door', commandKey: '00'.repeat(32), pairing: '' };
    const own = { url: 'mqtts://broker.lan', caFile: '/ca.crt', username: 'other' };
    const set = read({ broker: own, locks: [{ pairing: lineOf() }, byHand] });
    assert.deepEqual(set.faults, []);
    assert.equal(set.locks.length, 2);
    assert.deepEqual(
      [set.broker?.url, set.broker?.username, set.broker?.password],
      ['mqtts://broker.lan', 'other', null],
    );
    const added = read({
      broker: { url: '', username: 'other', caFile: '/ca.crt' },
      locks: [{ pairing: lineOf() }],
    });
    assert.deepEqual(
      [added.broker?.url, added.broker?.username, added.broker?.password, added.broker?.caFile],
      [PAIRING.brokerUrl, 'other', 'a-secret', '/ca.crt'],
    );
  });

  it('are told apart by lock, and refused where they name two brokers', () => {
    const other = { pairing: lineOf({ lockId: 'back-door', brokerUrl: 'mqtt://elsewhere' }) };
    assert.deepEqual(read({ locks: [{ pairing: lineOf() }, other] }).faults, [
      'locks[1].pairing: expected the same broker as in the first, or broker.url beside them',
    ]);
    assert.deepEqual(
      read({ broker: { url: 'mqtt://both' }, locks: [{ pairing: lineOf() }, other] }).faults,
      [],
    );
  });

  it('are named as the fault where they are none, without what they hold, and shut no other door', () => {
    const whole = lineOf();
    const { faults, locks } = read({
      broker: { url: 'mqtt://x' },
      locks: [{ pairing: whole.slice(0, -9) }, { pairing: 5 }, { pairing: whole }],
    });
    assert.equal(faults.length, 2);
    assert.match(faults[0] ?? '', /^locks\[0\]\.pairing: pairing string: expected the whole line/u);
    assert.match(faults[1] ?? '', /^locks\[1\]\.pairing: expected the line/u);
    assert.ok(faults.every((fault) => !fault.includes('a5a5') && !fault.includes('secret')));
    assert.deepEqual(
      locks.map(({ lockId }) => lockId),
      ['front-door'],
    );
  });
});
