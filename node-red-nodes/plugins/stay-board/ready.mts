/**
 * Whether a unit is ready for who comes next.
 * @module
 */
import { isLive, type UnitRecords } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';

/** When whoever cleans said so; `null` for not since the last guest came. */
export function readyAtMs(
  store: AccessCodeStore,
  unitId: string,
  { records, nowMs }: { readonly records: UnitRecords; readonly nowMs: number },
): number | null {
  const said = store.acts.ofUnit(unitId, 50).find(({ act }) => act === 'cleaned');
  if (!said) return null;
  const came = records.codes.some(
    (code) => isLive(code) && code.stay.startsAtMs <= nowMs && code.stay.startsAtMs > said.atMs,
  );
  return came ? null : said.atMs;
}
