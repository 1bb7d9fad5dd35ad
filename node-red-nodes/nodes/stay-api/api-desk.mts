/**
 * What callers ask for, done at the register: a stay made here goes the way of every other stay, with the same rules.
 * @module
 */
import {
  type Action,
  type ApiAccessCode,
  deviceIdOf,
  type HouseSettings,
  type SeamAccessCode,
  toApiRecord,
  type UnitRecord,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { GuestDoors } from '../stay-code/guest-doors.mts';
import { Refusal } from './answers.mts';
import { typedCode } from './typed-code.mts';

/** A unit of the flow, with its site's settings. */
export interface ApiUnit {
  readonly house: HouseSettings;
  readonly siteKey: Uint8Array | null;
  readonly guestDoors: GuestDoors;
}

export interface ApiDesk {
  readonly store: AccessCodeStore;
  readonly units: () => readonly ApiUnit[];
  /** The node that made a stay is named in it. */
  readonly nodeId: string;
  /** Others may have to hear of what a change did to their stays. */
  readonly changed: (unitId: string, actions: readonly Action[]) => void;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

/** A record and the unit that it is of. */
export interface Found extends UnitRecord {
  readonly unit: ApiUnit;
}

const idOf = ({ house }: ApiUnit): string => house.unit.unitId;

/** By the id that answers have, or by the host's own. @throws Refusal `device_not_found` */
export function findDevice(desk: ApiDesk, deviceId: string): ApiUnit {
  const unit = desk.units().find((one) => idOf(one) === deviceId || deviceIdOf(idOf(one)) === deviceId);
  if (unit) return unit;
  throw new Refusal('device_not_found', `device ${deviceId}: expected the id of a unit`);
}

/** Every record that is not over, of one unit or of all. */
export function listFound(desk: ApiDesk, units: readonly ApiUnit[] = desk.units()): Found[] {
  return units
    .flatMap((unit) => desk.store.readRecords(idOf(unit)).map((one) => ({ ...one, unit })))
    .sort((a, b) => compare(placeOf(a.record), placeOf(b.record)));
}

/** @throws Refusal `access_code_not_found` */
export function findCode(desk: ApiDesk, accessCodeId: string): Found {
  const found = listFound(desk).find(({ record }) => record.access_code_id === accessCodeId);
  if (found) return found;
  throw new Refusal('access_code_not_found', 'access code: expected the id of one that is there');
}

/** With the digits, once they may be known. */
export function show({ store, nowMs }: ApiDesk, { record, unit }: Found): ApiAccessCode {
  return toApiRecord(record, typedCode(record, { ...unit, store, nowMs: nowMs() }));
}

/** Where a record stands in a list: by start, then by id. */
export function placeOf({ starts_at, access_code_id }: SeamAccessCode): string {
  return `${starts_at} ${access_code_id}`;
}

export function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
