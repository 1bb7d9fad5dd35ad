/**
 * One lock in the Home app. What cannot be known is not shown: out of reach, every read fails with "No Response".
 * @module
 */
import type { API, CharacteristicValue, Logging, PlatformAccessory, Service } from 'homebridge';
import {
  type CommandName,
  LockController,
  type LockControllerOptions,
  type LockListener,
  type LockState,
} from '@staycode/core';
import type { LockSettings } from './config.ts';
import { noResponse } from './no-response.ts';

/** At or below this many percent the Home app warns. */
const LOW_BATTERY_PERCENT = 20;

export interface LockAccessoryOptions {
  readonly api: API;
  readonly log: Logging;
  readonly accessory: PlatformAccessory;
  readonly settings: LockSettings;
  readonly clock: LockControllerOptions['clock'];
  readonly publish: LockControllerOptions['publish'];
}

/** A lock's services, kept in step with its controller. */
export class LockAccessory implements LockListener {
  readonly controller: LockController;
  readonly #options: LockAccessoryOptions;
  readonly #lock: Service;
  /** What the Home app sees as wanted: what the bolt last did or agreed to do. A jam leaves it as it was. */
  #target: number;
  #lastIgnored = '';

  constructor(options: LockAccessoryOptions) {
    this.#options = options;
    const { Characteristic, Service } = options.api.hap;
    const { accessory, settings, clock, publish } = options;
    this.controller = new LockController({ ...settings, clock, publish, listener: this });
    this.#target = Characteristic.LockTargetState.SECURED;
    this.#lock =
      accessory.getService(Service.LockMechanism) ??
      accessory.addService(Service.LockMechanism, settings.name);
    this.#describe();
    this.#serveLock();
    const battery = accessory.getService(Service.Battery);
    if (battery) this.#serveBattery(battery);
  }

  /** An outside change shows as wanted first, then as done: the other way round the Home app says "Locking …" for ever. */
  stateCame({ bolt, battery }: LockState): void {
    const { Characteristic } = this.#options.api.hap;
    if (bolt !== 'jammed') this.#target = this.#targetOf(bolt === 'secured');
    this.#lock.updateCharacteristic(Characteristic.LockTargetState, this.#target);
    this.#lock.updateCharacteristic(Characteristic.LockCurrentState, this.#currentState());
    this.#showBattery(battery);
  }

  reachableChanged(reachable: boolean): void {
    const { log, settings } = this.#options;
    if (reachable) log.info(`${settings.name}: in reach`);
    else log.warn(`${settings.name}: out of reach`);
  }

  eventCame(): void {
    // All that is shown follows from the state, which comes with every event.
  }

  /** Told once until another kind comes, so that a chattering stranger on the broker cannot fill the log. */
  messageIgnored(why: string): void {
    if (why === this.#lastIgnored) return;
    this.#lastIgnored = why;
    this.#options.log.warn(`${this.#options.settings.name}: a message was ignored: ${why}`);
  }

  #describe(): void {
    const { api, accessory, settings } = this.#options;
    const { Characteristic, Service } = api.hap;
    const information =
      accessory.getService(Service.AccessoryInformation) ??
      accessory.addService(Service.AccessoryInformation);
    information
      .setCharacteristic(Characteristic.Manufacturer, 'Staycode')
      .setCharacteristic(Characteristic.Model, 'Offline code lock')
      // HAP refuses a serial number of one character.
      .setCharacteristic(Characteristic.SerialNumber, settings.lockId.padStart(2, '0'));
  }

  #serveLock(): void {
    const { Characteristic } = this.#options.api.hap;
    const { UNKNOWN } = Characteristic.LockCurrentState;
    this.#lock
      .updateCharacteristic(Characteristic.LockCurrentState, UNKNOWN)
      .getCharacteristic(Characteristic.LockCurrentState)
      .onGet(() => this.#ifKnown(() => this.#currentState()));
    this.#lock
      .getCharacteristic(Characteristic.LockTargetState)
      .onGet(() => this.#ifKnown(() => this.#target))
      .onSet((value) => this.#setTarget(value));
  }

  async #setTarget(value: CharacteristicValue): Promise<void> {
    const { api, log, settings } = this.#options;
    const { LockTargetState } = api.hap.Characteristic;
    const secure = value === LockTargetState.SECURED;
    const name: CommandName = secure ? 'lock' : 'unlock';
    const outcome = await this.controller.send(name);
    if (outcome.ok) {
      this.#target = this.#targetOf(secure);
      return;
    }
    log.warn(`${settings.name}: ${name} failed: ${outcome.reason}`);
    // Ends the spinner: an event although our value never changed, because the Home app already shows the other.
    this.#lock.getCharacteristic(LockTargetState).sendEventNotification(this.#target);
    throw noResponse(api);
  }

  #showBattery(percent: number | null): void {
    const { api, accessory } = this.#options;
    const { Characteristic, Service } = api.hap;
    const present = accessory.getService(Service.Battery);
    if (percent === null) {
      if (present) accessory.removeService(present);
      return;
    }
    const battery = present ?? this.#serveBattery(accessory.addService(Service.Battery));
    battery
      .updateCharacteristic(Characteristic.BatteryLevel, Math.round(percent))
      .updateCharacteristic(Characteristic.StatusLowBattery, this.#lowBattery(percent));
  }

  #serveBattery(battery: Service): Service {
    const { Characteristic } = this.#options.api.hap;
    battery
      .getCharacteristic(Characteristic.BatteryLevel)
      .onGet(() => this.#ifKnown((state) => (state.battery === null ? null : Math.round(state.battery))));
    battery
      .getCharacteristic(Characteristic.StatusLowBattery)
      .onGet(() =>
        this.#ifKnown((state) => (state.battery === null ? null : this.#lowBattery(state.battery))),
      );
    return battery;
  }

  #lowBattery(percent: number): number {
    const { BATTERY_LEVEL_LOW, BATTERY_LEVEL_NORMAL } = this.#options.api.hap.Characteristic.StatusLowBattery;
    return percent <= LOW_BATTERY_PERCENT ? BATTERY_LEVEL_LOW : BATTERY_LEVEL_NORMAL;
  }

  #currentState(): number {
    const { JAMMED, SECURED, UNKNOWN, UNSECURED } = this.#options.api.hap.Characteristic.LockCurrentState;
    const { state } = this.controller;
    if (state === null) return UNKNOWN;
    return { jammed: JAMMED, secured: SECURED, unsecured: UNSECURED }[state.bolt];
  }

  #targetOf(secure: boolean): number {
    const { SECURED, UNSECURED } = this.#options.api.hap.Characteristic.LockTargetState;
    return secure ? SECURED : UNSECURED;
  }

  /** What a read answers: the value as long as it is known to hold, else "No Response". */
  #ifKnown(read: (state: LockState) => number | null): number {
    const { state, reachable } = this.controller;
    const value = reachable && state !== null ? read(state) : null;
    if (value === null) throw noResponse(this.#options.api);
    return value;
  }
}
