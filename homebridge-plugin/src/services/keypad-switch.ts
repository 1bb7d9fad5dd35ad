/**
 * The keypad as a button of the Home app: automations can be set off by who typed.
 * @module
 */
import type { Service } from 'homebridge';
import type { LockEvent } from '@staycode/core';
import type { LockContext, LockPart } from './lock-part.ts';

/** Single press: a guest's code opened; double: staff's; long: an entry was refused or the keypad is shut. */
export function serveKeypadSwitch({ api }: LockContext, service: Service): LockPart {
  const { ProgrammableSwitchEvent } = api.hap.Characteristic;
  return {
    eventCame: (event) => {
      const press = pressOf(event);
      if (press !== null)
        service.updateCharacteristic(ProgrammableSwitchEvent, ProgrammableSwitchEvent[press]);
    },
  };
}

function pressOf({
  event,
  operation,
  source,
  reason,
}: LockEvent): 'SINGLE_PRESS' | 'DOUBLE_PRESS' | 'LONG_PRESS' | null {
  if (source !== 'Keypad') return null;
  if (event === 'LockOperationError') return 'LONG_PRESS';
  if (event !== 'LockOperation' || operation !== 'Unlock') return null;
  return reason === 'staff' ? 'DOUBLE_PRESS' : 'SINGLE_PRESS';
}
