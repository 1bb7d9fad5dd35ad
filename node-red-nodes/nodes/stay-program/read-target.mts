/**
 * The lock that a node's settings describe, in core's terms.
 * @module
 */
import { type LockTarget, nukiHubLock, StaycodeError, zigbee2mqttLock, zwaveJsUiLock } from '@staycode/core';

export interface TargetSettings {
  readonly target: 'nuki-hub' | 'zigbee2mqtt' | 'zwave-js-ui';
  /** Of the lock, or of Z-Wave JS UI's gateway. */
  readonly topic: string;
  /** The editor keeps numbers as text. */
  readonly zwaveNode?: string | number;
  readonly hasSchedules?: boolean;
  readonly firstSlot?: string | number;
  readonly slotCount: string | number;
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
