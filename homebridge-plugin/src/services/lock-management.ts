/**
 * Who moved the bolt last, as HAP's LockManagement says it.
 * @module
 */
import type { Service } from 'homebridge';
import { noResponse } from '../no-response.ts';
import type { LastAction } from '../door-knowledge.ts';
import { type LockContext, type LockPart, serveKnown } from './lock-part.ts';

/** Of the service, as the HAP specification fixes it. */
const VERSION = '1.0';

/** LockLastKnownAction is there only once an action is known. */
export function serveLockManagement(context: LockContext, service: Service): LockPart {
  const { api, known } = context;
  const { LockControlPoint, LockLastKnownAction, Version } = api.hap.Characteristic;
  service.updateCharacteristic(Version, VERSION);
  service.getCharacteristic(Version).onGet(() => VERSION);
  // Takes orders that a lock of ours has no use for: its log is its own, and its time comes signed.
  service.getCharacteristic(LockControlPoint).onSet(() => {
    throw noResponse(api);
  });
  const numberOf = ({ operation, source }: LastAction): number => {
    const lock = operation === 'Lock';
    switch (source) {
      case 'Keypad':
        return lock ? LockLastKnownAction.SECURED_BY_KEYPAD : LockLastKnownAction.UNSECURED_BY_KEYPAD;
      case 'Remote':
        return lock ? LockLastKnownAction.SECURED_REMOTELY : LockLastKnownAction.UNSECURED_REMOTELY;
      case 'Manual':
        return lock ? LockLastKnownAction.SECURED_PHYSICALLY : LockLastKnownAction.UNSECURED_PHYSICALLY;
      case 'Auto':
        return LockLastKnownAction.SECURED_BY_AUTO_SECURE_TIMEOUT;
    }
  };
  const show = (): void => {
    const { lastAction } = known();
    if (lastAction === null) return;
    const action = service.getCharacteristic(LockLastKnownAction);
    serveKnown(context, action, () => numberOf(known().lastAction ?? lastAction));
    action.updateValue(numberOf(lastAction));
  };
  show();
  return { eventCame: show };
}
