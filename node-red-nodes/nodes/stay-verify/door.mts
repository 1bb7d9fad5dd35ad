/**
 * One keypad at one lock: what is typed goes to the lock's device, and its verdict to the flow.
 * @module
 */
import { DEFAULT_KEEPER, formatLockFile, type LockFile, StaycodeError } from '@staycode/core';
import { systemClock } from '@staycode/core/edges';
import type { NodeAPI, NodeMessage } from 'node-red';
import { closedFor, EntryGroups, type EntryRecord } from '@staycode/core';
import { userDirOf } from '../user-folder.mts';
import { describeLockNode, readLockSource } from './lock-source.mts';
import { type LockShare, shareLock } from './open-lock.mts';
import { createStatus, type VerifyStatus } from './status.mts';
import type { StayVerifyDef, StayVerifyNode } from './stay-verify.mts';
import { STOPPED, toOutputs, toPayload, type VerdictPayload } from './to-message.mts';

/** A full disk may have room again, and at a cabin nobody starts Node-RED anew. */
const REOPEN_MS = 60_000;
/** A machine's network sets its clock some time after the start. */
const CLOCK_LOOK_MS = 10_000;

export type Send = (messages: (NodeMessage | null)[]) => void;

interface OpenDoor extends LockShare {
  readonly file: LockFile;
  readonly timeOfDay: Intl.DateTimeFormat;
}

export class Door {
  readonly #RED: NodeAPI;
  readonly #node: StayVerifyNode;
  readonly #def: StayVerifyDef;
  readonly #status: VerifyStatus;
  readonly #groups: EntryGroups;
  /** `null` where the lock stopped. */
  #lock: Promise<OpenDoor | null>;
  /** What it was last given, as text. */
  #given: string | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #heldTimer: NodeJS.Timeout | undefined;
  #reopenTimer: NodeJS.Timeout | undefined;
  #clockTimer: NodeJS.Timeout | undefined;
  /** What the log has heard of why it stopped. */
  #told = '';
  #isClosed = false;

