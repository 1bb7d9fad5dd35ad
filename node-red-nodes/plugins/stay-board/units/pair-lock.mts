/**
 * The pairing string for Homebridge: broker, lock and Homebridge's own key at it, to paste into its settings. It makes no codes.
 * @module
 */
import { deriveCommandKey, formatPairing, StaycodeError } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import { brokerAddress } from '../../../nodes/mqtt-broker.mts';
import type { StayLockInDef } from '../../../nodes/stay-lock-in/stay-lock-in.mts';
import type { StayLockNode } from '../../../nodes/stay-lock/stay-lock.mts';
import { ActRefused } from '../acts/act.mts';
import { doorName } from '../door-log.mts';

/** As `staycode pair` names it; each controller of a lock has a key of its own. */
const CONTROLLER = 'homebridge';

/** Where the flow meets a lock on MQTT, such as `mqtt://127.0.0.1:1883`; `null` for a lock that is on no broker here. */
export function brokerOf(RED: NodeAPI, lock: StayLockNode): string | null {
  let address: string | null = null;
  RED.nodes.eachNode((def) => {
    if (def.type !== 'stay-lock-in' && def.type !== 'stay-lock-out') return;
    const { lock: lockNode, broker } = def as StayLockInDef;
    if (lockNode === lock.id) address ??= brokerAddress(RED, broker);
  });
  return address;
}

/**
 * The string, from the fields of the window: `brokerUrl`, and `username` and `password` where the broker asks for them.
 * @throws ActRefused `pair-refused`, with what was expected
 */
export function pairLock(lock: StayLockNode, fields: Readonly<Record<string, unknown>>): string {
  const text = (name: string): string | null => {
    const value = fields[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  try {
    return formatPairing({
      brokerUrl: text('brokerUrl') ?? '',
      ...{ username: text('username'), password: text('password') },
      ...{ lockId: lock.lockId, name: doorName(lock), controllerId: CONTROLLER },
      commandKey: deriveCommandKey(lock.file().lockKey, CONTROLLER),
    });
  } catch (error) {
    if (error instanceof StaycodeError) throw new ActRefused('pair-refused', error.message);
    throw error;
  }
}
