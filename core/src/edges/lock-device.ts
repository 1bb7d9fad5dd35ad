/**
 * A lock as a device: one entry at a time, judged, made durable, and only then acted on, with the verdict at a fixed tick.
 * The clock, the journal and the bolt are handed in; the simulator and Node-RED's keypad lock both stand on this.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { decideEntry, lockNow } from '../lock/decide.ts';
import type { LockNow } from '../lock/authorizations.ts';
import { type LockConfig, type ReadyLock, readyLock } from '../lock/keyring.ts';
import { type ActRefusal, judgeAct, type MemoryAct } from '../lock/acts.ts';
import type {
  AlarmRecord,
  CommandRefusedRecord,
  EntryRecord,
  LockMemory,
  LockRecord,
  Outcome,
} from '../lock/memory.ts';
import {
  answerHello,
  answerTo,
  judgeCommand,
  lastCounterOf,
  type WireContext,
  type WireMessage,
} from '../protocol/judge-command.ts';
import { raiseKeys } from '../protocol/raised-keys.ts';
import { rosterReport } from '../protocol/roster.ts';
import type { LogEntry } from '../log/entry.ts';
import type { LockJournal } from './lock-journal.ts';

/** The lock's own clocks. */
export interface DeviceClock {
  /** The real-time clock, milliseconds since 1970 UTC. */
  clockMs(): number;
  /** A clock code was taken, or a controller's command. */
  setClock(atMs: number): void;
  /** Milliseconds since this boot; only rises. */
  uptimeMs(): number;
  delay(ms: number): Promise<void>;
}

/** The bolt: `jammed` when it did not get there. */
export type MoveBolt = (to: 'lock' | 'unlock') => Promise<'moved' | 'jammed'>;

export interface LockDeviceOptions {
  readonly lockId: string;
  /** 32 bytes; the key under which controllers' commands are checked. */
  readonly lockKey: Uint8Array;
  readonly config: LockConfig;
  readonly journal: LockJournal;
  readonly clock: DeviceClock;
  readonly moveBolt: MoveBolt;
  /**
   * The clock is a machine's, which its network sets, and not the lock's own: one that reads long before the time last stored was given
   * a false time, now or then. Till it is right again the lock goes by its stored time, as with a clock that is lost.
   */
  readonly clockIsMachines?: boolean;
  /** The verdict comes this long after the entry's end. */
  readonly tickMs?: number;
  /** Told of each record once it is durable. */
  readonly onRecord?: (entry: LogEntry) => void;
}

/** A clock that reads this far before the time last stored has lost it (a battery change, a false time), whatever it says itself. */
const BACKWARD_MS = 30 * 60_000;
const TICK_MS = 250;
/** Between two stored times, so that no stranger on the broker fills the disk; those beyond are counted. */
const REFUSALS_LOGGED = 4;

export class LockDevice {
  readonly #options: LockDeviceOptions;
  #lock: ReadyLock;
  readonly #poweredBaseMs: number;
  #turn: Promise<unknown> = Promise.resolve();
  #refusals = 0;

  /** Starts the lock: a boot record says whether its time survived. @throws StaycodeError of `readyLock`, `raiseKeys` and the journal */
  constructor(options: LockDeviceOptions, rtc: 'kept' | 'lost' = 'kept') {
    this.#options = options;
    this.#lock = readyLock(this.#config());
    const { memory } = options.journal;
    this.#poweredBaseMs =
      Math.max(memory.storedPoweredMs, options.journal.poweredMs) - options.clock.uptimeMs();
    // A machine's is put right by its network, often a moment after the start; `now` goes by the stored time until then.
    const isBehind = options.clockIsMachines !== true && this.#isBehind();
    const lost = rtc === 'lost' || isBehind || memory.clock === 'lost';
    this.#append({ type: 'boot', ...this.now(), clock: lost ? 'lost' : 'running' });
    options.journal.signHead(this.now());
  }

  get memory(): LockMemory {
    return this.#options.journal.memory;
  }

  /** The lock's time. */
  now(): LockNow {
    const { clock } = this.#options;
    const poweredMs = this.#poweredBaseMs + clock.uptimeMs();
    const isFalse = this.#options.clockIsMachines === true && this.#isBehind();
    const memory = isFalse ? ({ ...this.memory, clock: 'lost' } as const) : this.memory;
    return lockNow(memory, { clockMs: clock.clockMs(), poweredMs });
  }

