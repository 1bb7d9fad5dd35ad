/**
 * The simulated lock: the lock's program with a simulated clock, a bolt that is only a word, and the faults that befall them.
 * @module
 */
import {
  type Bolt,
  type IncomingMessage,
  isLockedOut,
  isTampered,
  type LockEvent,
  lockEventOf,
  type LockFile,
  type LockRecord,
  type LockHealth,
  type LockTopics,
  lockTopics,
  type Movement,
} from '@staycode/core';
import type { Clock, Saying } from '@staycode/core/edges';
import { type Fault, type PowerCut, switchFault } from './faults.ts';
import { type JournalSettings, LockBoot } from './lock-boot.ts';
import type { LockStatus, LockView } from './lock-view.ts';
import { SimulatedClock } from './simulated-clock.ts';

export interface SimulatedLockOptions {
  readonly file: LockFile;
  /** Folder of the lock's journal. */
  readonly folder: string;
  readonly journal?: JournalSettings;
  readonly system: Clock;
  readonly randomBytes: (length: number) => Uint8Array;
  /** What the lock's clock reads at the start; the machine's time unless given. */
  readonly startAtMs?: number;
  /** The bolt goes back by itself after an opening; 0 for never, 30 s unless set. */
  readonly autoLockMs?: number;
  /** A line on what the journal dropped or passed over on opening, or on what failed with nobody waiting for it. */
  readonly report?: (line: string) => void;
}

const AUTO_LOCK_MS = 30_000;
/** How far back the journal is searched: for events to show, and for an alarm that nobody has answered. */
const RECENT_RECORDS = 200;

export class SimulatedLock implements LockView {
  readonly lockId: string;
  readonly name: string;
  readonly zone: string;
  readonly #options: SimulatedLockOptions;
  readonly #topics: LockTopics;
  readonly #clock: SimulatedClock;
  readonly #listeners = new Set<(event: LockEvent | null) => void>();
  #boot: LockBoot;
  #rtc: 'kept' | 'lost' = 'kept';
  #powerBack: AbortController | undefined;
  #autoLockTimer: NodeJS.Timeout | undefined;
  #bolt: Bolt = 'secured';
  #rosterDue = false;
  #faults: readonly Fault[] = [];

  /** @throws StaycodeError of the journal and of the lock file's rules and keys */
  constructor(options: SimulatedLockOptions) {
    this.#options = options;
    this.#clock = new SimulatedClock(options.system, options.startAtMs);
    this.lockId = options.file.lockId;
    this.#topics = lockTopics(this.lockId);
    this.name = options.file.name;
    this.zone = options.file.zone;
    this.#boot = this.#start();
  }

  status(): LockStatus {
    const { device, journal } = this.#boot;
    const { atMs, clock } = device.now();
    const isOn = (name: Fault['fault']): boolean => this.#faults.some(({ fault }) => fault === name);
    return {
      bolt: this.#bolt,
      atMs: Math.round(atMs),
      clock,
      battery: this.#faults.find((one) => one.fault === 'battery-low')?.percent ?? null,
      door: isOn('no-contact') ? null : isOn('door-open') ? 'open' : 'closed',
      tampered: isTampered(journal.recent(RECENT_RECORDS).map(({ record }) => record)),
    };
  }

  health(): Omit<LockHealth, 'v' | 'lockId'> {
    const { device, journal, sender } = this.#boot;
    return {
      lockout: isLockedOut(device.memory, device.now()),
      log: { last: journal.head().seq, acknowledged: sender.acked },
    };
  }

  recentEvents(count: number): readonly LockEvent[] {
    return this.#boot.journal
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
    const outcome = await this.#boot.run((device) => device.enter(digits));
    return { signal: outcome ?? 'refused' };
  }

