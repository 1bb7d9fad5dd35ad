/**
 * New keys after a lock was lost or stolen: it held the keys of its units, so whoever has it can mint their codes. Source: spec, "Keys",
 * emergency rotation.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { deriveLockKey, deriveUnitKey } from '../stay-code/keys.ts';
import type { UnitKey } from './keyring.ts';
import type { LockFile } from './lock-file.ts';
import type { StaffSecret } from './staff.ts';

export interface RotationRequest {
  /** Of every lock that shares a unit or somebody of the staff with the lost one, and its own. */
  readonly files: readonly LockFile[];
  readonly lostLockId: string;
  /** 32 bytes. */
  readonly siteKey: Uint8Array;
}

export interface Rotation {
  /** Of the locks that need a new file: that of the lost one's replacement first. */
  readonly files: readonly LockFile[];
  /** The units whose codes are made with a new key from now on. */
  readonly units: readonly Pick<UnitKey, 'unitId' | 'keyVersion'>[];
  /** Of the replacement. */
  readonly lockKeyVersion: number;
  /** Names of the staff whose secrets the lost lock held: no new file has these secrets. */
  readonly staff: readonly string[];
}

/** A key that none of these makes is not of this site. */
const MAX_LOCK_KEY_VERSION = 100;

/**
 * The lost lock's units move to a version that no lock holds, and their older versions serve nobody any more; its replacement has a lock key
 * of its own, so that the lost one can neither command it nor write its log. A staff secret is the same at every door, so those
 * that the lost lock held open none from then on.
 * @throws StaycodeError `bad-config` where the lost lock's file is not among them, or one is not of this site key
 */
export function rotateKeys({ files, lostLockId, siteKey }: RotationRequest): Rotation {
  const lost = files.find(({ lockId }) => lockId === lostLockId);
  if (lost === undefined) throw bad(`the file of lock ${lostLockId}, got those of ${namesOf(files)}`);
  for (const { lockId, units } of files) for (const unit of units) checkUnit(lockId, unit, siteKey);
  const lockKeyVersion = lockKeyVersionOf(lost, siteKey) + 1;
  const versions = new Map<string, number>();
  for (const { unitId, keyVersion } of files.flatMap(({ units }) => units)) {
    if (!lost.units.some((unit) => unit.unitId === unitId)) continue;
    versions.set(unitId, Math.max(versions.get(unitId) ?? 0, keyVersion + 1));
  }
  const isLost = ({ secret }: StaffSecret): boolean => lost.staff.some((one) => isSame(one.secret, secret));
  const others = files.filter(
    (file) =>
      file !== lost && (file.units.some(({ unitId }) => versions.has(unitId)) || file.staff.some(isLost)),
  );
  const lockKey = deriveLockKey(siteKey, lostLockId, lockKeyVersion);
  const withKeys = (file: LockFile): LockFile => ({
    ...file,
    units: renew(file.units, versions, siteKey),
    staff: file.staff.filter((one) => !isLost(one)),
  });
  return {
    files: [withKeys({ ...lost, lockKey }), ...others.map(withKeys)],
    units: Array.from(versions, ([unitId, keyVersion]) => ({ unitId, keyVersion })),
    lockKeyVersion,
    staff: lost.staff.map(({ name }) => name),
  };
}

/** Each unit keeps its first place in the order in which a code is tried. */
function renew(
  units: readonly UnitKey[],
  versions: ReadonlyMap<string, number>,
  siteKey: Uint8Array,
): UnitKey[] {
  return units.flatMap((unit, at) => {
    const { unitId } = unit;
    const keyVersion = versions.get(unitId);
    if (keyVersion === undefined) return [unit];
    if (units.findIndex((other) => other.unitId === unitId) < at) return [];
    return [{ ...unit, keyVersion, unitKey: deriveUnitKey(siteKey, unitId, keyVersion), serves: 'all' }];
  });
}

function checkUnit(lockId: string, { unitId, keyVersion, unitKey }: UnitKey, siteKey: Uint8Array): void {
  if (isSame(unitKey, deriveUnitKey(siteKey, unitId, keyVersion))) return;
  throw bad(`files of this site key, got another's in that of lock ${lockId}`);
}

function lockKeyVersionOf({ lockId, lockKey }: LockFile, siteKey: Uint8Array): number {
  for (let version = 1; version <= MAX_LOCK_KEY_VERSION; version++)
    if (isSame(lockKey, deriveLockKey(siteKey, lockId, version))) return version;
  throw bad(`files of this site key, got another's in that of lock ${lockId}`);
}

/** Both sides are the host's own, so the time that it takes tells nobody anything. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function namesOf(files: readonly LockFile[]): string {
  return files.map(({ lockId }) => lockId).join(', ') || 'none';
}

function bad(what: string): StaycodeError {
  return new StaycodeError('bad-config', `rotate: expected ${what}`);
}
