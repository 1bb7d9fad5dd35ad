/**
 * The codes that may be typed at a lock, as the register has them.
 * @module
 */
import type { AccessCode, BackupCode } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';

/** Every code of the units that is on record, one-time codes too. */
export function codesOf(
  store: AccessCodeStore,
  { units }: { readonly units: readonly { readonly unitId: string }[] },
): (AccessCode | BackupCode)[] {
  const unitIds = [...new Set(units.map(({ unitId }) => unitId))];
  return unitIds.flatMap((unitId) => [...store.readUnit(unitId).codes, ...store.backups.readUnit(unitId)]);
}