  constructor(RED: NodeAPI, node: StayVerifyNode, def: StayVerifyDef) {
    this.#RED = RED;
    this.#node = node;
    this.#def = def;
    this.#status = createStatus(RED, node);
    this.#lock = this.#open();
    this.#groups = new EntryGroups(
      def.groups === 'keys' ? 'whole' : def.groups,
      async (digits, firstHalfPoweredMs) => {
        const lock = await this.#lock;
        return lock?.device.judge(digits, firstHalfPoweredMs) ?? null;
      },
    );
  }

  /** Judges what was typed and tells the flow, on the output of its outcome; a group that waits for others tells nothing yet. */
  enter(digits: string, msg: NodeMessage, send: Send): Promise<void> {
    const atMs = systemClock.monotonic();
    const judged = this.#judge(msg, send, () => this.#groups.enter(digits, atMs));
    this.#last = judged;
    return judged;
  }

  /**
   * Sets the lock's clock to the machine's: for one that a false time has put ahead, where no clock code helps.
   * @throws Error where the lock stopped; for a machine whose time is none that a lock can have
   */
  async setClock(): Promise<void> {
    const lock = await this.#lock;
    if (lock === null) throw new Error('stay-verify: expected a lock whose clock to set, it has stopped');
    const refusal = await lock.device.act({ name: 'set-clock', atMs: Date.now() }, DEFAULT_KEEPER);
    if (refusal !== null) throw new Error(`stay-verify: the clock was not set to this machine's: ${refusal}`);
    this.#showClock(lock);
  }

  /**
   * After a deploy that left this node as it was: where what its lock is given has changed, the lock starts anew with it.
   * Node-RED does not see that a node hangs on those in a list, as a lock on its units.
   */
  async refresh(): Promise<void> {
    const lock = await this.#lock;
    if (this.#def.source === 'file' || describeLockNode(this.#RED, this.#def) === this.#given) return;
    clearTimeout(this.#reopenTimer);
    lock?.release();
    // By the next turn of the loop every other keypad of the lock has let go of the old keys as well.
    this.#lock = new Promise((done) => setImmediate(done)).then(() => this.#open());
  }

  /** Resolves once the last verdict is out: a one-time code is used up by then, so the door should open for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last.catch(() => undefined);
    for (const timer of [this.#heldTimer, this.#reopenTimer, this.#clockTimer]) clearTimeout(timer);
    this.#status.end();
    (await this.#lock)?.release();
  }

  async #open(): Promise<OpenDoor | null> {
    this.#given = null;
    try {
      const passphrase = this.#node.credentials.passphrase ?? null;
      const file = await readLockSource(this.#RED, this.#def, passphrase);
      this.#given = formatLockFile(file);
      const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeZone: file.zone, timeStyle: 'short' });
      const share = shareLock(userDirOf(this.#RED), file, {
        report: (line) => {
          this.#node.warn(line);
        },
        onTrouble: (error) => {
          this.#lock = Promise.resolve(null);
          this.#stop(error);
        },
      });
      this.#told = '';
      const lock = { ...share, file, timeOfDay };
      this.#showClock(lock);
      return lock;
    } catch (error) {
      this.#stop(error);
      return null;
    }
  }

  async #judge(msg: NodeMessage, send: Send, act: () => Promise<EntryRecord | null>): Promise<void> {
    const lock = await this.#lock;
    const topic = lock?.file.name ?? this.#node.name ?? '';
    const tell = (payload: VerdictPayload): void => {
      send(toOutputs(payload.outcome, { ...msg, topic, payload }));
    };
    if (lock === null) {
      tell(STOPPED);
      return;
    }
    try {
      const record = await act();
      if (record !== null) {
        tell(toPayload(lock.file.lockId, record, this.#groups.heldUntilMs !== null));
        this.#show(lock, record);
      }
    } catch (error) {
      if (!(error instanceof StaycodeError && error.code === 'journal-failed')) throw error;
      lock.fail(error);
      tell(STOPPED);
    }
    this.#armHeldTimer();
  }

  /** A set of groups that is never finished is judged when its time is over, and its digits are not kept any longer. */
  #armHeldTimer(): void {
    clearTimeout(this.#heldTimer);
    const untilMs = this.#groups.heldUntilMs;
    if (untilMs === null) return;
    const send: Send = (messages) => {
      this.#node.send(messages);
    };
    const giveUp = (): void => {
      const expire = (): Promise<EntryRecord | null> => this.#groups.expire(systemClock.monotonic());
      this.#last = this.#judge({}, send, expire).catch((error: unknown) => {
        this.#stop(error);
      });
    };
    this.#heldTimer = setTimeout(giveUp, untilMs - systemClock.monotonic() + 1);
  }

  #show(lock: OpenDoor, { outcome, length, atMs }: EntryRecord): void {
    const { device, timeOfDay } = lock;
    if (device.now().clock === 'lost') {
      this.#showClock(lock);
      return;
    }
    const closedMs = outcome === 'refused' ? closedFor(device.memory, length, device.now()) : 0;
    this.#status.verdict({ outcome, time: timeOfDay.format(atMs), closedMs });
  }

  /** A lost clock stands under the node until it is mended, whoever comes and goes: the host may have to do it. */
  #showClock(lock: OpenDoor): void {
    clearTimeout(this.#clockTimer);
    const { clock } = lock.device.now();
    this.#status.ready(clock);
    if (clock === 'running' || this.#isClosed) return;
    this.#clockTimer = setTimeout(() => {
      this.#showClock(lock);
    }, CLOCK_LOOK_MS);
  }

  /** Says why the lock judges nothing; where it is the disk, and not what is on it, it is tried again. */
  #stop(error: unknown): void {
    clearTimeout(this.#clockTimer);
    this.#status.stopped(error);
    const why = error instanceof Error ? error.message : String(error);
    if (why !== this.#told) this.#node.error(why);
    this.#told = why;
    if (this.#isClosed || (error instanceof StaycodeError && error.code !== 'journal-failed')) return;
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = setTimeout(() => {
      this.#lock = this.#open();
    }, REOPEN_MS);
  }
}
