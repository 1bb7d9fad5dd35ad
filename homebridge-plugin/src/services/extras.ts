/**
 * The services beside bolt and battery, each of which the host may have or not: a table.
 * @module
 */
import type { Service } from 'homebridge';
import { presentArrivals } from '../door-knowledge.ts';
import { isStayNow } from '../todays-codes.ts';
import { serveAccessCodes } from './access-code-service.ts';
import { serveKeypadSwitch } from './keypad-switch.ts';
import { serveLockManagement } from './lock-management.ts';
import { type LockContext, type LockPart, serveSensor } from './lock-part.ts';

export type ExtraName = 'arrived' | 'stay' | 'keypad' | 'alarm' | 'management' | 'accessCodes';

interface Extra {
  readonly type:
    'AccessCode' | 'ContactSensor' | 'LockManagement' | 'OccupancySensor' | 'StatelessProgrammableSwitch';
  /** Behind the lock's name, in the Home app. */
  readonly title: string;
  readonly serve: (context: LockContext, service: Service) => LockPart;
}

const EXTRAS: Readonly<Record<ExtraName, Extra>> = {
  arrived: {
    type: 'OccupancySensor',
    title: 'Guest arrived',
    serve: (context, service) => serveOccupancy(context, service, () => isAnyoneThere(context)),
  },
  stay: {
    type: 'OccupancySensor',
    title: 'Stay',
    // Who has arrived has a stay, also where the host has told nothing.
    serve: (context, service) =>
      serveOccupancy(context, service, () => isAnyoneThere(context) || isAnyStayNow(context)),
  },
  keypad: { type: 'StatelessProgrammableSwitch', title: 'Keypad', serve: serveKeypadSwitch },
  alarm: {
    type: 'ContactSensor',
    title: 'Alarm',
    serve: (context, service) => {
      const { ContactSensorState } = context.api.hap.Characteristic;
      const { CONTACT_DETECTED, CONTACT_NOT_DETECTED } = ContactSensorState;
      return serveSensor(context, service, ContactSensorState, () =>
        context.known().alarm ? CONTACT_NOT_DETECTED : CONTACT_DETECTED,
      );
    },
  },
  accessCodes: { type: 'AccessCode', title: 'Stay codes', serve: serveAccessCodes },
  management: { type: 'LockManagement', title: 'Management', serve: serveLockManagement },
};

function serveOccupancy(context: LockContext, service: Service, read: () => boolean | null): LockPart {
  const { OccupancyDetected } = context.api.hap.Characteristic;
  const { OCCUPANCY_DETECTED, OCCUPANCY_NOT_DETECTED } = OccupancyDetected;
  return serveSensor(context, service, OccupancyDetected, () => {
    const occupied = read();
    return occupied === null ? null : occupied ? OCCUPANCY_DETECTED : OCCUPANCY_NOT_DETECTED;
  });
}

function isAnyoneThere({ known, wallMs }: LockContext): boolean {
  return presentArrivals(known(), wallMs()).length > 0;
}

/** `null` as long as the host has told nothing. */
function isAnyStayNow({ stays, wallMs }: LockContext): boolean | null {
  const nowMs = wallMs();
  return stays()?.some(({ code }) => isStayNow(code, nowMs)) ?? null;
}

/** Serves those extras that are wanted, under a subtype of their name, and takes the others off the accessory. */
export function serveExtras(context: LockContext): LockPart[] {
  const { api, accessory, settings } = context;
  return Object.entries(EXTRAS).flatMap(([subtype, { type, title, serve }]) => {
    const hapType = api.hap.Service[type];
    const present = accessory.getServiceById(hapType, subtype);
    if (!settings.services[subtype as ExtraName]) {
      if (present) accessory.removeService(present);
      return [];
    }
    const name = `${settings.name} ${title}`;
    return [serve(context, present ?? accessory.addService(hapType, name, subtype))];
  });
}
