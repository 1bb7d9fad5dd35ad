/**
 * Stay codes among the lock's access codes in the Home app.
 * @module
 */
import type { Characteristic, HAPStatus, Service } from 'homebridge';
import { answerControlPoint, encodeSupportedConfiguration, type ListedCode } from '../access-codes.ts';
import { noResponse } from '../no-response.ts';
import { configurationState, listTodaysCodes } from '../todays-codes.ts';
import { type LockContext, type LockPart, serveKnown } from './lock-part.ts';

/** HAP's status for a value that is none. */
// A number for the reason given at `noResponse`.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const INVALID_VALUE = -70410 as HAPStatus;

export function serveAccessCodes(context: LockContext, service: Service): LockPart {
  const { api, controller, stays, wallMs } = context;
  const { AccessCodeControlPoint, AccessCodeSupportedConfiguration, ConfigurationState } =
    api.hap.Characteristic;
  const supported = toBase64(encodeSupportedConfiguration());
  const codes = (): ListedCode[] => listTodaysCodes(stays() ?? [], wallMs());
  const controlPoint = service.getCharacteristic(AccessCodeControlPoint);
  service.getCharacteristic(AccessCodeSupportedConfiguration).onGet(() => supported);
  service.updateCharacteristic(AccessCodeSupportedConfiguration, supported);
  serveKnown(context, service.getCharacteristic(ConfigurationState), () => configurationState(codes()));
  // What was answered last is nobody's business: the answer goes to who asked, with the write.
  controlPoint.onGet(() => '');
  controlPoint.onSet((value) => {
    if (!controller.reachable) throw noResponse(api);
    const answer =
      typeof value === 'string' ? answerControlPoint(Buffer.from(value, 'base64'), codes()) : null;
    if (answer === null) throw new api.hap.HapStatusError(INVALID_VALUE);
    forgetSoon(controlPoint);
    return toBase64(answer);
  });
  const show = (): void => {
    service.updateCharacteristic(ConfigurationState, configurationState(codes()));
  };
  show();
  return { staysCame: show, timePassed: show };
}

/**
 * HAP-NodeJS keeps a write's answer as the value, and Homebridge writes values to disk: it must be gone before anything else runs.
 * It is set by one of the promises that now wait; a tick that is asked for among them comes after them all.
 */
function forgetSoon(characteristic: Characteristic): void {
  queueMicrotask(() => {
    process.nextTick(() => {
      characteristic.value = '';
    });
  });
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
