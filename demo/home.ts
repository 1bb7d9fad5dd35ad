/**
 * The whole home, wired together: a broker, a lock with its keypad page, an OTA's feed, Node-RED with the flow, Homebridge with
 * the plugin. Everything listens on 127.0.0.1, keeps its files in one folder and has its keys made for this run alone.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_KEEPER,
  deriveCommandKey,
  deriveLockKey,
  deriveUnitKey,
  formatLockFile,
  type LockFile,
} from '@staycode/core';
import { Temporal } from 'temporal-polyfill';
import { freePort } from './free-port.ts';
import { createFlow, LOCK_ID, UNIT_ID } from './flow.ts';
import { type Program, startProgram } from './program.ts';
import { type SampleOta, startSampleOta } from './sample-ota.ts';

export interface Ports {
  readonly broker: number;
  readonly keypad: number;
  readonly ota: number;
  readonly nodeRed: number;
  readonly homebridge: number;
}

export interface HomeOptions {
  /** An empty folder. */
  readonly folder: string;
  /** 0 for a free one. */
  readonly ports?: Partial<Ports>;
  /** Told when a program ends that nobody stopped. */
  readonly onExit?: (program: string) => void;
  /** What is under way. */
  readonly onStep?: (step: string) => void;
}

export interface Home {
  readonly ota: SampleOta;
  readonly broker: Program;
  readonly lock: Program;
  readonly nodeRed: Program;
  readonly homebridge: Program;
  readonly urls: Readonly<Record<'broker' | 'keypad' | 'ota' | 'nodeRed' | 'homebridge', string>>;
  /** What a controller needs to pair with the bridge. */
  readonly bridge: { readonly username: string; readonly port: number; readonly pin: string };
  readonly lockFile: string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..');
const BRIDGE_USERNAME = '0E:5C:0D:E0:00:02';
const BRIDGE_PIN = '031-45-154';

export async function startHome(options: HomeOptions): Promise<Home> {
  const { folder, ports = {}, onExit, onStep } = options;
  const siteKey = randomBytes(32);
  const zone = Temporal.Now.timeZoneId();
  const running: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  };
  const run = (name: string, args: string[], env?: Record<string, string>): Program => {
    onStep?.(name);
    const program = startProgram(name, args, { cwd: folder, ...(env && { env }), ...(onExit && { onExit }) });
    running.push(program);
    return program;
  };
  try {
    const ota = await startSampleOta({ port: ports.ota ?? 0, today: Temporal.Now.plainDateISO(zone) });
    running.push({ stop: () => ota.close() });

    const broker = run('Broker', [join(root, 'demo/broker.ts'), String(ports.broker ?? 0)]);
    const [brokerUrl] = await broker.waitFor(/mqtt:\S+/u);

    const lockFile = join(folder, 'front-door.json');
    writeFileSync(lockFile, formatLockFile(createLockFile(siteKey, zone)), { mode: 0o600 });
    const lockArgs = ['--lock', lockFile, '--port', String(ports.keypad ?? 0), '--mqtt', brokerUrl];
    const lock = run('Lock', [join(root, 'mqtt-lock-sim/dist/staycode-lock.js'), ...lockArgs]);

    const nodeRedPort = await freePort(ports.nodeRed);
    const nodeRed = run(
      'Node-RED',
      writeNodeRed(folder, { siteKey, zone, ota, brokerUrl, port: nodeRedPort }),
    );
    const homebridgePort = await freePort(ports.homebridge);
    const homebridge = run(
      'Homebridge',
      writeHomebridge(folder, { siteKey, brokerUrl, port: homebridgePort }),
    );

    const [, keypadUrl = ''] = await lock.waitFor(/Keypad (http:\S+)/u);
    await nodeRed.waitFor(/Started flows/u);
    await homebridge.waitFor(/is running on port/u);
    return {
      ota,
      broker,
      lock,
      nodeRed,
      homebridge,
      urls: {
        broker: brokerUrl,
        keypad: `${keypadUrl}/`,
        ota: `${ota.url}/`,
        nodeRed: `http://127.0.0.1:${nodeRedPort}/`,
        homebridge: `http://127.0.0.1:${homebridgePort}/`,
      },
      bridge: { username: BRIDGE_USERNAME, port: homebridgePort, pin: BRIDGE_PIN },
      lockFile,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function createLockFile(siteKey: Uint8Array, zone: string): LockFile {
  return {
    lockId: LOCK_ID,
    name: 'Front door',
    zone,
    lockKey: deriveLockKey(siteKey, LOCK_ID, 1),
    units: [
      { unitId: UNIT_ID, keyVersion: 1, alphabet: 'decimal', unitKey: deriveUnitKey(siteKey, UNIT_ID, 1) },
    ],
    rules: compileRules({ zone, ...DEFAULT_HOUSE_RULES }),
    staff: [],
    keeper: DEFAULT_KEEPER,
  };
}

function writeNodeRed(
  folder: string,
  options: { siteKey: Uint8Array; zone: string; ota: SampleOta; brokerUrl: string; port: number },
): string[] {
  const userDir = join(folder, 'node-red');
  mkdirSync(userDir, { recursive: true });
  const settings = {
    flowFile: 'flows.json',
    credentialSecret: false,
    uiHost: '127.0.0.1',
    uiPort: options.port,
    telemetry: { enabled: false },
    editorTheme: { tours: false },
  };
  const credentials = {
    site: { siteKey: Buffer.from(options.siteKey).toString('hex') },
    feed: { url: `${options.ota.url}/feed.ics` },
  };
  const flow = createFlow({
    zone: options.zone,
    messagesUrl: `${options.ota.url}/messages`,
    brokerPort: Number(new URL(options.brokerUrl).port),
  });
  // .cjs: in a folder of ES modules a settings.js would not be read.
  writeFileSync(join(userDir, 'settings.cjs'), `module.exports = ${JSON.stringify(settings)};\n`);
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(credentials), { mode: 0o600 });
  const program = join(root, 'node_modules/node-red/red.js');
  return [program, '--userDir', userDir, '--settings', join(userDir, 'settings.cjs')];
}

function writeHomebridge(
  folder: string,
  options: { siteKey: Uint8Array; brokerUrl: string; port: number },
): string[] {
  const storage = join(folder, 'homebridge');
  const plugins = join(folder, 'homebridge-plugins');
  mkdirSync(storage, { recursive: true });
  mkdirSync(plugins, { recursive: true });
  symlinkSync(join(root, 'homebridge-plugin'), join(plugins, 'homebridge-staycode'), 'dir');
  const commandKey = deriveCommandKey(deriveLockKey(options.siteKey, LOCK_ID, 1), 'homebridge');
  const lock = { name: 'Front door', lockId: LOCK_ID, commandKey: Buffer.from(commandKey).toString('hex') };
  const bridge = {
    ...{ name: 'Staycode Sample', username: BRIDGE_USERNAME, pin: BRIDGE_PIN },
    ...{ port: options.port, advertiser: 'ciao', bind: ['127.0.0.1'] },
  };
  const platform = {
    platform: 'Staycode',
    name: 'Staycode',
    broker: { url: options.brokerUrl },
    locks: [lock],
  };
  const config = JSON.stringify({ bridge, platforms: [platform] });
  writeFileSync(join(storage, 'config.json'), config, { mode: 0o600 });
  const program = join(root, 'node_modules/homebridge/bin/homebridge.js');
  const loopback = ['--import', join(root, 'demo/loopback-only.mjs')];
  return [...loopback, program, '-U', storage, '-P', plugins, '--strict-plugin-resolution', '-Q', '-T'];
}
