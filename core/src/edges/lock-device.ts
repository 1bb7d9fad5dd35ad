/**
 * A lock as a device: one entry at a time, judged, made durable, and only then acted on, with the verdict at a fixed tick.
 * The clock, the journal and the bolt are handed in; the simulator and Node-RED's keypad lock both stand on this.
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { deriveCommandKey } from '../stay-code/keys.ts';
import { decideEntry, lockNow } from '../lock/decide.ts';
import type { LockNow } from '../lock/authorizations.ts';
import { type LockConfig, type ReadyLock, readyLock } from '../lock/keyring.ts';
import type { AlarmRecord, EntryRecord, LockMemory, LockRecord, Outcome } from '../lock/memory.ts';
import { checkCommand, type CommandRefusal, signAnswer } from '../protocol/commands.ts';
import type { LogEntry } from '../log/entry.ts';
import type { LockJournal } from './lock-journal.ts';

/** The lock's own clocks. */
export interface DeviceClock {
  /** The real-time clock, milliseconds since 1970 UTC. */
  clockMs(): number;
  /** A clock code was taken. */
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
  /** The verdict comes this long after the entry's end. */
  readonly tickMs?: number;
  /** Told of each record once it is durable. */
  readonly onRecord?: (entry: LogEntry) => void;
}

/** A clock that reads this far before the time last stored has lost it (a battery change), whatever it says itself. */
const BACKWARD_MS = 30 * 60_000;
const TICK_MS = 250;

export class LockDevice {
  readonly #options: LockDeviceOptions;
  readonly #lock: ReadyLock;
  readonly #poweredBaseMs: number;
  #turn: Promise<unknown> = Promise.resolve();

  /** Starts the lock: a boot record says whether its time survived. @throws StaycodeError of `readyLock` and of the journal */
  constructor(options: LockDeviceOptions, rtc: 'kept' | 'lost' = 'kept') {
    this.#options = options;
    this.#lock = readyLock(options.config);
    const { memory } = options.journal;
    this.#poweredBaseMs =
      Math.max(memory.storedPoweredMs, options.journal.poweredMs) - options.clock.uptimeMs();
    const behind = options.clock.clockMs() < memory.storedAtMs - BACKWARD_MS;
    const lost = rtc === 'lost' || behind || memory.clock === 'lost';
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
    return lockNow(this.memory, { clockMs: clock.clockMs(), poweredMs });
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
      this.#setClock(record);
      const { clock, tickMs = TICK_MS } = this.#options;
      await clock.delay(Math.max(0, tickMs - (clock.uptimeMs() - startedMs)));
      if (record.outcome === 'opened') await this.#options.moveBolt('unlock');
      return record;
    });
  }

  /** Judges a controller's command; its counter is on disk before the bolt moves. Never throws on what came over the wire. */
  command(text: string): Promise<{ ok: boolean; answer: string | null }> {
    return this.#inTurn(async () => {
      const { lockId, lockKey, journal } = this.#options;
      const check = checkCommand(text, {
        lockId,
        bootEpoch: journal.bootId,
        nowMs: this.now().atMs,
        commandKeyOf: (controllerId) => deriveCommandKey(lockKey, controllerId),
        lastCounterOf: (controllerId) =>
          Object.hasOwn(this.memory.counters, controllerId) ? (this.memory.counters[controllerId] ?? 0) : 0,
      });
      if (!check.command) return { ok: false, answer: null };
      const { controllerId, counter, name } = check.command;
      let reason: CommandRefusal | null = check.ok ? null : check.reason;
      if (check.ok) {
        this.#append({
          type: 'operation',
          ...this.now(),
          operation: name,
          source: 'remote',
          command: { controllerId, counter },
        });
        if ((await this.#options.moveBolt(name)) === 'jammed') reason = 'jammed';
      }
      const answer = { lockId, controllerId, counter, ok: reason === null, reason };
      return { ok: answer.ok, answer: signAnswer(deriveCommandKey(lockKey, controllerId), answer) };
    });
  }

  /** The bolt is moved by hand or by itself. */
  operate(operation: 'lock' | 'unlock', source: 'manual' | 'auto'): Promise<void> {
    return this.#inTurn(async () => {
      this.#append({ type: 'operation', ...this.now(), operation, source });
      await this.#options.moveBolt(operation);
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
      this.#append({ type: 'time', ...this.now() });
    });
  }

  /** The lock's signature over its log as it stands, for the retained head. @throws StaycodeError `journal-failed` */
  signHead(): Promise<string> {
    return this.#inTurn(() => this.#options.journal.signHead(this.now()));
  }

  #append(record: LockRecord): void {
    // Apart from the optional call, which would leave its argument out as well where nobody listens.
    const entry = this.#options.journal.append(record);
    this.#options.onRecord?.(entry);
  }

  #setClock(record: EntryRecord): void {
    if (record.outcome === 'done' && record.clockMs !== undefined)
      this.#options.clock.setClock(record.clockMs);
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
