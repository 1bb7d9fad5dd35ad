/** A broker, a scripted lock, a real Homebridge with the packed plugin, and a HAP client that is paired with it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Broker, startBroker } from '../support/broker.ts';
import { type HomebridgeRelease, type RunningHomebridge, startHomebridge } from '../support/homebridge.ts';
import { unpackPlugin } from '../support/packed-plugin.ts';
import { scratchFolder } from '../support/scratch.ts';
import { HomeApp, type Place } from './home-app.ts';
import { WiredLock } from './wired-lock.ts';

export const NO_RESPONSE = 'status -70402';

type Settings = Readonly<Record<string, unknown>>;

export class PluggedHome {
  readonly storageDir: string;
  readonly #release: HomebridgeRelease;
  readonly #pluginDir: string;
  #watched: readonly Place[] = [];
  #pairing: Awaited<ReturnType<HomeApp['pair']>> | undefined;
  broker!: Broker;
  lock!: WiredLock;
  bridge!: RunningHomebridge;
  home!: HomeApp;

  constructor(release: HomebridgeRelease = '2.4') {
    this.#release = release;
    const folder = scratchFolder();
    this.storageDir = join(folder, 'storage');
    this.#pluginDir = unpackPlugin(folder);
  }

  /** Starts all with one lock of these settings beside those that it needs, and pairs; the lock itself has not joined. */
  async start(settings: Settings, watched: readonly Place[]): Promise<void> {
    this.#watched = watched;
    this.broker = await startBroker();
    this.lock = new WiredLock(this.broker.url);
    await this.#startBridge([this.lockConfig(settings)]);
    this.#pairing = await this.home.pair(this.bridge.pin);
    await this.watch();
  }

  async stop(): Promise<void> {
    await this.home.close();
    await this.bridge.stop();
    await this.lock.leave();
    await this.broker.stop();
  }

  /** Homebridge anew on the same storage, with these locks. */
  async restart(locks: readonly Settings[] | undefined, platform: Settings = {}): Promise<void> {
    await this.home.close();
    await this.bridge.stop();
    await this.#startBridge(locks, platform);
  }

  /** Learns the accessory and listens. */
  async watch(): Promise<void> {
    await this.home.discover();
    await this.home.subscribe(...this.#watched);
  }

  lockConfig(settings: Settings = {}, lock: WiredLock = this.lock): Settings {
    const { lockId } = lock;
    const commandKey = Buffer.from(lock.commandKey('homebridge')).toString('hex');
    return { name: 'Front door', lockId, commandKey, ...settings };
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (await holds()) return;
      await pause(25);
    }
    assert.fail(`never came: ${what}; events: ${this.home.events.join(', ')}\n${this.bridge.logs()}`);
  }

  /** Until exactly these events have come since the last time. */
  async untilEvents(...expected: string[]): Promise<void> {
    await this.until(expected.join(', '), () => expected.join() === this.home.events.join());
    this.home.events.length = 0;
  }

  async untilReads(place: Place, value: unknown): Promise<void> {
    await this.until(`${place} ${String(value)}`, async () => (await this.home.read(place)) === value);
  }

  async #startBridge(locks: readonly Settings[] | undefined, platform: Settings = {}): Promise<void> {
    const { storageDir } = this;
    const block = {
      platform: 'Staycode',
      name: 'Staycode',
      broker: { url: this.broker.url },
      locks,
      ...platform,
    };
    this.bridge = await startHomebridge({
      release: this.#release,
      storageDir,
      pluginDir: this.#pluginDir,
      config: { platforms: [block] },
    });
    this.home = new HomeApp(this.bridge, this.#pairing);
  }
}
