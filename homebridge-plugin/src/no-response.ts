/**
 * What the Home app calls "No Response": a read or a write that fails, instead of a reading that may be stale.
 * @module
 */
import type { API, HAPStatus, HapStatusError, PlatformAccessory } from 'homebridge';

/** HAP's status for a device that cannot be reached. */
// The compiler knows `hap.HAPStatus` as a const enum, which stripping types cannot inline: so the number itself.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const SERVICE_COMMUNICATION_FAILURE = -70402 as HAPStatus;

/** The error that reads as "No Response". */
export function noResponse({ hap }: API): HapStatusError {
  return new hap.HapStatusError(SERVICE_COMMUNICATION_FAILURE);
}

/** Until somebody serves a restored accessory, or where a faulty config leaves it unserved, it must not show the last run's door. */
export function showNoResponse(api: API, accessory: PlatformAccessory): void {
  const { Characteristic, Service } = api.hap;
  const fail = (): never => {
    throw noResponse(api);
  };
  for (const service of accessory.services) {
    if (service.UUID === Service.AccessoryInformation.UUID) continue;
    for (const characteristic of service.characteristics) {
      if (characteristic.UUID !== Characteristic.Name.UUID) characteristic.onGet(fail).onSet(fail);
    }
  }
}
