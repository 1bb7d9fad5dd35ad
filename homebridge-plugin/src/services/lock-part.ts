/**
 * What the services of one lock have in common: what they work with, what they are told, and the one availability rule.
 * @module
 */
import type {
  API,
  Characteristic,
  CharacteristicValue,
  Logging,
  PlatformAccessory,
  Service,
  WithUUID,
} from 'homebridge';
import type { LockController, LockEvent, LockState, StayAtLock } from '@staycode/core';
import type { LockSettings } from '../config.ts';
import type { DoorKnowledge } from '../door-knowledge.ts';
import { noResponse } from '../no-response.ts';

/** What a service works with. */
export interface LockContext {
  readonly api: API;
  readonly log: Logging;
  readonly accessory: PlatformAccessory;
  readonly settings: LockSettings;
  readonly controller: Pick<LockController, 'state' | 'reachable' | 'send'>;
  /** What the door's events have taught, the one that is being told included. */
  readonly known: () => DoorKnowledge;
  /** What the host has told of the stays at this lock; `null` while it has told nothing. */
  readonly stays: () => readonly StayAtLock[] | null;
  /** Milliseconds since 1970 UTC, by the host's clock. */
  readonly wallMs: () => number;
}

/** A service of a lock, told of what changes. */
export interface LockPart {
  stateCame?(state: LockState): void;
  eventCame?(event: LockEvent): void;
  reachableChanged?(reachable: boolean): void;
  staysCame?(): void;
  /** Comes every few seconds: what hangs on the time alone is shown anew. */
  timePassed?(): void;
}

/** Serves reads of a characteristic: the value as long as it is known to hold, else "No Response". */
export function serveKnown(
  context: LockContext,
  characteristic: Characteristic,
  read: (state: LockState) => CharacteristicValue | null,
): void {
  characteristic.onGet(() => {
    const { state, reachable } = context.controller;
    const value = reachable && state !== null ? read(state) : null;
    if (value === null) throw noResponse(context.api);
    return value;
  });
}

/** A sensor of one reading that follows the events and the time, and says by StatusActive whether it can be trusted. */
export function serveSensor(
  context: LockContext,
  service: Service,
  type: WithUUID<new () => Characteristic>,
  read: () => CharacteristicValue | null,
): LockPart {
  const { StatusActive } = context.api.hap.Characteristic;
  const show = (): void => {
    const value = read();
    if (value !== null) service.updateCharacteristic(type, value);
  };
  serveKnown(context, service.getCharacteristic(type), read);
  service.getCharacteristic(StatusActive).onGet(() => context.controller.reachable);
  service.updateCharacteristic(StatusActive, context.controller.reachable);
  show();
  return {
    eventCame: show,
    staysCame: show,
    timePassed: show,
    reachableChanged: (reachable) => {
      service.updateCharacteristic(StatusActive, reachable);
    },
  };
}
