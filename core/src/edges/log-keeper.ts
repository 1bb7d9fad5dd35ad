/**
 * The keeper's copies of a lock's logs: a file for each log, in the form that `staycode log verify` reads. What is acknowledged
 * is on disk before the acknowledgement is handed out.
 * @module
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StaycodeError } from '../errors.ts';
import type { LogEntry } from '../log/entry.ts';
import type { LogState } from '../log/follow-log.ts';
import type { SignatureCheck } from '../log/head.ts';
import {
  AuditKeeper,
  type AuditKeeperOptions,
  type KeeperStep,
  NOTHING_TO_KEEP,
} from '../protocol/audit-keeper.ts';
import { createSignatureCheck } from './check-signature.ts';
import { LogCopy } from './log-copy.ts';

export interface LogKeeperOptions extends Omit<
  AuditKeeperOptions,
  'state' | 'hashAt' | 'endedLogIds' | 'isOfKey'
> {
  /** Folder of this one lock's copies; made where missing. */
  readonly folder: string;
}

export interface LogKeeper {
  /** The log in hand and its last entry on disk; `null` before there is one. */
  readonly state: LogState | null;
  /** Why nothing is taken any more; `null` while all is well. */
  readonly fault: KeeperStep['fault'];
  /** The copy's file; `null` before there is one. */
  readonly path: string | null;
  /** Text for `auditResend`: to be sent at every connection. */
  askFrom(nowMs: number): string;
  /**
   * Takes what came on `auditEntries`; resolves, in the order of the calls, once what it brought is on disk. Messages that wait
   * together are synced together, and the last of them has the acknowledgement for all.
   * @throws StaycodeError `bad-message`; `journal-failed` where the disk did not take it, and then nothing is acknowledged
   */
  receive(message: { readonly text: string; readonly retained: boolean }, nowMs: number): Promise<KeeperStep>;
  /** Entries on disk of the log in hand after one of them, at most `count`: for who acts on them by number, after a restart too. */
  entriesAfter(seq: number, count: number): readonly LogEntry[];
  /** Takes nothing more; resolves when all that came is on disk. */
  close(): Promise<void>;
}

/**
 * Opens or begins a lock's copies. A torn last line (a crash before it was acknowledged) is cut off: the lock sends it again.
 * @throws StaycodeError `journal-corrupt` for damage before the last line, `journal-foreign` for what is no copy of this lock's
 */
export function openLogKeeper(options: LogKeeperOptions): LogKeeper {
  mkdirSync(options.folder, { recursive: true });
  return new FileKeeper(options);
}

/** Messages that may wait for a slow disk: what comes on top the lock sends again. */
const MAX_WAITING = 64;

class FileKeeper implements LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #endedLogIds: string[];
  readonly #isOfKey: SignatureCheck = createSignatureCheck();
  #copy: LogCopy | null;
  #copies: number;
  #keeper: AuditKeeper;
  #closed = false;
  #othersClosed: Promise<void> = Promise.resolve();

  constructor(options: LogKeeperOptions) {
    this.#options = options;
    const names = readdirSync(options.folder)
      .filter((name) => NAME.test(name))
      .sort();
    const newest = names.at(-1);
    this.#copies = names.length;
    this.#copy =
      newest === undefined ? null : LogCopy.open(join(options.folder, newest), options.lockId, this.#isOfKey);
    this.#endedLogIds = names.slice(0, -1).map((name) => NAME.exec(name)?.[1] ?? '');
    this.#keeper = this.#newKeeper();
  }

  get state(): LogState | null {
    return this.#copy?.state ?? null;
  }

  get fault(): KeeperStep['fault'] {
    return this.#keeper.fault;
  }

  get path(): string | null {
    return this.#copy?.path ?? null;
  }

  askFrom(nowMs: number): string {
    return this.#keeper.askFrom(nowMs);
  }

  async receive(
    message: { readonly text: string; readonly retained: boolean },
    nowMs: number,
  ): Promise<KeeperStep> {
    if (this.#closed || (this.#copy?.waiting ?? 0) >= MAX_WAITING) return NOTHING_TO_KEEP;
    const keeper = this.#keeper;
    const step = keeper.receive(message, nowMs);
    try {
      if (step.begin) this.#begin(step.begin);
      if (step.ack === null || this.#copy === null || keeper.state === null) return step;
      const isLast = await this.#copy.append(step.append, keeper.state);
      return isLast ? step : { ...step, ack: null };
    } catch (cause) {
      // What waited behind the entries that were not written went with them.
      if (this.#keeper !== keeper) return NOTHING_TO_KEEP;
      // What was not written must not count as kept: the lock sends it again.
      this.#keeper = this.#newKeeper();
      throw new StaycodeError('journal-failed', 'log copy: the disk did not take entries', { cause });
    }
  }

  entriesAfter(seq: number, count: number): readonly LogEntry[] {
    return this.#copy?.entriesAfter(seq, count) ?? [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#othersClosed, this.#copy?.close()]);
    this.#copy = null;
  }

  #newKeeper(): AuditKeeper {
    const endedLogIds = this.#endedLogIds;
    const hashAt = (seq: number): string | null => this.#copy?.hashAt(seq) ?? null;
    const state = this.#copy?.state ?? null;
    return new AuditKeeper({ ...this.#options, state, hashAt, endedLogIds, isOfKey: this.#isOfKey });
  }

  #begin({ logId, header }: NonNullable<KeeperStep['begin']>): void {
    const number = String(this.#copies + 1).padStart(4, '0');
    const path = join(this.#options.folder, `${number}-${logId}.jsonl`);
    const ended = this.#copy;
    // Entries come in order: those of the ended log are on disk first.
    const othersClosed = this.#othersClosed.then(() => ended?.close());
    this.#copy = LogCopy.begin(path, header, othersClosed);
    this.#othersClosed = othersClosed;
    if (ended) this.#endedLogIds.push(ended.state.logId);
    this.#copies++;
  }
}

/** In the order in which they were begun. */
const NAME = /^\d{4,}-([0-9a-f]{32})\.jsonl$/u;
