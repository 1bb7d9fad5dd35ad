/**
 * A lock as Home Assistant discovers it: one device with its entities, read from the lock's own messages by templates.
 * Source: Home Assistant, MQTT integration, device discovery.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { lockTopics } from './topics.ts';

/** Where Home Assistant says `online` when it starts: then everything is said again. */
export const HOME_ASSISTANT_STATUS = 'homeassistant/status';

export interface HomeAssistantTopics {
  /** The device, retained. */
  readonly discovery: string;
  /** `LOCK` or `UNLOCK`, unsigned: Home Assistant cannot sign, so a lock obeys only where its host has opted in. */
  readonly bolt: string;
  /** `PRESS`: the lock says again what it has said. */
  readonly resync: string;
}

/** @throws StaycodeError `bad-id` */
export function homeAssistantTopics(lockId: string): HomeAssistantTopics {
  const { ofHomeAssistant } = lockTopics(lockId);
  return {
    discovery: `homeassistant/device/staycode/${objectIdOf(lockId)}/config`,
    bolt: `${ofHomeAssistant}/bolt`,
    resync: `${ofHomeAssistant}/resync`,
  };
}

/**
 * The text for the discovery topic. The lock entity always has a command topic, because Home Assistant takes none without.
 * @throws StaycodeError `bad-id`
 */
export function homeAssistantDevice({ lockId, name }: { lockId: string; name: string }): string {
  const topics = lockTopics(lockId);
  const { bolt, resync } = homeAssistantTopics(lockId);
  const diagnostic = { ent_cat: 'diagnostic' };
  const entities: Record<string, Entity> = {
    lock: {
      p: 'lock',
      // The device's own name.
      name: null,
      stat_t: topics.state,
      val_tpl: "{{ {'secured': 'LOCKED', 'unsecured': 'UNLOCKED', 'jammed': 'JAMMED'}[value_json.bolt] }}",
      cmd_t: bolt,
      json_attr_t: topics.event,
    },
    access: {
      p: 'event',
      name: 'Access',
      stat_t: topics.event,
      evt_typ: ['LockOperation', 'LockOperationError', 'DoorLockAlarm'],
      val_tpl:
        "{{ {'event_type': value_json.event, 'operation': value_json.operation, 'source': value_json.source, " +
        "'reason': value_json.reason, 'unit': value_json.unitId, 'seq': value_json.seq, " +
        "'at': (value_json.atMs / 1000) | timestamp_local} | to_json }}",
    },
    lockout: {
      p: 'binary_sensor',
      name: 'Lockout',
      dev_cla: 'problem',
      stat_t: topics.health,
      val_tpl: "{{ 'ON' if value_json.lockout else 'OFF' }}",
    },
    tamper: {
      p: 'binary_sensor',
      name: 'Tamper',
      dev_cla: 'tamper',
      stat_t: topics.state,
      val_tpl: "{{ 'ON' if value_json.tampered else 'OFF' }}",
    },
    door: {
      p: 'binary_sensor',
      name: 'Door',
      dev_cla: 'door',
      stat_t: topics.state,
      // None, as of a lock without a contact, is unknown to Home Assistant.
      val_tpl: "{{ {'open': 'ON', 'closed': 'OFF'}.get(value_json.door) }}",
    },
    battery: {
      p: 'sensor',
      name: 'Battery',
      dev_cla: 'battery',
      unit_of_meas: '%',
      stat_t: topics.state,
      val_tpl: '{{ value_json.battery }}',
      ...diagnostic,
    },
    clock_offset: {
      p: 'sensor',
      name: 'Clock offset',
      dev_cla: 'duration',
      unit_of_meas: 's',
      stat_t: topics.state,
      val_tpl: '{{ (value_json.atMs / 1000 - as_timestamp(now())) | round(1) }}',
      ...diagnostic,
    },
    backlog: {
      p: 'sensor',
      name: 'Backlog',
      unit_of_meas: 'entries',
      stat_t: topics.health,
      val_tpl: '{{ value_json.log.last - value_json.log.acknowledged }}',
      ...diagnostic,
    },
    last_acknowledged: {
      p: 'sensor',
      name: 'Last acknowledged entry',
      stat_t: topics.health,
      val_tpl: '{{ value_json.log.acknowledged }}',
      ...diagnostic,
    },
    resync: { p: 'button', name: 'Resync', cmd_t: resync, ent_cat: 'config' },
  };
  const id = `staycode-${objectIdOf(lockId)}`;
  const cmps = Object.fromEntries(
    Object.entries(entities).map(([key, entity]) => [key, { ...entity, uniq_id: `${id}-${key}` }]),
  );
  return JSON.stringify({
    dev: { ids: [id], name, mf: 'Staycode', mdl: 'Offline code lock' },
    o: { name: 'Staycode' },
    avty: [{ t: topics.availability }],
    qos: 1,
    cmps,
  });
}

/** An entity in Home Assistant's abbreviated keys. */
type Entity = Readonly<Record<string, string | null | readonly string[]>> & { readonly p: string };

/** Home Assistant takes only these characters; a lock id with others goes by its hash. */
function objectIdOf(lockId: string): string {
  if (/^[a-zA-Z0-9_-]+$/u.test(lockId)) return lockId;
  return `sha256-${bytesToHex(sha256(utf8ToBytes(lockId))).slice(0, 32)}`;
}
