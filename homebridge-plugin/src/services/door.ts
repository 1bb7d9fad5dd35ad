/**
 * The door's contact: there only while the lock has one, open or closed, and tampered with from a forced door until a code opens.
 * @module
 */
import type { Service } from 'homebridge';
import type { LockState } from '@staycode/core';
import { type LockContext, type LockPart, serveKnown } from './lock-part.ts';

const SUBTYPE = 'door';

export function serveDoor(context: LockContext): LockPart {
  const { api, accessory, settings, controller } = context;
  const { Characteristic, Service } = api.hap;
  const { CONTACT_DETECTED, CONTACT_NOT_DETECTED } = Characteristic.ContactSensorState;
  const { NOT_TAMPERED, TAMPERED } = Characteristic.StatusTampered;
  const contactOf = ({ door }: LockState): number | null =>
    door === null ? null : door === 'closed' ? CONTACT_DETECTED : CONTACT_NOT_DETECTED;
  const tamperOf = ({ tampered }: LockState): number => (tampered ? TAMPERED : NOT_TAMPERED);
  const present = (): Service | undefined => accessory.getServiceById(Service.ContactSensor, SUBTYPE);
  const serve = (sensor: Service): Service => {
    serveKnown(context, sensor.getCharacteristic(Characteristic.ContactSensorState), contactOf);
    serveKnown(context, sensor.getCharacteristic(Characteristic.StatusTampered), tamperOf);
    sensor.getCharacteristic(Characteristic.StatusActive).onGet(() => controller.reachable);
    return sensor;
  };
  const cached = present();
  if (cached && settings.services.door) serve(cached);
  else if (cached) accessory.removeService(cached);
  if (!settings.services.door) return {};
  return {
    stateCame: (state) => {
      const contact = contactOf(state);
      const sensor = present();
      if (contact === null) {
        if (sensor) accessory.removeService(sensor);
        return;
      }
      (sensor ?? serve(accessory.addService(Service.ContactSensor, `${settings.name} Door`, SUBTYPE)))
        .updateCharacteristic(Characteristic.ContactSensorState, contact)
        .updateCharacteristic(Characteristic.StatusTampered, tamperOf(state))
        .updateCharacteristic(Characteristic.StatusActive, controller.reachable);
    },
    reachableChanged: (reachable) => {
      present()?.updateCharacteristic(Characteristic.StatusActive, reachable);
    },
  };
}
