/**
 * The host's side of one lock on the wire, for any controller (Homebridge, Node-RED): what the lock last said, whether
 * it can be reached, and commands that end in an answer. It is fed messages and sends by a function; time is handed in.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { checkId, checkKey } from '../stay-code/keys.ts';
import {
  type CommandName,
  type CommandRefusal,
  MAX_COMMAND_LIFE_MS,
  readAnswer,
  signCommand,
} from './commands.ts';
import {
  HEARTBEAT_MS,
  type LockEvent,
  type LockState,
  parseLockEvent,
  parseLockState,
  STALE_MS,
} from './messages.ts';
import { lockTopics, type LockTopics } from './topics.ts';

/** How long a command waits for its answer unless told otherwise. */
export const ANSWER_TIMEOUT_MS = 5_000;

/** Time as a controller needs it. */
export interface ControllerClock {
  /** Milliseconds that only rise, from any start: a step of the host's wall clock moves no deadline. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** What a controller tells its owner, each call after the controller itself has changed. */
export interface LockListener {
  stateCame(state: LockState): void;
  reachableChanged(reachable: boolean): void;
  eventCame(event: LockEvent): void;
  /** `why` is fit for a log: it names the message and the field, never what came. */
  messageIgnored(why: string): void;
}

export interface LockControllerOptions {
  readonly lockId: string;
  readonly controllerId: string;
  /** 32 bytes, as `deriveCommandKey` makes them. */
  readonly commandKey: Uint8Array;
  readonly clock: ControllerClock;
  /** Sends unretained, and nothing later than now: a command kept for a lost connection is worthless. Must not throw. */
  readonly publish: (topic: string, text: string) => void;
  readonly listener: LockListener;
  /** Default `ANSWER_TIMEOUT_MS`. */
  readonly answerTimeoutMs?: number;
}

export interface IncomingMessage {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

/** `unreachable` was never sent; after `no-answer` the lock may or may not have acted. */
export type CommandOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: CommandRefusal | 'unreachable' | 'no-answer' };

/** One lock, seen from one controller. */
export class LockController {
  readonly topics: LockTopics;
  readonly #options: LockControllerOptions;
  readonly #pending = new Map<number, (outcome: CommandOutcome) => void>();
  #connected = false;
  #online = false;
  #fresh = false;
  #toldReachable = false;
  #state: LockState | null = null;
  /** The lock's clock less our monotonic one, and by how much the lock's may be ahead of that. */
  #lockClock = { offsetMs: 0, slackMs: 0 };
  #lastCounter = 0;
  #cancelStale: () => void = () => undefined;

  /** @throws StaycodeError `bad-id`, `bad-key` */
  constructor(options: LockControllerOptions) {
    checkId(options.controllerId, 'controller id');
    checkKey(options.commandKey, 'command key');
    this.topics = lockTopics(options.lockId);
    this.#options = options;
  }

  /** The topics to subscribe to, at QoS 1. */
  get subscriptions(): readonly string[] {
    const { availability, state, event, answer } = this.topics;
    return [availability, state, event, answer];
  }

  /** What the lock said last, however long ago; `null` before its first state. */
  get state(): LockState | null {
    return this.#state;
  }

  /** The one availability rule: broker connected, lock online by its last will, a state within `STALE_MS` by arrival. */
  get reachable(): boolean {
    return this.#connected && this.#online && this.#fresh;
  }

  connectionUp(): void {
    this.#connected = true;
    this.#tellReachable();
  }

  /** What was learnt before counts no more: the broker sends its retained messages again with the next connection. */
  connectionDown(): void {
    this.#connected = false;
    this.#online = false;
    this.#forgetState();
  }

  /** Takes a message on any of `subscriptions`; one that is no message of the protocol is ignored and reported. */
  receive(message: IncomingMessage): void {
    try {
      this.#take(message);
    } catch (error) {
      if (!(error instanceof StaycodeError)) throw error;
      this.#options.listener.messageIgnored(error.message);
    }
  }

