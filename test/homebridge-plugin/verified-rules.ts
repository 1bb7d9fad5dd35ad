/** Homebridge's rules for verified plugins, each read from the packed plugin or from a run of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startHomebridge } from '../support/homebridge.ts';

export interface Packed {
  /** Where packed plugins lie, as `unpackPlugin` returns it. */
  readonly plugins: string;
  /** Empty, for what runs leave behind. */
  readonly scratch: string;
  readonly manifest: Manifest;
  readonly schema: Schema;
  /** The text of `PROGRAMS`. */
  readonly bundle: string;
}

export interface Rule {
  readonly rule: string;
  /** What is wrong, a line each. */
  readonly faults: (packed: Packed) => string[] | Promise<string[]>;
}

interface Manifest {
  readonly name: string;
  readonly main?: string;
  readonly homepage?: string;
  readonly bugs?: { readonly url?: string };
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface Field {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
}

interface Schema {
  readonly pluginAlias?: string;
  readonly pluginType?: string;
  readonly schema?: Field;
}

/** What the plugin may load beside itself: nothing of it starts programs or speaks HTTP. */
const LOADS = [
  'mqtt',
  '@homebridge/plugin-ui-utils',
  '../dist/settings.js',
  'node:crypto',
  'node:fs',
  'node:path',
  'node:timers/promises',
  'node:tls',
];
/** All that runs in a process: the plugin, and what its settings page asks. */
const PROGRAMS = ['dist/index.js', 'dist/settings.js', 'homebridge-ui/server.js'];
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'];
const FAILED = /unhandled|uncaught|TypeError|ReferenceError|characteristic was supplied illegal/iu;
/** Nobody listens here: port 9 of this machine. */
const DEAD_BROKER = { url: 'mqtt://127.0.0.1:9' };
const LOCK = { name: 'Front door', lockId: 'front-door', commandKey: '00ff'.repeat(16) };

export const RULES: readonly Rule[] = [
  {
    rule: 'the package is named homebridge-…, with the keyword homebridge-plugin and a licence',
    faults: ({ manifest: { name, keywords = [], license } }) => [
      ...unless(/^(?:@[\w-]+\/)?homebridge-[\w-]+$/u.test(name), `name: ${name}`),
      ...unless(keywords.includes('homebridge-plugin'), 'keywords: no homebridge-plugin'),
      ...unless(license !== undefined, 'license: none'),
    ],
  },
  {
    rule: 'homepage and bugs.url are https addresses',
    faults: ({ manifest: { homepage = '', bugs } }) => [
      ...unless(homepage.startsWith('https://'), 'homepage: none'),
      ...unless(bugs?.url?.startsWith('https://') === true, 'bugs.url: none'),
    ],
  },
  {
    rule: 'engines name the current Node and Homebridge 1 and 2',
    faults: ({ manifest: { engines = {} } }) =>
      ['^22.', '^24.', '^1.', '^2.'].flatMap((range, i) => {
        const engine = i < 2 ? 'node' : 'homebridge';
        return unless(engines[engine]?.includes(range) === true, `engines.${engine}: no ${range}`);
      }),
  },
  {
    rule: 'Homebridge itself is no dependency',
    faults: ({ manifest: { dependencies = {}, peerDependencies = {} } }) =>
      Object.keys({ ...dependencies, ...peerDependencies }).filter((name) =>
        /^homebridge$|hap-nodejs/u.test(name),
      ),
  },
  {
    rule: 'nothing runs at installation',
    faults: ({ manifest: { scripts = {} } }) => INSTALL_SCRIPTS.filter((name) => name in scripts),
  },
  {
    rule: 'the package has its program, its settings and a README',
    faults: ({ plugins, manifest }) =>
      [manifest.main ?? 'main', 'config.schema.json', 'README.md', 'homebridge-ui/public/index.html'].filter(
        (file) => !existsSync(join(plugins, manifest.name, file)),
      ),
  },
  {
    rule: 'it loads nothing that could track anybody or start a program',
    faults: ({ bundle }) => {
      const loaded = [...bundle.matchAll(/(?:^import[^;]*? from |import\(|require\()["']([^"']+)["']/gmu)];
      return loaded
        .map(([, name = '']) => (builtinModules.includes(name) ? `node:${name}` : name))
        .filter((name) => !LOADS.includes(name));
    },
  },
  {
    rule: 'config.schema.json is that of a dynamic platform, with a name to set',
    faults: ({ schema: { pluginAlias, pluginType, schema } }) => [
      ...unless(pluginAlias !== undefined, 'pluginAlias: none'),
      ...unless(pluginType === 'platform', 'pluginType: not platform'),
      ...unless(schema?.properties?.name?.default !== undefined, 'name: no field with a default'),
    ],
  },
  {
    rule: 'every field of config.schema.json has type, title and help, and what is required is there',
    faults: ({ schema }) => faultsOfField(schema.schema ?? {}, 'schema', true),
  },
  {
    rule: 'unconfigured it does nothing, and ends within 12 s of SIGTERM',
    faults: async (packed) => {
      const { log, cached } = await run(packed, 'unconfigured', { platform: 'Staycode', name: 'Staycode' });
      return [
        ...unless(log.includes('Nothing is configured yet'), 'did not say that nothing is configured'),
        ...unless(cached === 0, `made ${cached} accessories`),
        ...(FAILED.exec(log) ?? []),
      ];
    },
  },
  {
    rule: 'without its broker it stays quiet and ends within 12 s of SIGTERM',
    faults: async (packed) => {
      const block = { platform: 'Staycode', name: 'Staycode', broker: DEAD_BROKER, locks: [LOCK] };
      const { log } = await run(packed, 'no-broker', block);
      const told = log.match(/MQTT: no connection/gu)?.length ?? 0;
      return [
        ...unless(told === 1, `told ${told} times that the broker is away`),
        ...(FAILED.exec(log) ?? []),
      ];
    },
  },
  {
    rule: 'a faulty config is named and brings nothing down',
    faults: async (packed) => {
      const block = {
        platform: 'Staycode',
        name: 'Staycode',
        broker: 5,
        locks: [{ ...LOCK, commandKey: 1 }, null],
      };
      const { log } = await run(packed, 'faulty', block);
      const named = ['broker:', 'locks[0].commandKey:', 'locks[1]:'].filter(
        (field) => !log.includes(`Config: ${field}`),
      );
      return [...named, ...(FAILED.exec(log) ?? [])];
    },
  },
];

/** Reads what the rules look at. */
export function readPacked(plugins: string, scratch: string): Packed {
  const home = join(plugins, 'homebridge-staycode');
  const json = (name: string): unknown => JSON.parse(readFileSync(join(home, name), 'utf8'));
  const manifest = json('package.json') as Manifest;
  return {
    ...{ plugins, scratch, manifest, schema: json('config.schema.json') as Schema },
    bundle: PROGRAMS.map((file) => readFileSync(join(home, file), 'utf8')).join('\n'),
  };
}

/** A run of some seconds, its log, how many accessories it cached; throws where it does not end in time, or wrote elsewhere. */
async function run({ plugins, scratch }: Packed, name: string, block: Readonly<Record<string, unknown>>) {
  const storageDir = join(scratch, name, 'storage');
  const elsewhere = join(scratch, name, 'elsewhere');
  mkdirSync(elsewhere, { recursive: true });
  const bridge = await startHomebridge({
    ...{ storageDir, pluginDir: plugins, config: { platforms: [block] } },
    home: elsewhere,
  });
  // Long enough for a second and a third try to reach the broker.
  await pause(5_000);
  await bridge.stop();
  const written = readdirSync(elsewhere);
  if (written.length > 0) throw new Error(`wrote outside Homebridge's storage: ${written.join(', ')}`);
  const cache = join(storageDir, 'accessories/cachedAccessories');
  const cached = existsSync(cache) ? (JSON.parse(readFileSync(cache, 'utf8')) as unknown[]).length : 0;
  return { log: bridge.logs(), cached };
}

function faultsOfField(field: Field, path: string, root = false): string[] {
  const { type, title, description, required = [], properties = {}, items } = field;
  return [
    ...unless(type !== undefined, `${path}: no type`),
    ...unless(root || title !== undefined, `${path}: no title`),
    ...unless(root || description !== undefined, `${path}: no help`),
    ...required
      .filter((name) => !(name in properties))
      .map((name) => `${path}: requires ${name}, which is none`),
    ...Object.entries(properties).flatMap(([name, each]) => faultsOfField(each, `${path}.${name}`)),
    ...(items ? faultsOfField(items, `${path}[]`) : []),
  ];
}

function unless(holds: boolean, fault: string): string[] {
  return holds ? [] : [fault];
}
