import assert from 'node:assert/strict';
import { homeAssistantDevice, homeAssistantTopics, lockTopics, StaycodeError } from '@staycode/core';
import {
  ABBREVIATIONS,
  AVAILABILITY,
  DEVICE,
  DEVICE_ABBREVIATIONS,
  DEVICE_CLASSES,
  ENTITY_CATEGORIES,
  type Keys,
  ORIGIN,
  PLATFORMS,
  ROOT,
  UNITS,
} from './home-assistant-keys.ts';

/** Of `<prefix>/device/[<node>/]<object>/config`. */
const TOPIC_LEVEL = /^[a-zA-Z0-9_-]+$/u;

type Block = Readonly<Record<string, unknown>>;

/** What Home Assistant makes of short names. */
function expand(block: unknown, abbreviations: Readonly<Record<string, string>> = ABBREVIATIONS): Block {
  assert.ok(typeof block === 'object' && block !== null);
  return Object.fromEntries(Object.entries(block).map(([key, value]) => [abbreviations[key] ?? key, value]));
}

function checkKeys(block: Block, { known, required }: Keys, where: string): void {
  const unknown = Object.keys(block).filter((key) => !known.includes(key));
  assert.deepEqual(unknown, [], `${where}: keys that Home Assistant does not document`);
  const missing = required.filter((key) => !(key in block));
  assert.deepEqual(missing, [], `${where}: keys that Home Assistant requires`);
}

const IDS = ['front-door', 'Flat_7', 'Haus 3/Tür', '+', 'sha256-'];
const LOCK = { lockId: 'front-door', name: 'Front door' };

describe('a lock at Home Assistant', () => {
  const root = expand(JSON.parse(homeAssistantDevice(LOCK)));
  const entities = Object.entries(expand(root.components)).map(
    ([key, entity]) => [key, expand(entity)] as const,
  );
  const entity = (key: string): Block => new Map(entities).get(key) ?? {};

  it('is one device whose every key is documented, with all that must be there', () => {
    checkKeys(root, ROOT, 'root');
    checkKeys(expand(root.device, DEVICE_ABBREVIATIONS), DEVICE, 'device');
    checkKeys(expand(root.origin, DEVICE_ABBREVIATIONS), ORIGIN, 'origin');
    const [availability, ...others] = root.availability as unknown[];
    assert.deepEqual(others, []);
    checkKeys(expand(availability), AVAILABILITY, 'availability');
    assert.equal(expand(availability).topic, lockTopics('front-door').availability);
    for (const [key, block] of entities) {
      const keys = PLATFORMS[String(block.platform)];
      assert.ok(keys, `${key}: a platform that Home Assistant has`);
      checkKeys(block, keys, key);
    }
  });

  it('has lock, access event, diagnostics, lockout, tamper, door and a resync button', () => {
    assert.deepEqual(
      entities.map(([key, { platform }]) => `${String(platform)}.${key}`),
      [
        ...['lock.lock', 'event.access', 'binary_sensor.lockout', 'binary_sensor.tamper'],
        'binary_sensor.door',
        'sensor.battery',
        ...['sensor.clock_offset', 'sensor.backlog', 'sensor.last_acknowledged', 'button.resync'],
      ],
    );
    assert.equal(entity('lock').name, null);
  });

  it('gives classes, categories and units only as Home Assistant knows them', () => {
    for (const [key, block] of entities) {
      const of = (name: string): string | null => (typeof block[name] === 'string' ? block[name] : null);
      const kind = of('device_class');
      const category = of('entity_category');
      const unit = of('unit_of_measurement');
      if (kind !== null) assert.ok(DEVICE_CLASSES[of('platform') ?? '']?.includes(kind), key);
      if (category !== null) assert.ok(ENTITY_CATEGORIES.includes(category), key);
      if (kind !== null && unit !== null) assert.ok(UNITS[kind]?.includes(unit), key);
    }
  });

  it('never gives a command topic to what only reads, and never asks for a retained command', () => {
    for (const [key, block] of entities) {
      assert.equal('command_topic' in block, key === 'lock' || key === 'resync', key);
      assert.notEqual(block.retain, true);
    }
  });

  it('reads only fields that the messages of those topics have', () => {
    const topics = lockTopics('front-door');
    const fields: Record<string, string[]> = {
      [topics.state]: ['bolt', 'atMs', 'battery', 'door', 'tampered'],
      [topics.health]: ['lockout', 'log.last', 'log.acknowledged'],
      [topics.event]: ['event', 'operation', 'source', 'reason', 'unitId', 'seq', 'atMs'],
    };
    for (const [key, block] of entities) {
      const { state_topic: topic, value_template: template = '' } = block;
      const read = [...String(template).matchAll(/value_json\.([\w.]+)/gu)].map(([, field]) => field);
      const strangers = read.filter((field) => !fields[String(topic)]?.includes(String(field)));
      assert.deepEqual(strangers, [], key);
    }
  });

  it('takes its events from the live topic and nothing from the log on its way home', () => {
    assert.equal(entity('access').state_topic, lockTopics('front-door').event);
    assert.ok(!JSON.stringify(root).includes('/audit'));
  });

  it('goes by ids that Home Assistant takes, and by different ones for different locks', () => {
    const seen = IDS.map((lockId) => {
      const levels = homeAssistantTopics(lockId).discovery.split('/');
      assert.deepEqual(
        [levels.length, levels[0], levels[1], levels[4]],
        [5, 'homeassistant', 'device', 'config'],
      );
      for (const level of levels.slice(2, 4)) assert.match(level, TOPIC_LEVEL);
      const { cmps, dev } = JSON.parse(homeAssistantDevice({ lockId, name: 'x' })) as {
        cmps: Record<string, { uniq_id: string }>;
        dev: { ids: string[] };
      };
      return [...dev.ids, levels.join('/'), ...Object.values(cmps).map(({ uniq_id: id }) => id)];
    });
    assert.equal(new Set(seen.flat()).size, seen.flat().length);
  });

  it('refuses what is no lock id', () => {
    assert.throws(
      () => homeAssistantDevice({ lockId: '', name: 'x' }),
      (error) => error instanceof StaycodeError && error.code === 'bad-id',
    );
  });
});
