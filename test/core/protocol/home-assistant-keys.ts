/**
 * What Home Assistant's documentation of its MQTT integration lets a discovery message say, as far as a lock needs it:
 * the keys of each platform by their full names, those that must be there, and what the short names stand for.
 */

/** Of every entity, beside those of its platform. */
const ENTITY = [
  ...['platform', 'name', 'unique_id', 'default_entity_id', 'device_class', 'entity_category', 'icon', 'qos'],
  ...['encoding', 'enabled_by_default', 'json_attributes_topic', 'json_attributes_template', 'availability'],
  ...['availability_mode', 'availability_topic', 'availability_template', 'entity_picture'],
  ...['payload_available', 'payload_not_available'],
];
const READS = ['state_topic', 'value_template'];
const WRITES = ['command_topic', 'command_template', 'retain'];

export interface Keys {
  readonly known: readonly string[];
  readonly required: readonly string[];
}

export const PLATFORMS: Readonly<Record<string, Keys>> = {
  lock: {
    known: [
      ...[...ENTITY, ...READS, ...WRITES, 'optimistic', 'code_format', 'payload_lock', 'payload_unlock'],
      ...['payload_open', 'payload_reset', 'state_locked', 'state_unlocked', 'state_locking'],
      ...['state_unlocking', 'state_jammed', 'state_open', 'state_opening'],
    ],
    required: ['command_topic'],
  },
  event: { known: [...ENTITY, ...READS, 'event_types'], required: ['state_topic', 'event_types'] },
  binary_sensor: {
    known: [...ENTITY, ...READS, 'payload_on', 'payload_off', 'off_delay', 'expire_after', 'force_update'],
    required: ['state_topic'],
  },
  sensor: {
    known: [
      ...[
        ...ENTITY,
        ...READS,
        'unit_of_measurement',
        'state_class',
        'options',
        'suggested_display_precision',
      ],
      ...['expire_after', 'force_update', 'last_reset_value_template'],
    ],
    required: ['state_topic'],
  },
  button: { known: [...ENTITY, ...WRITES, 'payload_press'], required: ['command_topic'] },
};

export const ROOT: Keys = {
  known: ['device', 'origin', 'components', 'availability', 'availability_mode', 'qos', 'encoding'],
  required: ['device', 'origin', 'components'],
};
export const DEVICE: Keys = {
  known: [
    ...['identifiers', 'connections', 'name', 'manufacturer', 'model', 'model_id', 'serial_number'],
    ...['hw_version', 'sw_version', 'suggested_area', 'configuration_url', 'via_device'],
  ],
  required: ['identifiers'],
};
export const ORIGIN: Keys = { known: ['name', 'sw_version', 'support_url'], required: ['name'] };
export const AVAILABILITY: Keys = {
  known: ['topic', 'payload_available', 'payload_not_available', 'value_template'],
  required: ['topic'],
};

export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ...{ dev: 'device', o: 'origin', cmps: 'components', avty: 'availability', p: 'platform', t: 'topic' },
  ...{ uniq_id: 'unique_id', stat_t: 'state_topic', cmd_t: 'command_topic', val_tpl: 'value_template' },
  ...{ dev_cla: 'device_class', ent_cat: 'entity_category', evt_typ: 'event_types' },
  ...{ unit_of_meas: 'unit_of_measurement', stat_cla: 'state_class' },
  ...{ json_attr_t: 'json_attributes_topic', json_attr_tpl: 'json_attributes_template' },
};
export const DEVICE_ABBREVIATIONS: Readonly<Record<string, string>> = {
  ...{ ids: 'identifiers', mf: 'manufacturer', mdl: 'model', sw: 'sw_version', hw: 'hw_version' },
  ...{ sn: 'serial_number', cu: 'configuration_url', sa: 'suggested_area' },
};

export const ENTITY_CATEGORIES: readonly string[] = ['config', 'diagnostic'];
export const DEVICE_CLASSES: Readonly<Record<string, readonly string[]>> = {
  event: ['button', 'doorbell', 'motion'],
  binary_sensor: ['battery', 'connectivity', 'door', 'lock', 'problem', 'safety', 'tamper'],
  sensor: ['battery', 'duration', 'timestamp', 'voltage'],
  button: ['identify', 'restart', 'update'],
};
/** The units that a device class takes. */
export const UNITS: Readonly<Record<string, readonly string[]>> = {
  battery: ['%'],
  duration: ['d', 'h', 'min', 's', 'ms'],
};
