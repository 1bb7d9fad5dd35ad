/**
 * The simulated lock: core's lock device with a journal on disk, a simulated clock and a bolt that is only a word.
 * @module
 */
import {
  type Bolt,
  type CommandName,
  type LockEvent,
  lockEventOf,
  type LockFile,
  STORE_TIME_MS,
} from '@staycode/core';
import { type Clock, LockDevice, type LockJournal, openJournal } from '@staycode/core/edges';
import type { LockStatus, LockView } from './lock-view.ts';
import { SimulatedClock } from './simulated-clock.ts';

export interface SimulatedLockOptions {
  readonly file: LockFile;
  /** Folder of the lock's journal. */
  readonly folder: string;
  readonly system: Clock;
  /** 32 hex digits, random per boot. */
  readonly bootEpoch: string;
  /** What the lock's clock reads at the start; the machine's time unless given. */
  readonly startAtMs?: number;
  /** The bolt goes back by itself after an opening; 0 for never. */
  readonly autoLockMs?: number;
}

const AUTO_LOCK_MS = 30_000;
/** How far back the journal is searched for events to show. */
const RECENT_RECORDS = 200;

export class SimulatedLock implements LockView {
  readonly lockId: string;
  readonly name: string;
  readonly zone: string;
  readonly bootEpoch: string;
  readonly #journal: LockJournal;
  readonly #device: LockDevice;
  readonly #autoLockMs: number;
  readonly #listeners = new Set<(event: LockEvent | null) => void>();
  readonly #storeTimer: NodeJS.Timeout;
  #autoLockTimer: NodeJS.Timeout | undefined;
  #bolt: Bolt = 'secured';

  /** @throws StaycodeError of the journal and of the lock file's rules and keys */
  constructor(options: SimulatedLockOptions) {
    const { file, folder, system, bootEpoch, startAtMs, autoLockMs = AUTO_LOCK_MS } = options;
    const clock = new SimulatedClock(system, startAtMs);
    this.lockId = file.lockId;
    this.name = file.name;
    this.zone = file.zone;
    this.bootEpoch = bootEpoch;
    this.#autoLockMs = autoLockMs;
    const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
    this.#journal = openJournal({ folder, lockId: file.lockId, rules: file.rules, firstMoment });
    this.#device = new LockDevice({
      lockId: file.lockId,
      lockKey: file.lockKey,
      config: file,
      journal: this.#journal,
      clock,
      bootEpoch,
      moveBolt: (to) => this.#moveBolt(to),
      onRecord: ({ seq, record }) => {
        const event = lockEventOf(this.lockId, seq, record);
        if (event) this.#tell(event);
      },
    });
    this.#storeTimer = setInterval(() => void this.#device.storeTime(), STORE_TIME_MS);
  }

  /** What the journal dropped or passed over on opening. */
  get reports(): readonly string[] {
    return this.#journal.reports;
  }

  status(): LockStatus {
    const { atMs, clock } = this.#device.now();
    return {
      bolt: this.#bolt,
      atMs: Math.round(atMs),
      clock,
      battery: null,
      counters: this.#device.memory.counters,
    };
  }

  recentEvents(count: number): readonly LockEvent[] {
    return this.#journal
      .recent(RECENT_RECORDS)
      .map(({ seq, record }) => lockEventOf(this.lockId, seq, record))
      .filter((event) => event !== null)
      .slice(-count);
  }

  subscribe(listener: (event: LockEvent | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async enter(digits: string): Promise<{ signal: 'opened' | 'done' | 'refused' }> {
    const outcome = await this.#device.enter(digits);
    return { signal: outcome ?? 'refused' };
  }

  command(text: string): Promise<{ ok: boolean; answer: string | null }> {
    return this.#device.command(text);
  }

  turnByHand(name: CommandName): Promise<void> {
    return this.#device.operate(name, 'manual');
  }

  /** Stops the lock; what happened is on disk already. */
  close(): void {
    clearInterval(this.#storeTimer);
    clearTimeout(this.#autoLockTimer);
    this.#journal.close();
  }

  #moveBolt(to: CommandName): Promise<'moved' | 'jammed'> {
    clearTimeout(this.#autoLockTimer);
    this.#bolt = to === 'lock' ? 'secured' : 'unsecured';
    if (to === 'unlock' && this.#autoLockMs > 0) {
      this.#autoLockTimer = setTimeout(() => void this.#device.operate('lock', 'auto'), this.#autoLockMs);
    }
    this.#tell(null);
    return Promise.resolve('moved');
  }

  #tell(event: LockEvent | null): void {
    for (const listener of this.#listeners) listener(event);
  }
}
