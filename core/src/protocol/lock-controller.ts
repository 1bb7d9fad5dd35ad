/**
 * The host's side of one lock on the wire, for any controller (Homebridge, Node-RED): what the lock last said, whether
 * it can be reached, and commands that end in an answer. It is fed messages and sends by a function; time and random
 * bytes are handed in.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import type { Act } from '../lock/acts.ts';
import { checkId, checkKey } from '../stay-code/keys.ts';
import { type CommandRefusal, MAX_COMMAND_LIFE_MS, readAnswer, signCommand } from './commands.ts';
import { type LockEvent, type LockState, parseLockEvent, parseLockState, STALE_MS } from './messages.ts';
import { readRosterReport, type RosterReport } from './roster.ts';
import { readSession, type Session, signHello } from './session.ts';
import { lockTopics, type LockTopics } from './topics.ts';

/** How long a command waits for its answer unless told otherwise, the question for a session included. */
export const ANSWER_TIMEOUT_MS = 5_000;
/** A session serves so long: two clocks that differ by 100 ppm come apart by 60 ms in it. */
const SESSION_MS = 10 * 60_000;
/** What a lock refuses because our session is behind it; it has not acted, so asking anew and trying again is safe. */
const STALE_SESSION: readonly string[] = ['other-boot', 'late', 'replayed'];

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
  /** The lock compares the roster with what opened; only who sends rosters hears of it. */
  rosterCame?(report: RosterReport): void;
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
  /** 32 hex digits, random at each call. */
  readonly newNonce: () => string;
  readonly listener: LockListener;
  /** Default `ANSWER_TIMEOUT_MS`. */
  readonly answerTimeoutMs?: number;
}

export interface IncomingMessage {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

/** `unreachable` was never sent, or never answered as a question; after `no-answer` the lock may or may not have acted. */
export type CommandOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: CommandRefusal | 'unreachable' | 'no-answer' };

type KnownSession = Session & { readonly heardAtMs: number };

interface Pending {
  readonly bootEpoch: string;
  readonly settle: (outcome: CommandOutcome) => void;
}

interface Greeting {
  readonly nonce: string;
  readonly answered: Promise<KnownSession | null>;
  readonly settle: (session: KnownSession | null) => void;
}

/** One lock, seen from one controller. */
export class LockController {
  readonly topics: LockTopics;
  readonly #options: LockControllerOptions;
  readonly #pending = new Map<number, Pending>();
  #connected = false;
  #online = false;
  #fresh = false;
  #toldReachable = false;
  #state: LockState | null = null;
  #session: KnownSession | null = null;
  #greeting: Greeting | null = null;
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
    const { availability, state, event, session, answer, roster } = this.topics;
    const always = [availability, state, event, session, answer];
    return this.#options.listener.rosterCame ? [...always, roster] : always;
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

  /**
   * Commands the lock and waits for its signed answer. Never rejects; sends nothing while the lock is out of reach.
   * @param timeoutMs at most `MAX_COMMAND_LIFE_MS` counts, for no command lives longer
   */
  async send(act: Act, timeoutMs: number = this.#answerTimeoutMs): Promise<CommandOutcome> {
    const { clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const deadlineMs = startedMs + timeoutMs;
    let outcome: CommandOutcome = { ok: false, reason: 'unreachable' };
    for (let tries = 0; tries < 2 && this.reachable && clock.monotonicMs() < deadlineMs; tries++) {
      const session = this.#freshSession() ?? (await this.#greet(deadlineMs));
      if (session === null) return outcome;
      outcome = await this.#command(later(act, clock.monotonicMs() - startedMs), deadlineMs, session);
      if (outcome.ok || !STALE_SESSION.includes(outcome.reason)) return outcome;
      this.#session = null;
    }
    return outcome;
  }

  /** Ends every wait; from here on nothing is told or sent. */
  close(): void {
    this.#cancelStale();
    this.#connected = false;
    this.#toldReachable = false;
    this.#greeting?.settle(null);
    for (const { settle } of [...this.#pending.values()]) settle({ ok: false, reason: 'no-answer' });
  }

  get #answerTimeoutMs(): number {
    return this.#options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
  }

  #take({ topic, text, retained }: IncomingMessage): void {
    if (topic === this.topics.availability) this.#takeAvailability(text);
    else if (topic === this.topics.state) this.#takeState(parseLockState(text));
    // The others tell of a moment: a broker that kept one would make an old opening fire as new.
    else if (retained) throw new StaycodeError('bad-message', 'event or answer: expected it not retained');
    else if (topic === this.topics.session) this.#takeSession(text);
    else if (topic === this.topics.event) this.#takeEvent(parseLockEvent(text));
    else if (topic === this.topics.answer) this.#takeAnswer(text);
    else if (topic === this.topics.roster) this.#takeRoster(text);
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

  #takeState(state: LockState): void {
    this.#checkSender(state.lockId, 'state');
    const { clock, listener } = this.#options;
    this.#state = state;
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
    const pending = this.#pending.get(answer.counter);
    // A lock that was wiped counts from 0 again: what it answered in a life before must not settle anything.
    if (answer.bootEpoch !== pending?.bootEpoch && answer.reason !== 'other-boot') return;
    pending?.settle(answer.ok ? { ok: true } : { ok: false, reason: answer.reason ?? 'malformed' });
  }

  #takeRoster(text: string): void {
    const { commandKey, controllerId, listener, lockId } = this.#options;
    const report = readRosterReport(commandKey, text);
    if (report?.lockId === lockId && report.controllerId === controllerId) listener.rosterCame?.(report);
  }

