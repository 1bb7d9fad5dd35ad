/**
 * The event of a change with its digits, from the keys of the flow's sites.
 * @module
 */
import {
  type CodeChange,
  digitsOfRecord,
  type SeamAccessCode,
  type SeamEvent,
  toSeamEvent,
} from '@staycode/core';
import type { NodeAPI } from 'node-red';
import { unitsOf } from '../stay-code/units.mts';

/**
 * `null` while the unit's site has no key: the host is about to give it one. Of a unit that is gone from the flow the digits are
 * not known any more.
 */
export function composeEvent(RED: NodeAPI, change: CodeChange): SeamEvent | null {
  const { unit_id } = (change.after ?? change.before)?.staycode ?? {};
  const unit = unitsOf(RED).find((one) => one.unit.unitId === unit_id);
  const siteKey = unit?.site()?.siteKey ?? null;
  if (unit && siteKey === null) return null;
  const digitsOf = (record: SeamAccessCode): string | null =>
    siteKey === null ? null : digitsOfRecord(record, siteKey);
  return toSeamEvent(change, digitsOf);
}
