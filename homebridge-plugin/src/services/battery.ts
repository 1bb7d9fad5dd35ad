/**
 * The battery: there only while the lock names a level, because a made-up 0 % is a false alarm.
 * @module
 */
import type { Service } from 'homebridge';
import type { LockState } from '@staycode/core';
import { type LockContext, type LockPart, serveKnown } from './lock-part.ts';

/** At or below this many percent the Home app warns. */
const LOW_PERCENT = 20;

export function serveBattery(context: LockContext): LockPart {
  const { api, accessory } = context;
  const { Characteristic, Service } = api.hap;
  const { BATTERY_LEVEL_LOW, BATTERY_LEVEL_NORMAL } = Characteristic.StatusLowBattery;
  const levelOf = ({ battery }: LockState): number | null => (battery === null ? null : Math.round(battery));
  const lowOf = ({ battery }: LockState): number | null =>
    battery === null ? null : battery <= LOW_PERCENT ? BATTERY_LEVEL_LOW : BATTERY_LEVEL_NORMAL;
  const serve = (battery: Service): Service => {
    serveKnown(context, battery.getCharacteristic(Characteristic.BatteryLevel), levelOf);
    serveKnown(context, battery.getCharacteristic(Characteristic.StatusLowBattery), lowOf);
    return battery;
  };
  const cached = accessory.getService(Service.Battery);
  if (cached) serve(cached);
  return {
    stateCame: (state) => {
      const present = accessory.getService(Service.Battery);
      const level = levelOf(state);
      const low = lowOf(state);
      if (level === null || low === null) {
        if (present) accessory.removeService(present);
        return;
      }
      (present ?? serve(accessory.addService(Service.Battery)))
        .updateCharacteristic(Characteristic.BatteryLevel, level)
        .updateCharacteristic(Characteristic.StatusLowBattery, low);
    },
  };
}