  #checkSender(lockId: string, what: string): void {
    if (lockId !== this.#options.lockId) {
      throw new StaycodeError('bad-message', `${what}: lockId: expected the lock of the topic`);
    }
  }

  /** Sends a command, which lives as long as we wait: it must not move the bolt after we have said that it failed. */
  #command(act: Act, deadlineMs: number, session: KnownSession): Promise<CommandOutcome> {
    const { lockId, controllerId, commandKey, clock, publish } = this.#options;
    const nowMs = clock.monotonicMs();
    const waitMs = deadlineMs - nowMs;
    const { bootEpoch } = session;
    const counter = ++this.#lastCounter;
    const lockNowMs = session.poweredMs + (nowMs - session.heardAtMs);
    const expiresAtPoweredMs = Math.floor(lockNowMs + Math.min(waitMs, MAX_COMMAND_LIFE_MS));
    const command = { lockId, controllerId, bootEpoch, counter, expiresAtPoweredMs, act };
    return new Promise((resolve) => {
      const settle = (outcome: CommandOutcome): void => {
        cancelTimeout();
        this.#pending.delete(counter);
        resolve(outcome);
      };
      const cancelTimeout = clock.after(waitMs, () => {
        settle({ ok: false, reason: 'no-answer' });
      });
      this.#pending.set(counter, { bootEpoch, settle });
      publish(this.topics.command, signCommand(commandKey, command));
    });
  }

  #freshSession(): KnownSession | null {
    const session = this.#session;
    if (session === null) return null;
    return this.#options.clock.monotonicMs() - session.heardAtMs < SESSION_MS ? session : null;
  }

  /** Asks for a session, once for all who wait for it; `null` where no answer comes in time. */
  #greet(deadlineMs: number): Promise<KnownSession | null> {
    if (this.#greeting !== null) return this.#greeting.answered;
    const { lockId, controllerId, commandKey, clock, publish, newNonce } = this.#options;
    const nonce = newNonce();
    let settle: Greeting['settle'] = () => undefined;
    const answered = new Promise<KnownSession | null>((resolve) => {
      const cancelTimeout = clock.after(deadlineMs - clock.monotonicMs(), () => {
        settle(null);
      });
      settle = (session) => {
        cancelTimeout();
        this.#greeting = null;
        resolve(session);
      };
    });
    this.#greeting = { nonce, answered, settle };
    publish(this.topics.hello, signHello(commandKey, { lockId, controllerId, nonce }));
    return answered;
  }

  /** Only the answer to our own question counts; those to other controllers and old ones look alike from here. */
  #takeSession(text: string): void {
    const { commandKey, lockId, controllerId, clock } = this.#options;
    const session = readSession(commandKey, text);
    const greeting = this.#greeting;
    if (greeting === null || session?.nonce !== greeting.nonce) return;
    if (session.lockId !== lockId || session.controllerId !== controllerId) return;
    this.#lastCounter = Math.max(this.#lastCounter, session.counter);
    this.#session = { ...session, heardAtMs: clock.monotonicMs() };
    greeting.settle(this.#session);
  }

  #forgetState(): void {
    this.#cancelStale();
    this.#fresh = false;
    this.#session = null;
    this.#greeting?.settle(null);
    this.#tellReachable();
  }

  #tellReachable(): void {
    const { reachable } = this;
    if (reachable === this.#toldReachable) return;
    this.#toldReachable = reachable;
    this.#options.listener.reachableChanged(reachable);
  }
}

/** The act as it is meant after a wait: the time to set has gone on meanwhile. */
function later(act: Act, byMs: number): Act {
  return act.name === 'set-clock' ? { ...act, atMs: Math.round(act.atMs + byMs) } : act;
}
