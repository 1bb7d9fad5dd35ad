/**
 * One lock in the Home app. What cannot be known is not shown: out of reach, every read fails with "No Response".
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { API, Logging, PlatformAccessory } from 'homebridge';
import {
  type IncomingMessage,
  LockController,
  type LockControllerOptions,
  type LockEvent,
  type LockListener,
  type LockState,
  openStays,
  type StayAtLock,
  StaycodeError,
  staysTopic,
} from '@staycode/core';
import type { PlatformClock } from './clock.ts';
import type { LockSettings } from './config.ts';
import { type DoorKnowledge, learn } from './door-knowledge.ts';
import type { DoorStore } from './door-store.ts';
import { serveBattery } from './services/battery.ts';
import { serveDoor } from './services/door.ts';
import { serveExtras } from './services/extras.ts';
import { LockMechanism } from './services/lock-mechanism.ts';
import type { LockContext, LockPart } from './services/lock-part.ts';

export interface LockAccessoryOptions {
  readonly api: API;
  readonly log: Logging;
  readonly accessory: PlatformAccessory;
  readonly settings: LockSettings;
  readonly clock: PlatformClock;
  readonly store: DoorStore;
  readonly publish: LockControllerOptions['publish'];
}

/** A lock's services, kept in step with its controller. */
export class LockAccessory implements LockListener {
  readonly controller: LockController;
  readonly #options: LockAccessoryOptions;
  readonly #parts: readonly LockPart[];
  readonly #staysTopic: string;
  #known: DoorKnowledge;
  /** `null` until the host has told; in memory only, because codes are among it. */
  #stays: readonly StayAtLock[] | null = null;
  #lastIgnored = '';

  constructor(options: LockAccessoryOptions) {
    const { accessory, api, clock, log, publish, settings, store } = options;
    this.#options = options;
    const newNonce = (): string => randomBytes(16).toString('hex');
    this.#known = store.of(settings.lockId);
    this.#staysTopic = staysTopic(settings.lockId, settings.controllerId);
    this.controller = new LockController({ ...settings, clock, publish, newNonce, listener: this });
    const context: LockContext = {
      ...{ api, log, accessory, settings, controller: this.controller },
      known: () => this.#known,
      stays: () => this.#stays,
      wallMs: () => clock.wallMs(),
    };
    this.#describe();
    const { LockMechanism: Mechanism } = api.hap.Service;
    const bolt = accessory.getService(Mechanism) ?? accessory.addService(Mechanism, settings.name);
    this.#parts = [
      new LockMechanism(context, bolt),
      serveBattery(context),
      serveDoor(context),
      ...serveExtras(context),
    ];
  }

  /** The topics to subscribe to. */
  get subscriptions(): readonly string[] {
    const { stay, accessCodes } = this.#options.settings.services;
    return [...this.controller.subscriptions, ...(stay || accessCodes ? [this.#staysTopic] : [])];
  }

  /** Takes a message on any of `subscriptions`. */
  receive(message: IncomingMessage): void {
    if (message.topic === this.#staysTopic) this.#takeStays(message.text);
    else this.controller.receive(message);
  }

  stateCame(state: LockState): void {
    for (const part of this.#parts) part.stateCame?.(state);
  }

  reachableChanged(reachable: boolean): void {
    const { log, settings } = this.#options;
    if (reachable) log.info(`${settings.name}: in reach`);
    else log.warn(`${settings.name}: out of reach`);
    for (const part of this.#parts) part.reachableChanged?.(reachable);
  }

  eventCame(event: LockEvent): void {
    this.#known = learn(this.#known, event);
    for (const part of this.#parts) part.eventCame?.(event);
    // After the Home app has been told: the disk takes longer than all else together.
    this.#options.store.keep(this.#options.settings.lockId, this.#known);
  }

  timePassed(): void {
    for (const part of this.#parts) part.timePassed?.();
  }

  /** Told once until another kind comes, so that a chattering stranger on the broker cannot fill the log. */
  messageIgnored(why: string): void {
    if (why === this.#lastIgnored) return;
    this.#lastIgnored = why;
    this.#options.log.warn(`${this.#options.settings.name}: a message was ignored: ${why}`);
  }

  /** An empty message takes the retained one away. */
  #takeStays(text: string): void {
    const { commandKey, lockId } = this.#options.settings;
    try {
      this.#stays = text === '' ? null : openStays(commandKey, lockId, text).stays;
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      this.messageIgnored(error.message);
      return;
    }
    for (const part of this.#parts) part.staysCame?.();
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
}
