import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../homebridge-plugin/src/config.ts';
import { PLATFORM_NAME, PLUGIN_NAME } from '../../homebridge-plugin/src/platform.ts';

const PLUGIN = join(import.meta.dirname, '../../homebridge-plugin');
const KEY = '00ff'.repeat(16);
const BROKER = { url: 'mqtt://127.0.0.1:1883' };
const LOCK = { name: 'Front door', lockId: 'front-door', commandKey: KEY };

describe('config of the Homebridge plugin', () => {
  function faultsOf(block: Record<string, unknown>): readonly string[] {
    return readConfig({ broker: BROKER, locks: [], ...block })?.faults ?? [];
  }

  it('is nothing while neither broker nor locks are set', () => {
    assert.equal(readConfig({ platform: 'Staycode', name: 'Staycode' }), null);
  });

  it('reads broker and locks, with the controller id homebridge unless set', () => {
    const config = readConfig({
      broker: { ...BROKER, username: 'host', password: '' },
      locks: [
        LOCK,
        { ...LOCK, lockId: 'back-door', controllerId: 'upstairs', commandKey: KEY.toUpperCase() },
      ],
    });
    assert.deepEqual(config?.faults, []);
    const none = { password: null, caFile: null, certFile: null, keyFile: null };
    assert.deepEqual(config.broker, { ...BROKER, username: 'host', ...none });
    const key = new Uint8Array(32).map((_, i) => (i % 2 === 0 ? 0 : 255));
    const extras = {
      services: {
        door: true,
        arrived: true,
        stay: false,
        keypad: true,
        alarm: false,
        management: false,
        accessCodes: false,
      },
      standalone: false,
    };
    assert.deepEqual(config.locks, [
      { name: 'Front door', lockId: 'front-door', controllerId: 'homebridge', commandKey: key, ...extras },
      { name: 'Front door', lockId: 'back-door', controllerId: 'upstairs', commandKey: key, ...extras },
    ]);
  });

  it('reads which services a lock has, and whether it stands alone', () => {
    const config = readConfig({
      broker: BROKER,
      locks: [{ ...LOCK, services: { arrived: false, alarm: true }, standalone: true }],
    });
    assert.deepEqual(config?.locks[0]?.services, {
      door: true,
      arrived: false,
      stay: false,
      keypad: true,
      alarm: true,
      management: false,
      accessCodes: false,
    });
    assert.equal(config.locks[0].standalone, true);
  });

  it('keeps the good locks beside a faulty one', () => {
    const config = readConfig({ broker: BROKER, locks: [{ ...LOCK, lockId: ' x' }, LOCK] });
    assert.deepEqual(
      config?.locks.map(({ lockId }) => lockId),
      ['front-door'],
    );
    assert.equal(config.faults.length, 1);
  });

  it('names each faulty field and what was expected', () => {
    const expectations: [Record<string, unknown>, RegExp][] = [
      [{ broker: undefined }, /^broker: expected the broker’s settings.*, got nothing$/u],
      [{ broker: {} }, /^broker\.url: expected an address such as mqtt:.*, got nothing$/u],
      [
        { broker: { url: '127.0.0.1' } },
        /^broker\.url: expected an address .*, got a text of 9 characters$/u,
      ],
      [{ broker: { url: 'http://127.0.0.1' } }, /^broker\.url: expected an address/u],
      [
        { broker: { ...BROKER, password: 5 } },
        /^broker\.password: expected text, got a value of type number$/u,
      ],
      [{ locks: {} }, /^locks: expected a list of locks, got a value of type object$/u],
      [{ locks: ['door'] }, /^locks\[0\]: expected an object of settings, got a text of 4 characters$/u],
      [{ locks: [{ ...LOCK, name: ' ' }] }, /^locks\[0\]\.name: expected text to show/u],
      [{ locks: [{ ...LOCK, lockId: '' }] }, /^locks\[0\]\.lockId: expected the lock’s id/u],
      [
        { locks: [{ ...LOCK, controllerId: 'x ' }] },
        /^locks\[0\]\.controllerId: expected this controller’s id/u,
      ],
      [{ locks: [{ ...LOCK, commandKey: 'g'.repeat(64) }] }, /^locks\[0\]\.commandKey: expected 64 hex/u],
      [
        { locks: [{ ...LOCK, services: { alarm: 'yes' } }] },
        /^locks\[0\]\.services\.alarm: expected true or false, got a text of 3 characters$/u,
      ],
      [{ locks: [{ ...LOCK, standalone: 1 }] }, /^locks\[0\]\.standalone: expected true or false/u],
      [{ locks: [LOCK, LOCK] }, /^locks\[1\]\.lockId: expected each lock once/u],
    ];
    for (const [block, expected] of expectations) {
      const faults = faultsOf(block);
      assert.equal(faults.length, 1, String(expected));
      assert.match(faults[0] ?? '', expected);
    }
  });

  it('never repeats a key or a password', () => {
    const secret = 'a1b2c3d4e5';
    const faults = faultsOf({
      broker: { url: `ftp://user:${secret}@host` },
      locks: [{ ...LOCK, commandKey: secret }],
    });
    assert.equal(faults.length, 2);
    assert.ok(faults.every((fault) => !fault.includes(secret)));
  });
});

describe('config.schema.json', () => {
  interface Field {
    readonly title?: string;
    readonly description?: string;
    readonly properties?: Record<string, Field>;
    readonly items?: Field;
  }
  const schema = JSON.parse(readFileSync(join(PLUGIN, 'config.schema.json'), 'utf8')) as {
    pluginAlias: string;
    pluginType: string;
    schema: Field;
  };

  it('names the platform that the plugin registers, under the name of its package', () => {
    const { name } = JSON.parse(readFileSync(join(PLUGIN, 'package.json'), 'utf8')) as { name: string };
    assert.equal(name, PLUGIN_NAME);
    assert.equal(schema.pluginAlias, PLATFORM_NAME);
    assert.equal(schema.pluginType, 'platform');
  });

  it('offers every setting that is read, each with title and description', () => {
    const fields = fieldsUnder(schema.schema);
    assert.deepEqual(
      fields.map(([path]) => path),
      [
        'name',
        'broker',
        'broker.url',
        'broker.username',
        'broker.password',
        'broker.caFile',
        'broker.certFile',
        'broker.keyFile',
        'locks',
        'locks[]',
        'locks[].pairing',
        'locks[].name',
        'locks[].lockId',
        'locks[].controllerId',
        'locks[].commandKey',
        'locks[].services',
        'locks[].services.door',
        'locks[].services.arrived',
        'locks[].services.stay',
        'locks[].services.keypad',
        'locks[].services.alarm',
        'locks[].services.management',
        'locks[].services.accessCodes',
        'locks[].standalone',
      ],
    );
    for (const [path, { title, description }] of fields) assert.ok(title && description, path);
  });

  function fieldsUnder(field: Field, path = ''): [string, Field][] {
    const inside = Object.entries(field.properties ?? {}).flatMap(([name, each]) =>
      fieldsUnder(each, path === '' ? name : `${path}.${name}`),
    );
    const items = field.items ? fieldsUnder(field.items, `${path}[]`) : [];
    return [...(path === '' ? [] : [[path, field] as [string, Field]]), ...inside, ...items];
  }
});
