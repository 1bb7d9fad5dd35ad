/**
 * The bolt in the Home app. Source of the order of changes: the Home app itself, which otherwise shows a spinner for ever.
 * @module
 */
import type { CharacteristicValue, Service } from 'homebridge';
import type { LockState } from '@staycode/core';
import { noResponse } from '../no-response.ts';
import { type LockContext, type LockPart, serveKnown } from './lock-part.ts';

export class LockMechanism implements LockPart {
  readonly #context: LockContext;
  readonly #service: Service;
  /** What the Home app sees as wanted: what the bolt last did or agreed to do. A jam leaves it as it was. */
  #target: number;

  constructor(context: LockContext, service: Service) {
    const { LockCurrentState, LockTargetState } = context.api.hap.Characteristic;
    this.#context = context;
    this.#service = service;
    this.#target = LockTargetState.SECURED;
    service.updateCharacteristic(LockCurrentState, LockCurrentState.UNKNOWN);
    serveKnown(context, service.getCharacteristic(LockCurrentState), (state) => this.#currentOf(state));
    serveKnown(context, service.getCharacteristic(LockTargetState), () => this.#target);
    service.getCharacteristic(LockTargetState).onSet((value) => this.#setTarget(value));
  }

  /** An outside change shows as wanted first, then as done: the other way round the Home app says "Locking …" for ever. */
  stateCame(state: LockState): void {
    const { LockCurrentState, LockTargetState } = this.#context.api.hap.Characteristic;
    if (state.bolt !== 'jammed') this.#target = this.#targetOf(state.bolt === 'secured');
    this.#service.updateCharacteristic(LockTargetState, this.#target);
    this.#service.updateCharacteristic(LockCurrentState, this.#currentOf(state));
  }

  async #setTarget(value: CharacteristicValue): Promise<void> {
    const { api, controller, log, settings } = this.#context;
    const { LockTargetState } = api.hap.Characteristic;
    const secure = value === LockTargetState.SECURED;
    const name = secure ? 'lock' : 'unlock';
    const outcome = await controller.send({ name });
    if (outcome.ok) {
      this.#target = this.#targetOf(secure);
      return;
    }
    log.warn(`${settings.name}: ${name} failed: ${outcome.reason}`);
    // Ends the spinner: an event although our value never changed, because the Home app already shows the other.
    this.#service.getCharacteristic(LockTargetState).sendEventNotification(this.#target);
    throw noResponse(api);
  }

  #currentOf({ bolt }: LockState): number {
    const { JAMMED, SECURED, UNSECURED } = this.#context.api.hap.Characteristic.LockCurrentState;
    return { jammed: JAMMED, secured: SECURED, unsecured: UNSECURED }[bolt];
  }

  #targetOf(secure: boolean): number {
    const { SECURED, UNSECURED } = this.#context.api.hap.Characteristic.LockTargetState;
    return secure ? SECURED : UNSECURED;
  }
}