  #isBehind(): boolean {
    return this.#options.clock.clockMs() < this.memory.storedAtMs - BACKWARD_MS;
  }

  /**
   * Judges one entry and, where it opens, moves the bolt; resolves at the tick, the same for every verdict.
   * @returns `null` for an empty entry
   * @throws StaycodeError `bad-entry`; `journal-failed`, and then nothing opened
   */
  async enter(digits: string): Promise<Outcome | null> {
    return (await this.judge(digits))?.outcome ?? null;
  }

  /** As `enter`, for who asks why; `firstHalfPoweredMs` as in `decideEntry`. @returns the record on disk */
  judge(digits: string, firstHalfPoweredMs: number | null = null): Promise<EntryRecord | null> {
    return this.#inTurn(async () => {
      const startedMs = this.#options.clock.uptimeMs();
      const record = decideEntry(this.#lock, this.memory, this.now(), digits, firstHalfPoweredMs);
      if (record === null) return null;
      this.#append(record);
      const { clock, tickMs = TICK_MS } = this.#options;
      await clock.delay(Math.max(0, tickMs - (clock.uptimeMs() - startedMs)));
      if (record.outcome === 'opened') await this.#options.moveBolt('unlock');
      return record;
    });
  }

  /**
   * Judges a controller's command; its counter is on disk before anything is done. Never throws on what came over the wire.
   * @returns the signed answer, `null` for a stranger
   */
  command(message: WireMessage): Promise<{ ok: boolean; answer: string | null }> {
    return this.#inTurn(async () => {
      const context = this.#context();
      const { record, command, refusal } = judgeCommand(message, context);
      let reason = refusal;
      if (record.type === 'command-refused') this.#refuse({ ...record, ...context.now });
      else {
        this.#append({ ...record, ...context.now });
        if (record.type === 'operation' && (await this.#options.moveBolt(record.operation)) === 'jammed')
          reason = 'jammed';
      }
      return { ok: reason === null, answer: answerTo(command, reason, context) };
    });
  }

  /** The signed session for a controller's hello, `null` for a stranger's. */
  hello(message: WireMessage): Promise<string | null> {
    return this.#inTurn(() => answerHello(message, this.#context()));
  }

  /** What the lock has to say on the roster that it was told; `null` where it was told none. */
  rosterReport(): ReturnType<typeof rosterReport> {
    const { lockId, lockKey } = this.#options;
    return rosterReport({ lockId, lockKey, keys: this.#lock.keys }, this.memory, this.now().atMs);
  }

  /** The bolt is moved by hand, by itself, or on an unsigned word from afar that the host has chosen to trust. */
  operate(operation: 'lock' | 'unlock', source: 'manual' | 'auto' | 'remote'): Promise<void> {
    return this.#inTurn(async () => {
      this.#append({ type: 'operation', ...this.now(), operation, source });
      await this.#options.moveBolt(operation);
    });
  }

  /**
   * Does what that controller's command would, for a program that is both and has no wire between them.
   * @returns why it cannot, `null` once it is on disk
   * @throws StaycodeError `journal-failed`
   */
  act(act: MemoryAct, controllerId: string): Promise<ActRefusal | null> {
    return this.#inTurn(() => {
      const refusal = judgeAct(this.#lock, this.memory, act);
      if (refusal !== null) return refusal;
      const counter = lastCounterOf(this.memory, controllerId) + 1;
      this.#append({ type: 'command', ...this.now(), command: { controllerId, counter }, act });
      return null;
    });
  }

  /** Puts an alarm on record. */
  alarm(alarm: AlarmRecord['alarm']): Promise<void> {
    return this.#inTurn(() => {
      this.#append({ type: 'alarm', ...this.now(), alarm });
    });
  }

  /** Stores the lock's time; call it every 15 minutes (`STORE_TIME_MS`). */
  storeTime(): Promise<void> {
    return this.#inTurn(() => {
      const unlogged = Math.max(0, this.#refusals - REFUSALS_LOGGED);
      this.#append({ type: 'time', ...this.now(), ...(unlogged > 0 && { unlogged }) });
      this.#refusals = 0;
    });
  }

  /** The lock's signature over its log as it stands, for the retained head. @throws StaycodeError `journal-failed` */
  signHead(): Promise<string> {
    return this.#inTurn(() => this.#options.journal.signHead(this.now()));
  }

  #append(record: LockRecord): void {
    // Apart from the optional call, which would leave its argument out as well where nobody listens.
    const entry = this.#options.journal.append(record);
    // First, so that who hears of it finds the lock as it is from then on.
    this.#carryOut(record);
    this.#options.onRecord?.(entry);
  }

  /** A refused command that uses a counter up is its controller's own doing; the others may be anybody's. */
  #refuse(record: CommandRefusedRecord): void {
    if (record.command === undefined && ++this.#refusals > REFUSALS_LOGGED) return;
    this.#append(record);
  }

  /** Memory has changed with the record; here is what else it changes. */
  #carryOut(record: LockRecord): void {
    const { clock } = this.#options;
    if (record.type === 'entry' && record.outcome === 'done' && record.clockMs !== undefined)
      clock.setClock(record.clockMs);
    if (record.type !== 'command') return;
    if (record.act.name === 'set-clock') clock.setClock(record.act.atMs);
    if (record.act.name === 'raise-key') this.#lock = readyLock(this.#config());
  }

  #config(): LockConfig {
    const { config, lockKey } = this.#options;
    return raiseKeys(config, this.memory.raisedKeys, lockKey);
  }

  #context(): WireContext {
    const { lockId, lockKey, journal } = this.#options;
    const { bootId: bootEpoch, memory } = journal;
    return { lockId, lockKey, bootEpoch, lock: this.#lock, memory, now: this.now() };
  }

  /** One thing at a time, in the order in which it came. */
  #inTurn<T>(act: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result
      .catch(() => undefined)
      .then(() => {
        this.#signIfDue();
      });
    return result;
  }

  /** After the bolt has moved: nobody waits at the door for a signature. */
  #signIfDue(): void {
    const { journal } = this.#options;
    try {
      if (journal.headDue) journal.signHead(this.now());
    } catch (error) {
      // The next record meets the same disk, and says so to who asked for it.
      if (!(error instanceof StaycodeError)) throw error;
    }
  }
}
