/**
 * The lock that a node's settings describe, in core's terms.
 * @module
 */
import {
  DEFAULT_SLOT_POLICY,
  type LockTarget,
  nukiHubLock,
  type SlotPolicy,
  StaycodeError,
  zigbee2mqttLock,
  zwaveJsUiLock,
} from '@staycode/core';

export interface TargetSettings {
  readonly target: 'nuki-hub' | 'zigbee2mqtt' | 'zwave-js-ui';
  /** Of the lock, or of Z-Wave JS UI's gateway. */
  readonly topic: string;
  /** The editor keeps numbers as text. */
  readonly zwaveNode?: string | number;
  readonly hasSchedules?: boolean;
  readonly firstSlot?: string | number;
  readonly slotCount: string | number;
  /** Where the lock keeps no times: hours before check-in from which on the code opens, 1 to 24; 1 where it is not set. */
  readonly leadHours?: string | number;
}

/** @throws StaycodeError `bad-config` */
export function readPolicy({ leadHours = 1 }: TargetSettings): SlotPolicy {
  const hours = whole('hours before check-in', leadHours, 1);
  if (hours > 24) throw bad('hours before check-in: expected at most 24');
  return { ...DEFAULT_SLOT_POLICY, leadMs: hours * 3_600_000 };
}

/** @param zone IANA zone of the lock's clock. @throws StaycodeError `bad-config` */
export function readTarget(settings: TargetSettings, zone: string): LockTarget {
  const { target, hasSchedules = false } = settings;
  const topic = settings.topic.trim().replace(/\/+$/u, '');
  if (topic === '' || /[#+]/u.test(topic)) throw bad('topic: expected one without # and +');
  const count = whole('number of slots', settings.slotCount, 1);
  switch (target) {
    case 'nuki-hub':
      return nukiHubLock({ topic, zone, count });
    case 'zigbee2mqtt':
      return zigbee2mqttLock({ topic, slots: { first: whole('first slot', settings.firstSlot, 0), count } });
    case 'zwave-js-ui':
      return zwaveJsUiLock({
        gateway: topic,
        nodeId: whole('Z-Wave node', settings.zwaveNode, 1),
        slots: { first: whole('first slot', settings.firstSlot, 1), count },
        scheduleZone: hasSchedules ? zone : null,
      });
  }
}

function whole(what: string, value: string | number | undefined, least: number): number {
  const number = Number(value);
  if (value !== '' && Number.isInteger(number) && number >= least && number <= 10_000) return number;
  throw bad(`${what}: expected a whole number from ${least}`);
}

function bad(message: string): StaycodeError {
  return new StaycodeError('bad-config', `stay-program: ${message}`);
}
