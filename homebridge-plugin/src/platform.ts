/**
 * The platform: one broker, and an accessory for each lock that the host listed.
 * @module
 */
import { join } from 'node:path';
import { StaycodeError } from '@staycode/core';
import type { MqttLogin } from '@staycode/core/edges';
import type {
  API,
  Categories,
  DynamicPlatformPlugin,
  Logging,
  PlatformAccessory,
  PlatformConfig,
} from 'homebridge';
import { type BrokerConnection, connectToBroker } from './broker-connection.ts';
import { systemClock } from './clock.ts';
import { type LockSettings, readConfig } from './config.ts';
import { type DoorStore, openDoorStore } from './door-store.ts';
import { LockAccessory } from './lock-accessory.ts';
import { showNoResponse } from './no-response.ts';

/** As in package.json. */
export const PLUGIN_NAME = 'homebridge-staycode';
/** As `pluginAlias` in config.schema.json. */
export const PLATFORM_NAME = 'Staycode';
/** HAP's category of a door lock; a number for the reason given at `noResponse`. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const DOOR_LOCK = 6 as Categories;
/** How soon the end of a stay shows. */
const TICK_MS = 5_000;

/** Does nothing until it is configured, and never throws into Homebridge. */
export class StaycodePlatform implements DynamicPlatformPlugin {
  readonly #log: Logging;
  readonly #api: API;
  readonly #cached = new Map<string, PlatformAccessory>();
  #locks: readonly LockAccessory[] = [];
  #broker: BrokerConnection | null = null;
  #ticks: NodeJS.Timeout | undefined;

  constructor(log: Logging, config: PlatformConfig, api: API) {
    this.#log = log;
    this.#api = api;
    api.on('didFinishLaunching', () => {
      this.#start(config);
    });
    api.on('shutdown', () => {
      this.#stop();
    });
  }

  /** Homebridge hands back each accessory of the last run, before `didFinishLaunching`. */
  configureAccessory(accessory: PlatformAccessory): void {
    showNoResponse(this.#api, accessory);
    this.#cached.set(accessory.UUID, accessory);
  }

  #start(block: PlatformConfig): void {
    const config = readConfig(block);
    if (config === null) {
      this.#log.info('Nothing is configured yet: set the broker and the locks.');
      return;
    }
    for (const fault of config.faults) this.#log.error(`Config: ${fault}`);
    // While the config has a fault, a lock that seems gone may only be mistyped: its rooms and automations stay.
    if (config.faults.length === 0) this.#unregisterAllBut(config.locks.filter((lock) => !lock.standalone));
    if (config.broker === null || config.locks.length === 0) return;
    const store = openDoorStore(join(this.#api.user.storagePath(), 'staycode', 'doors.json'), (what) => {
      this.#log.warn(what);
    });
    this.#locks = config.locks.map((settings) => this.#addLock(settings, store));
    this.#ticks = setInterval(() => {
      for (const lock of this.#locks) lock.timePassed();
    }, TICK_MS).unref();
    this.#connect(config.broker);
  }

  #stop(): void {
    clearInterval(this.#ticks);
    for (const lock of this.#locks) lock.controller.close();
    this.#broker?.close();
  }

  #connect(broker: MqttLogin): void {
    try {
      this.#broker = this.#openConnection(broker);
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      this.#log.error(`Config: broker: ${error.message}`);
    }
  }

  #openConnection(broker: MqttLogin): BrokerConnection {
    const controllers = this.#locks.map((lock) => lock.controller);
    const byTopic = new Map(this.#locks.flatMap((lock) => lock.subscriptions.map((topic) => [topic, lock])));
    return connectToBroker(broker, {
      topics: [...byTopic.keys()],
      up: (version) => {
        this.#log.info(`MQTT: connected with version ${version}`);
        for (const controller of controllers) controller.connectionUp();
      },
      down: () => {
        for (const controller of controllers) controller.connectionDown();
      },
      messageCame: (message) => byTopic.get(message.topic)?.receive(message),
      trouble: (what) => {
        this.#log.warn(`MQTT: ${what}`);
      },
    });
  }

  #addLock(settings: LockSettings, store: DoorStore): LockAccessory {
    const { platformAccessory: Accessory } = this.#api;
    const uuid = this.#uuidOf(settings);
    const cached = this.#cached.get(uuid);
    const accessory = cached ?? new Accessory(settings.name, uuid, DOOR_LOCK);
    accessory.updateDisplayName(settings.name);
    const lock = new LockAccessory({
      api: this.#api,
      log: this.#log,
      accessory,
      settings,
      clock: systemClock,
      store,
      publish: (topic, text) => this.#broker?.publish(topic, text),
    });
    if (settings.standalone) this.#api.publishExternalAccessories(PLUGIN_NAME, [accessory]);
    else if (!cached) this.#api.registerPlatformAccessories(PLUGIN_NAME, PLATFORM_NAME, [accessory]);
    return lock;
  }

  #unregisterAllBut(locks: readonly LockSettings[]): void {
    const wanted = new Set(locks.map((lock) => this.#uuidOf(lock)));
    const gone = [...this.#cached.values()].filter(({ UUID }) => !wanted.has(UUID));
    this.#api.unregisterPlatformAccessories(PLUGIN_NAME, PLATFORM_NAME, gone);
  }

  /** Bridged or not are two accessories: Homebridge would let no other be published under the id of one that it holds. */
  #uuidOf({ lockId, standalone }: LockSettings): string {
    return this.#api.hap.uuid.generate(`staycode/${standalone ? 'standalone' : 'lock'}/${lockId}`);
  }
}