  receive({ topic, ...message }: IncomingMessage): Promise<readonly Saying[]> {
    return this.#boot.run(async (device) => {
      const { hello, session, command, answer } = this.#topics;
      if (topic === hello) return live(session, await device.hello(message));
      if (topic === command)
        return [...live(answer, (await device.command(message)).answer), ...this.#roster()];
      const { sender } = this.#boot;
      const nowMs = this.#clock.uptimeMs();
      if (topic === this.#topics.auditAck) return this.#entries(sender.ack(message, nowMs));
      if (topic === this.#topics.auditResend) return this.#entries(sender.resend(message, nowMs));
      return [];
    });
  }

  audit(what: 'up' | 'down' | 'tick'): readonly Saying[] {
    if (!this.#boot.on) return [];
    const { device, journal, sender } = this.#boot;
    const nowMs = this.#clock.uptimeMs();
    switch (what) {
      case 'up': {
        const head = { topic: this.#topics.auditHead, text: journal.signHead(device.now()), retain: true };
        this.#rosterDue = true;
        return [head, ...this.#entries(sender.connectionUp(nowMs)), ...this.#roster()];
      }
      case 'down':
        sender.connectionDown();
        return [];
      case 'tick':
        return [...this.#entries([...sender.appended(nowMs), ...sender.tick(nowMs)]), ...this.#roster()];
    }
  }

  /** Told when a roster came, at each connection, and when a code opens that the roster does not name. */
  #roster(): Saying[] {
    if (!this.#rosterDue) return [];
    this.#rosterDue = false;
    return live(this.#topics.roster, this.#boot.device.rosterReport()?.text ?? null);
  }

  #entries(texts: readonly string[]): Saying[] {
    return texts.map((text) => ({ topic: this.#topics.auditEntries, text }));
  }

  async turnByHand(name: Movement): Promise<void> {
    if (this.#boot.on) await this.#boot.run((device) => device.operate(name, 'manual'));
    else this.#moveBolt(name);
  }

  operateUnsigned(name: Movement): Promise<void> {
    return this.#boot.run((device) => device.operate(name, 'remote'));
  }

  faults(): readonly Fault[] {
    return this.#faults;
  }

  async applyFault(fault: Fault): Promise<void> {
    switch (fault.fault) {
      case 'drift':
        this.#clock.drift(fault.ppm);
        break;
      case 'clock-jump':
        this.#clock.jump(fault.seconds * 1000);
        break;
      case 'clock-lost':
        await this.#changeBattery();
        break;
      case 'power-cut':
        if (fault.on) this.#cutPower(fault);
        else this.#restorePower();
        break;
      case 'forced':
        await this.#boot.run((device) => device.alarm('forced'));
        this.#faults = switchFault(this.#faults, { fault: 'door-open', on: true });
        break;
      case 'network-off':
      case 'battery-low':
      case 'jammed':
      case 'door-open':
      case 'no-contact':
        // Nothing to do at once: the MQTT link, the gauge, the bolt and the contact look whether these are on.
        break;
    }
    this.#faults = switchFault(this.#faults, fault);
    this.#tell(null);
  }

  /** Stops the lock; what happened is on disk already. */
  close(): void {
    this.#powerBack?.abort();
    this.#stop();
  }

  #start(): LockBoot {
    const { file, folder, journal = {}, randomBytes, report = () => undefined } = this.#options;
    return new LockBoot({
      file,
      folder,
      journal,
      clock: this.#clock,
      rtc: this.#rtc,
      randomBytes,
      moveBolt: (to) => this.#moveBolt(to),
      onRecord: ({ seq, record }) => {
        const event = lockEventOf(this.lockId, seq, record);
        this.#rosterDue ||= isForRoster(record);
        if (event) this.#tell(event);
      },
      report,
    });
  }

  #stop(): void {
    clearTimeout(this.#autoLockTimer);
    this.#boot.end();
    this.#clock.halt();
  }

  #cutPower({ clock, seconds }: PowerCut): void {
    this.#stop();
    if (clock === 'lost') this.#loseClock();
    this.#powerBack?.abort();
    this.#powerBack = new AbortController();
    if (seconds !== null) void this.#powerBackIn(seconds, this.#powerBack.signal);
  }

  async #powerBackIn(seconds: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.system.delay(seconds * 1000, { signal });
      await this.applyFault({ fault: 'power-cut', on: false, clock: 'kept', seconds: null });
    } catch (error) {
      if (!signal.aborted) this.#options.report?.(String(error));
    }
  }

  #restorePower(): void {
    if (this.#boot.on) return;
    this.#clock.boot();
    this.#boot = this.#start();
    this.#rtc = 'kept';
    this.#armAutoLock();
  }

  #loseClock(): void {
    this.#rtc = 'lost';
    this.#clock.lose();
  }

  /** With the clock's battery goes the power; it is back at once, unless it was cut before. */
  async #changeBattery(): Promise<void> {
    if (!this.#boot.on) {
      this.#loseClock();
      return;
    }
    const cut = { fault: 'power-cut', clock: 'lost', seconds: null } as const;
    await this.applyFault({ ...cut, on: true });
    await this.applyFault({ ...cut, on: false });
  }

  #moveBolt(to: Movement): 'moved' | 'jammed' {
    clearTimeout(this.#autoLockTimer);
    const jams = this.#faults.some(({ fault }) => fault === 'jammed');
    this.#bolt = jams ? 'jammed' : to === 'lock' ? 'secured' : 'unsecured';
    this.#tell(null);
    if (jams) this.#boot.runInBackground((device) => device.alarm('jammed'));
    else this.#armAutoLock();
    return jams ? 'jammed' : 'moved';
  }

  /** Also after a boot: a door must not stay unlocked because the power went. */
  #armAutoLock(): void {
    const { autoLockMs = AUTO_LOCK_MS } = this.#options;
    if (this.#bolt !== 'unsecured' || autoLockMs === 0 || !this.#boot.on) return;
    this.#autoLockTimer = setTimeout(() => {
      this.#boot.runInBackground((device) => device.operate('lock', 'auto'));
    }, autoLockMs);
  }

  #tell(event: LockEvent | null): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Whether what a roster report says may have changed: a roster came, or a code opened for the first time. */
function isForRoster(record: LockRecord): boolean {
  if (record.type === 'command') return record.act.name === 'roster';
  return (
    record.type === 'entry' &&
    record.outcome === 'opened' &&
    record.code !== undefined &&
    record.reason !== 'pin'
  );
}

/** A message that counts only now, if there is one. */
function live(topic: string, text: string | null): Saying[] {
  return text === null ? [] : [{ topic, text }];
}
