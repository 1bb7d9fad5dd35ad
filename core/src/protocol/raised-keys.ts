/**
 * The keyring of a lock after controllers raised unit keys over MQTT. Source: spec, "Keys": from the changeover on the old
 * version serves only authorizations already enrolled; an emergency rotation ends those too.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import type { KeyRaise } from '../lock/acts.ts';
import type { LockConfig, UnitKey } from '../lock/keyring.ts';
import type { RaisedKey } from '../lock/memory.ts';
import { deriveCommandKey, KEY_BYTES } from '../stay-code/keys.ts';
import { SEAL_NONCE_BYTES, sealTo, unseal } from './sealed-text.ts';

/**
 * The act that raises a unit's key.
 * @param nonce 24 random bytes
 * @throws RangeError for another nonce
 */
export function raiseKey(
  commandKey: Uint8Array,
  raise: Omit<KeyRaise, 'name' | 'sealedKey'> & { readonly unitKey: Uint8Array },
  nonce: Uint8Array,
): KeyRaise {
  if (nonce.length !== SEAL_NONCE_BYTES) throw new RangeError(`expected ${SEAL_NONCE_BYTES} bytes of nonce`);
  const { unitKey, ...rest } = raise;
  return { name: 'raise-key', ...rest, sealedKey: sealTo(commandKey, 'unit key', unitKey, nonce) };
}

/** The unit key in a raise, or `null` where the controller's key does not open it. */
export function openRaisedKey(
  commandKey: Uint8Array,
  { sealedKey }: Pick<KeyRaise, 'sealedKey'>,
): Uint8Array | null {
  const key = unseal(commandKey, 'unit key', sealedKey);
  return key?.length === KEY_BYTES ? key : null;
}

/**
 * What the lock was given, with the keys raised since. A file that was written anew with such a version, or a later one, counts more.
 * @throws StaycodeError `bad-config` where a raised key was sealed under another lock key: nothing of its unit can be served
 */
export function raiseKeys<T extends LockConfig>(
  config: T,
  raisedKeys: readonly RaisedKey[],
  lockKey: Uint8Array,
): T {
  const units = raisedKeys.reduce<readonly UnitKey[]>((keyring, raised) => {
    const newest = Math.max(...versionsOf(config.units, raised.unitId));
    return raised.keyVersion > newest ? putInFront(keyring, raised, lockKey) : keyring;
  }, config.units);
  return units === config.units ? config : { ...config, units };
}

/** The new version takes the place of the unit's newest, in front of it. */
function putInFront(units: readonly UnitKey[], raised: RaisedKey, lockKey: Uint8Array): readonly UnitKey[] {
  const { unitId, keyVersion, emergency, controllerId } = raised;
  const unitKey = openRaisedKey(deriveCommandKey(lockKey, controllerId), raised);
  if (unitKey === null) {
    throw new StaycodeError(
      'bad-config',
      `unit ${unitId}: expected key version ${keyVersion}, which was raised by command, to be sealed under this lock key; write the lock file anew with it`,
    );
  }
  const at = units.findIndex((unit) => unit.unitId === unitId);
  const alphabet = units[at]?.alphabet ?? 'decimal';
  const older = units
    .slice(at)
    .filter((unit) => !(emergency && unit.unitId === unitId))
    .map((unit): UnitKey => (unit.unitId === unitId ? { ...unit, serves: 'enrolled' } : unit));
  return [...units.slice(0, at), { unitId, keyVersion, alphabet, unitKey, serves: 'all' }, ...older];
}

function versionsOf(units: readonly UnitKey[], unitId: string): number[] {
  const versions = units.filter((unit) => unit.unitId === unitId).map(({ keyVersion }) => keyVersion);
  // A unit that the file no longer has is no longer served, whatever was raised.
  return versions.length > 0 ? versions : [Infinity];
}
