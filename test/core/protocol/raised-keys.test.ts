import assert from 'node:assert/strict';
import { deriveCommandKey, type LockConfig, raiseKey, raiseKeys } from '@staycode/core';
import type { RaisedKey } from '../../../core/src/lock/memory.ts';
import { exampleConfig } from '../../support/lock-example.ts';

const LOCK_KEY = new Uint8Array(32).fill(9);
const unitOf = (unitId: string, keyVersion: number): LockConfig['units'][number] => {
  return { unitId, keyVersion, alphabet: 'no-zero', unitKey: new Uint8Array(32).fill(keyVersion) };
};
const config = exampleConfig({ units: [unitOf('street', 1), unitOf('flat-a', 1), unitOf('flat-b', 1)] });

function raised(keyVersion: number, emergency = false, controllerId = 'node-red'): RaisedKey {
  const raise = { unitId: 'flat-a', keyVersion, emergency, unitKey: new Uint8Array(32).fill(keyVersion) };
  const nonce = new Uint8Array(24).fill(keyVersion);
  const { name, ...act } = raiseKey(deriveCommandKey(LOCK_KEY, controllerId), raise, nonce);
  return { ...act, controllerId };
}
const keyring = (keys: RaisedKey[], given = config): string[] =>
  raiseKeys(given, keys, LOCK_KEY).units.map(
    ({ unitId, keyVersion, serves = 'all', unitKey }) => `${unitId} ${keyVersion} ${serves} ${unitKey[0]}`,
  );

describe('raised keys', () => {
  it('serve in front of the older versions, which keep only who is enrolled', () => {
    const rest = ['flat-b 1 all 1'];
    assert.deepEqual(keyring([raised(2)]), [
      'street 1 all 1',
      'flat-a 2 all 2',
      'flat-a 1 enrolled 1',
      ...rest,
    ]);
    assert.deepEqual(keyring([raised(2), raised(3)]), [
      ...['street 1 all 1', 'flat-a 3 all 3', 'flat-a 2 enrolled 2', 'flat-a 1 enrolled 1'],
      ...rest,
    ]);
  });

  it('end all older versions of the unit in an emergency', () => {
    assert.deepEqual(keyring([raised(2), raised(3, true)]), [
      'street 1 all 1',
      'flat-a 3 all 3',
      'flat-b 1 all 1',
    ]);
  });

  it('keep the alphabet of the unit', () => {
    assert.equal(raiseKeys(config, [raised(2)], LOCK_KEY).units[1]?.alphabet, 'no-zero');
  });

  it('count no more once the lock file has that version, or the unit no longer', () => {
    const anew = { ...config, units: [unitOf('flat-a', 2)] };
    assert.deepEqual(keyring([raised(2, false, 'another key’s')], anew), ['flat-a 2 all 2']);
    assert.deepEqual(keyring([raised(2)], { ...config, units: [unitOf('street', 1)] }), ['street 1 all 1']);
  });

  it('stop a lock that cannot unseal them: it would serve a key that was to end', () => {
    assert.throws(() => raiseKeys(config, [raised(2)], new Uint8Array(32)), { code: 'bad-config' });
  });
});
