/** A controller wired to a scripted lock, on timers that a test moves by hand. */
import assert from 'node:assert/strict';
import sinon from 'sinon';
import {
  type CommandOutcome,
  LockController,
  type LockControllerOptions,
} from '../../../core/src/protocol/lock-controller.ts';
import { type Command, type LockState, signAnswer } from '@staycode/core';
import { ScriptedLock } from './scripted-lock.ts';

const LOCK_AHEAD_MS = 1_800_000_000_000;
export const POWERED_AHEAD_MS = 77_000_000;

/** Start it before each test and stop it after. */
export class ControlledLock {
  timers!: sinon.SinonFakeTimers;
  lock!: ScriptedLock;
  /** Another one that a test makes of `options()` takes its place. */
  controller!: LockController;
  /** What the controller told its listener. */
  told: string[] = [];
  /** Texts of the commands that left it. */
  published: string[] = [];
  /** How often it asked for a session. */
  hellos = 0;
  #nonces = 0;

  start(): void {
    this.timers = sinon.useFakeTimers({ now: 1_000, toFake: ['setTimeout', 'clearTimeout'] });
    const { timers } = this;
    this.lock = new ScriptedLock(
      () => timers.now + LOCK_AHEAD_MS,
      'front-door',
      () => timers.now + POWERED_AHEAD_MS,
    );
    this.#nonces = 0;
    this.hellos = 0;
    this.told = [];
    this.published = [];
    this.controller = new LockController(this.options());
  }

  stop(): void {
    this.timers.restore();
  }

  options(): LockControllerOptions {
    return {
      lockId: this.lock.lockId,
      controllerId: 'homebridge',
      commandKey: this.lock.commandKey('homebridge'),
      clock: {
        monotonicMs: () => this.timers.now,
        after: (delayMs, callback) => {
          const timer = setTimeout(callback, delayMs);
          return () => {
            clearTimeout(timer);
          };
        },
      },
      newNonce: () => (++this.#nonces).toString(16).padStart(32, '0'),
      publish: (topic, text) => {
        if (topic === this.controller.topics.hello) {
          this.hellos++;
          const session = this.lock.greet(text);
          if (session !== null) this.receive('session', session);
          return;
        }
        assert.equal(topic, this.controller.topics.command);
        this.published.push(text);
        const answer = this.lock.judge(text);
        if (answer !== null) this.receive('answer', answer);
      },
      listener: {
        stateCame: (state) => this.told.push(`state ${state.bolt}`),
        reachableChanged: (reachable) => this.told.push(`reachable ${reachable}`),
        eventCame: (event) => this.told.push(`event ${event.seq}`),
        messageIgnored: (why) => this.told.push(`ignored ${why}`),
      },
    };
  }

  receive(
    topic: 'availability' | 'state' | 'event' | 'session' | 'answer',
    text: string,
    retained = false,
  ): void {
    this.controller.receive({ topic: this.controller.topics[topic], text, retained });
  }

  sendState(changes: Partial<LockState> = {}, retained = false): void {
    this.receive('state', JSON.stringify({ ...this.lock.state(), ...changes }), retained);
  }

  bringUp(): void {
    this.controller.connectionUp();
    this.receive('availability', 'online', true);
    this.sendState();
    this.told.length = 0;
  }

  async bringUpWithSession(): Promise<void> {
    this.bringUp();
    await this.controller.send({ name: 'lock' });
  }

  answerAs(
    signer: string,
    answer: { counter: number; ok: boolean; controllerId?: string; lockId?: string; bootEpoch?: string },
    retained = false,
  ): void {
    const { lockId, bootEpoch } = this.lock;
    const whole = { lockId, bootEpoch, controllerId: signer, reason: null, ...answer };
    this.receive('answer', signAnswer(this.lock.commandKey(signer), whole), retained);
  }

  /** The outcome once everything that is due within `ms` has happened. */
  async outcomeWithin(ms: number, sent: Promise<CommandOutcome>): Promise<CommandOutcome | 'waiting'> {
    await this.timers.tickAsync(ms);
    return Promise.race([sent, Promise.resolve('waiting' as const)]);
  }
}

export function commandIn(text: string | undefined): Command {
  const { body } = JSON.parse(text ?? '') as { body: string };
  return JSON.parse(body) as Command;
}
