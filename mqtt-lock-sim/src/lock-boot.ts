/**
 * One life of the lock's program, from power on to power off: a lock device over the journal on disk. What a power cut
 * interrupts never comes to its end, and the next life starts from the same journal.
 * @module
 */
import {
  AuditSender,
  deriveCommandKey,
  type LockFile,
  type LogEntry,
  type Movement,
  StaycodeError,
  STORE_TIME_MS,
} from '@staycode/core';
import {
  type DeviceClock,
  type JournalOptions,
  LockDevice,
  type LockJournal,
  openJournal,
} from '@staycode/core/edges';

/** What of the journal's options is not the same for every lock. */
export type JournalSettings = Pick<JournalOptions, 'keepAcknowledged'>;

export interface LockBootOptions {
  readonly file: LockFile;
  /** Folder of the lock's journal. */
  readonly folder: string;
  readonly journal: JournalSettings;
  readonly clock: DeviceClock;
  /** Whether the real-time clock ran on while there was no power. */
  readonly rtc: 'kept' | 'lost';
  readonly randomBytes: (length: number) => Uint8Array;
  readonly moveBolt: (to: Movement) => 'moved' | 'jammed';
  /** Told of each record once it is durable. */
  readonly onRecord: (entry: LogEntry) => void;
  /** A line on what the journal dropped or passed over on opening, or on what failed with nobody waiting for it. */
  readonly report: (line: string) => void;
}

export class LockBoot {
  readonly journal: LockJournal;
  readonly device: LockDevice;
  readonly sender: AuditSender;
  readonly #report: LockBootOptions['report'];
  readonly #storeTimer: NodeJS.Timeout;
  #on = true;

  /** @throws StaycodeError of the journal and of the lock file's rules and keys */
  constructor({
    file,
    folder,
    journal,
    clock,
    rtc,
    randomBytes,
    moveBolt,
    onRecord,
    report,
  }: LockBootOptions) {
    const { lockId, lockKey, rules } = file;
    const firstMoment = { atMs: clock.clockMs(), clock: 'running', poweredMs: 0 } as const;
    this.#report = report;
    const bootId = Buffer.from(randomBytes(16)).toString('hex');
    const own = { folder, lockId, lockKey, rules, firstMoment, bootId, randomBytes };
    this.journal = openJournal({ ...journal, ...own });
    for (const line of this.journal.reports) report(line);
    this.device = new LockDevice(
      {
        lockId,
        lockKey,
        config: file,
        journal: this.journal,
        clock,
        // A verdict that was under way when the power went no longer reaches the bolt.
        moveBolt: (to) => Promise.resolve(this.#on ? moveBolt(to) : 'jammed'),
        onRecord,
      },
      rtc,
    );
    this.sender = new AuditSender({
      lockId,
      keeperId: file.keeper ?? null,
      commandKeyOf: (controllerId) => deriveCommandKey(lockKey, controllerId),
      log: this.journal,
    });
    this.#storeTimer = setInterval(() => {
      this.runInBackground((device) => device.storeTime());
    }, STORE_TIME_MS);
  }

  get on(): boolean {
    return this.#on;
  }

  /** Has the device do something. @throws StaycodeError `no-power` if there is none, or it goes before this is done */
  async run<T>(act: (device: LockDevice) => Promise<T>): Promise<T> {
    try {
      if (this.#on) {
        const result = await act(this.device);
        if (this.on) return result;
      }
    } catch (error) {
      if (this.on) throw error;
    }
    throw new StaycodeError('no-power', 'lock: expected power, got none');
  }

  /** The same where nobody waits for it: a power cut ends it in silence. */
  runInBackground(act: (device: LockDevice) => Promise<unknown>): void {
    this.run(act).catch((error: unknown) => {
      if (this.#on) this.#report(String(error));
    });
  }

  /** The power goes. */
  end(): void {
    if (!this.#on) return;
    this.#on = false;
    clearInterval(this.#storeTimer);
    this.journal.close();
  }
}
