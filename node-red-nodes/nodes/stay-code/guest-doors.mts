/**
 * Doors that keep their own lists of PINs, as `stay-program` writes them: the guest has to be told what is typed there.
 * @module
 */
import { type AccessCode, type DoorPin, foreseePin, type LockTarget } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { doorsByUnit, programmedLocks } from '../doors.mts';
import { readTarget, type TargetSettings } from '../stay-program/read-target.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';

export interface GuestDoors {
  /** Whether there is no other door: twelve digits open none of these. */
  readonly isListed: boolean;
  readonly listed: readonly ListedDoor[];
}

interface ListedDoor {
  readonly lockId: string;
  readonly door: string;
  /** `null` where its node is not set up. */
  readonly target: LockTarget | null;
}

/** The doors of any unit, as the flow has them now. */
export function readGuestDoors(RED: NodeAPI): (unit: StayUnitNode) => GuestDoors {
  const programs = programmedLocks(RED);
  const doorsOf = doorsByUnit(RED);
  return (unit) => {
    const doors = doorsOf.get(unit) ?? [];
    const listed = doors.flatMap((lock): ListedDoor[] => {
      const program = programs.get(lock.id);
      if (program === undefined) return [];
      const { lockId, name } = lock;
      return [{ lockId, door: name ?? lockId, target: targetOf(program, lock.site()?.zone) }];
    });
    return { isListed: doors.length > 0 && listed.length === doors.length, listed };
  };
}

function targetOf(program: TargetSettings, zone = 'UTC'): LockTarget | null {
  try {
    return readTarget(program, zone);
  } catch {
    // The node says so itself.
    return null;
  }
}

export interface PinsRequest {
  readonly store: Pick<AccessCodeStore, 'slots'>;
  readonly code: AccessCode;
  /** Those of its unit, withdrawn ones too. */
  readonly codes: readonly AccessCode[];
  /** The twelve digits. */
  readonly digitsOf: (code: AccessCode) => string;
  readonly nowMs: number;
}

export interface GuestPins {
  readonly isListed: boolean;
  readonly doorPins: readonly DoorPin[];
  /** Whether a guest of a unit that `isListed` has the PINs of a code of before, and goes on with them. */
  readonly isKept: boolean;
}

/** What a code's guest types at these doors, as far as can be said now. */
export function guestPins({ isListed, listed }: GuestDoors, { store, ...request }: PinsRequest): GuestPins {
  const pins = listed.flatMap(({ lockId, door, target }) => {
    const limits = target?.pinLimits;
    const foreseen = limits && foreseePin({ ...request, limits, records: store.slots.readLock(lockId) });
    return foreseen ? [{ ...foreseen, door }] : [];
  });
  return {
    isListed,
    doorPins: pins.map(({ door, pin }) => ({ door, pin })),
    isKept: isListed && pins.length > 0 && pins.every(({ isKept }) => isKept),
  };
}
