/**
 * The event of a change with its digits, from the keys of the flow's sites.
 * @module
 */
import { type CodeChange, type SeamEvent, toSeamEvent } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { readGuestDoors } from '../stay-code/guest-doors.mts';
import { unitsOf } from '../stay-code/units.mts';
import { typedCode } from './typed-code.mts';

/** `null` for one that waits. */
export type EventOf = (change: CodeChange) => SeamEvent | null;

/**
 * `null` while the unit's site has no key: the host is about to give it one. Of a unit that is gone from the flow the digits are
 * not known any more.
 */
export function composeEvent(RED: NodeAPI, store: AccessCodeStore, change: CodeChange): SeamEvent | null {
  const { unit_id } = (change.after ?? change.before)?.staycode ?? {};
  const unit = unitsOf(RED).find((one) => one.unit.unitId === unit_id);
  if (unit === undefined) return toSeamEvent(change, () => ({ code: null, doorPins: [] }));
  const siteKey = unit.site()?.siteKey ?? null;
  if (siteKey === null) return null;
  const context = { siteKey, guestDoors: readGuestDoors(RED)(unit), store, nowMs: Date.now() };
  return toSeamEvent(change, (record) => typedCode(record, context));
}