  /** Commands the lock and waits for its signed answer. Never rejects; sends nothing while the lock is out of reach. */
  send(name: CommandName): Promise<CommandOutcome> {
    const state = this.#state;
    if (!this.reachable || state === null) return Promise.resolve({ ok: false, reason: 'unreachable' });
    const counter = this.#takeCounter(state);
    const text = this.#signCommand(name, counter, state.bootEpoch);
    return new Promise((resolve) => {
      const settle = (outcome: CommandOutcome): void => {
        cancelTimeout();
        this.#pending.delete(counter);
        resolve(outcome);
      };
      const cancelTimeout = this.#options.clock.after(this.#answerTimeoutMs, () => {
        settle({ ok: false, reason: 'no-answer' });
      });
      this.#pending.set(counter, settle);
      this.#options.publish(this.topics.command, text);
    });
  }

  /** Ends every wait; from here on nothing is told or sent. */
  close(): void {
    this.#cancelStale();
    this.#connected = false;
    this.#toldReachable = false;
    for (const settle of [...this.#pending.values()]) settle({ ok: false, reason: 'no-answer' });
  }

  get #answerTimeoutMs(): number {
    return this.#options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
  }

  #take({ topic, text, retained }: IncomingMessage): void {
    if (topic === this.topics.availability) this.#takeAvailability(text);
    else if (topic === this.topics.state) this.#takeState(parseLockState(text), retained);
    // Events and answers tell of a moment: a broker that kept one would make an old opening fire as new.
    else if (retained) throw new StaycodeError('bad-message', 'event or answer: expected it not retained');
    else if (topic === this.topics.event) this.#takeEvent(parseLockEvent(text));
    else if (topic === this.topics.answer) this.#takeAnswer(text);
  }

  #takeAvailability(text: string): void {
    if (text !== 'online' && text !== 'offline') {
      throw new StaycodeError('bad-message', 'availability: expected online or offline');
    }
    this.#online = text === 'online';
    // A lock that was away may have booted anew: its old state names a boot that takes no command any more.
    if (this.#online) this.#tellReachable();
    else this.#forgetState();
  }

  #takeState(state: LockState, retained: boolean): void {
    this.#checkSender(state.lockId, 'state');
    const { clock, listener } = this.#options;
    this.#state = state;
    // A retained state was sent at some time since the last heartbeat, so the lock's clock may be that much further on.
    this.#lockClock = {
      offsetMs: state.atMs - clock.monotonicMs(),
      slackMs: retained ? HEARTBEAT_MS : 0,
    };
    this.#fresh = true;
    this.#cancelStale();
    this.#cancelStale = clock.after(STALE_MS, () => {
      this.#forgetState();
    });
    listener.stateCame(state);
    this.#tellReachable();
  }

  #takeEvent(event: LockEvent): void {
    this.#checkSender(event.lockId, 'event');
    this.#options.listener.eventCame(event);
  }

  /** Answers to other controllers and forged ones look alike from here: neither settles anything. */
  #takeAnswer(text: string): void {
    const { commandKey, lockId, controllerId } = this.#options;
    const answer = readAnswer(commandKey, text);
    if (answer?.lockId !== lockId || answer.controllerId !== controllerId) return;
    const settle = this.#pending.get(answer.counter);
    settle?.(answer.ok ? { ok: true } : { ok: false, reason: answer.reason ?? 'malformed' });
  }

  #checkSender(lockId: string, what: string): void {
    if (lockId !== this.#options.lockId) {
      throw new StaycodeError('bad-message', `${what}: lockId: expected the lock of the topic`);
    }
  }

  /** Above every counter of ours, also those that an earlier run of this host used, which only the lock remembers. */
  #takeCounter(state: LockState): number {
    const { controllerId } = this.#options;
    const reported = Object.hasOwn(state.counters, controllerId) ? (state.counters[controllerId] ?? 0) : 0;
    this.#lastCounter = Math.max(this.#lastCounter, reported) + 1;
    return this.#lastCounter;
  }

  /** The command lives as long as we wait: it must not move the bolt after we have said that it failed. */
  #signCommand(name: CommandName, counter: number, bootEpoch: string): string {
    const { lockId, controllerId, commandKey, clock } = this.#options;
    const lockNowMs = clock.monotonicMs() + this.#lockClock.offsetMs;
    const lifeMs = Math.min(this.#answerTimeoutMs + this.#lockClock.slackMs, MAX_COMMAND_LIFE_MS);
    const expiresAtMs = Math.floor(lockNowMs + lifeMs);
    return signCommand(commandKey, { lockId, controllerId, bootEpoch, counter, expiresAtMs, name });
  }

  #forgetState(): void {
    this.#cancelStale();
    this.#fresh = false;
    this.#tellReachable();
  }

  #tellReachable(): void {
    const { reachable } = this;
    if (reachable === this.#toldReachable) return;
    this.#toldReachable = reachable;
    this.#options.listener.reachableChanged(reachable);
  }
}
