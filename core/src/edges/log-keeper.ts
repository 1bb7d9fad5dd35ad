/**
 * The keeper's copies of a lock's logs: a file for each log, in the form that `staycode log verify` reads. What is acknowledged
 * is on disk before the acknowledgement is handed out.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { orNull, StaycodeError } from '../errors.ts';
import { splitLine } from '../log/chain.ts';
import type { LogEntry } from '../log/entry.ts';
import { beginLog, followLine, type LogState } from '../log/follow-log.ts';
import { parseHeader } from '../log/header.ts';
import { AuditKeeper, type AuditKeeperOptions, type KeeperStep } from '../protocol/audit-keeper.ts';
import { cutBack, openAt, readRange, writeAll, writeDurably } from './durable-file.ts';

export interface LogKeeperOptions extends Omit<AuditKeeperOptions, 'state' | 'hashAt' | 'endedLogIds'> {
  /** Folder of this one lock's copies; made where missing. */
  readonly folder: string;
}

export interface LogKeeper {
  /** The log in hand and its last entry; `null` before there is one. */
  readonly state: LogState | null;
  /** Why nothing is taken any more; `null` while all is well. */
  readonly fault: KeeperStep['fault'];
  /** The copy's file; `null` before there is one. */
  readonly path: string | null;
  /** Text for `auditResend`: to be sent at every connection. */
  askFrom(nowMs: number): string;
  /**
   * Takes what came on `auditEntries`; when it returns, what the step acknowledges is on disk.
   * @throws StaycodeError `bad-message`; `journal-failed` where the disk did not take it, and then nothing is acknowledged
   */
  receive(message: { readonly text: string; readonly retained: boolean }, nowMs: number): KeeperStep;
  /** Entries of the log in hand after one of them, at most `count`: for who acts on them by number, after a restart too. */
  entriesAfter(seq: number, count: number): readonly LogEntry[];
  close(): void;
}

/**
 * Opens or begins a lock's copies. A torn last line (a crash before it was acknowledged) is cut off: the lock sends it again.
 * @throws StaycodeError `journal-corrupt` for damage before the last line, `journal-foreign` for what is no copy of this lock's
 */
export function openLogKeeper(options: LogKeeperOptions): LogKeeper {
  mkdirSync(options.folder, { recursive: true });
  return new FileKeeper(options);
}

/** A copy on disk, open for writing at its end. */
interface Copy {
  readonly path: string;
  readonly fd: number;
  state: LogState;
  /** The entry before the first one in it. */
  readonly before: number;
  /** Where each entry begins. */
  readonly starts: number[];
  length: number;
}

class FileKeeper implements LogKeeper {
  readonly #options: LogKeeperOptions;
  #copy: Copy | null;
  #copies: number;
  readonly #endedLogIds: string[];
  #keeper: AuditKeeper;

  constructor(options: LogKeeperOptions) {
    this.#options = options;
    const names = readdirSync(options.folder)
      .filter((name) => NAME.test(name))
      .sort();
    const newest = names.at(-1);
    this.#copies = names.length;
    this.#copy = newest === undefined ? null : readCopy(join(options.folder, newest), options.lockId);
    this.#endedLogIds = names.slice(0, -1).map((name) => NAME.exec(name)?.[1] ?? '');
    this.#keeper = this.#newKeeper();
  }

  get state(): LogState | null {
    return this.#keeper.state;
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

  receive(message: { readonly text: string; readonly retained: boolean }, nowMs: number): KeeperStep {
    const step = this.#keeper.receive(message, nowMs);
    try {
      if (step.begin) this.#begin(step.begin);
      if (step.append.length > 0) this.#append(step.append);
    } catch (cause) {
      // What was not written must not count as kept: the lock sends it again.
      this.#keeper = this.#newKeeper();
      throw new StaycodeError('journal-failed', 'log copy: the disk did not take entries', { cause });
    }
    return step;
  }

  entriesAfter(seq: number, count: number): readonly LogEntry[] {
    const copy = this.#copy;
    if (!copy) return [];
    // A copy that began late in the log's life holds nothing before its first entry.
    const from = Math.max(seq - copy.before, 0);
    const start = copy.starts[from];
    if (start === undefined) return [];
    const text = readRange(copy.path, start, copy.starts[from + count] ?? copy.length).toString('utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(splitLine(line)?.body ?? '') as LogEntry);
  }

  close(): void {
    if (this.#copy) closeSync(this.#copy.fd);
    this.#copy = null;
  }

  #newKeeper(): AuditKeeper {
    const endedLogIds = this.#endedLogIds;
    const hashAt = (seq: number): string | null => this.#hashAt(seq);
    return new AuditKeeper({ ...this.#options, state: this.#copy?.state ?? null, hashAt, endedLogIds });
  }

  #hashAt(seq: number): string | null {
    const copy = this.#copy;
    const start = copy?.starts[seq - copy.before - 1];
    return copy && start !== undefined ? readRange(copy.path, start, start + 64).toString('utf8') : null;
  }

  #begin({ logId, header }: NonNullable<KeeperStep['begin']>): void {
    const number = String(this.#copies + 1).padStart(4, '0');
    const path = join(this.#options.folder, `${number}-${logId}.jsonl`);
    writeDurably(path, utf8ToBytes(`${header}\n`));
    const copy = readCopy(path, this.#options.lockId);
    if (this.#copy) this.#endedLogIds.push(this.#copy.state.logId);
    this.close();
    this.#copies++;
    this.#copy = copy;
  }

  #append(lines: readonly string[]): void {
    const copy = this.#copy;
    const state = this.#keeper.state;
    if (copy === null || state === null) throw new Error('expected a copy to append to');
    const bytes = lines.map((line) => utf8ToBytes(`${line}\n`));
    try {
      writeAll(copy.fd, Buffer.concat(bytes), copy.length);
      fsyncSync(copy.fd);
    } catch (error) {
      cutBack(copy.fd, copy.length);
      throw error;
    }
    for (const line of bytes) {
      copy.starts.push(copy.length);
      copy.length += line.length;
    }
    copy.state = state;
  }
}

/** In the order in which they were begun. */
const NAME = /^\d{4,}-([0-9a-f]{32})\.jsonl$/u;

function readCopy(path: string, lockId: string): Copy {
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const [first = '', ...lines] = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
  const header = orNull(() => parseHeader(first));
  const begun = header?.lockId === lockId ? beginLog(header) : null;
  if (header === null || begun === null) throw foreign(path, lockId);
  let state = begun;
  let length = Buffer.byteLength(first) + 1;
  const starts: number[] = [];
  for (const line of lines) {
    const step = followLine(state, line);
    if (!step.ok) {
      throw new StaycodeError(
        'journal-corrupt',
        `${path}: entry ${step.seq}: expected the next entry of the log (${step.reason}); restore the file from a backup, or move it away and the lock sends what it still has`,
      );
    }
    starts.push(length);
    length += Buffer.byteLength(line) + 1;
    state = step.state;
  }
  return { path, fd: openAt(path, length), state, before: header.seq, starts, length };
}

function foreign(path: string, lockId: string): StaycodeError {
  return new StaycodeError('journal-foreign', `${path}: expected the copy of a log of lock ${lockId}`);
}
