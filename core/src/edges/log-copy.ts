/**
 * A keeper's copy of one log, on disk: its header, and every entry text for text. What waits together is written and synced
 * together, while the program goes on.
 * @module
 */
import { closeSync, fsync, openSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { orNull, StaycodeError } from '../errors.ts';
import { splitLine } from '../log/chain.ts';
import type { LogEntry } from '../log/entry.ts';
import { beginLog, followLine, type LogState } from '../log/follow-log.ts';
import type { SignatureCheck } from '../log/head.ts';
import { parseHeader } from '../log/header.ts';
import { cutBack, openAt, readRange, writeAll, writeDurably } from './durable-file.ts';

interface Waiting {
  readonly lines: readonly string[];
  /** After these lines. */
  readonly state: LogState;
  readonly onDisk: (isLast: boolean) => void;
  readonly failed: (cause: unknown) => void;
}

/** What is on disk of a copy. */
interface OnDisk {
  readonly fd: number;
  /** The entry before the first one in it. */
  readonly before: number;
  state: LogState;
  /** Where each entry begins. */
  readonly starts: number[];
  length: number;
}

export class LogCopy {
  readonly path: string;
  readonly #disk: OnDisk;
  readonly #after: Promise<void>;
  #waiting: Waiting[] = [];
  /** Being written. */
  #group: Waiting[] = [];
  #writing: Promise<void> | null = null;

  private constructor(path: string, disk: OnDisk, after: Promise<void>) {
    this.path = path;
    this.#disk = disk;
    this.#after = after;
  }

  /**
   * Opens a copy; a torn last line is cut off.
   * @throws StaycodeError `journal-corrupt` for damage before the last line, `journal-foreign` for what is no copy of this lock's
   */
  static open(path: string, lockId: string, isOfKey: SignatureCheck): LogCopy {
    return new LogCopy(path, openCopy(path, lockId, isOfKey), Promise.resolve());
  }

  /**
   * Begins a copy with its header's line, durably.
   * @param after nothing else is written before this: the copy of the log before is still being closed
   */
  static begin(path: string, headerLine: string, after: Promise<void>): LogCopy {
    const bytes = utf8ToBytes(`${headerLine}\n`);
    const state = beginLog(parseHeader(headerLine));
    if (state === null) throw new Error('expected the header of a log');
    writeDurably(path, bytes);
    const fd = openSync(path, 'r+');
    return new LogCopy(path, { fd, before: state.seq, state, starts: [], length: bytes.length }, after);
  }

  /** Up to the last entry that is on disk. */
  get state(): LogState {
    return this.#disk.state;
  }

  /** How many calls of `append` have yet to begin. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The hash of an entry, be it on disk or on its way there; `null` for one that is not in it. */
  hashAt(seq: number): string | null {
    for (const { lines, state } of [...this.#group, ...this.#waiting]) {
      const line = lines[seq - state.seq + lines.length - 1];
      if (line !== undefined) return line.slice(0, 64);
    }
    const start = this.#disk.starts[seq - this.#disk.before - 1];
    return start === undefined ? null : readRange(this.path, start, start + 64).toString('utf8');
  }

  /** Up to `count` of the entries on disk after one of them. */
  entriesAfter(seq: number, count: number): readonly LogEntry[] {
    const { before, starts, length } = this.#disk;
    // A copy that began late in the log's life holds nothing before its first entry.
    const from = Math.max(seq - before, 0);
    const start = starts[from];
    if (start === undefined) return [];
    const text = readRange(this.path, start, starts[from + count] ?? length).toString('utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(splitLine(line)?.body ?? '') as LogEntry);
  }

  /**
   * Resolves once the lines, and all before them, are on disk: with true to the last of those that went there together. Rejects
   * where the disk did not take them; what waits behind them is rejected as well, for it would leave a gap.
   */
  append(lines: readonly string[], state: LogState): Promise<boolean> {
    return new Promise((onDisk, failed) => {
      this.#waiting.push({ lines, state, onDisk, failed });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Closes it once all that waits is on disk. */
  async close(): Promise<void> {
    await this.#writing;
    closeSync(this.#disk.fd);
  }

  async #writeAll(): Promise<void> {
    await this.#after;
    // What the wire has brought by now goes with it.
    await nextTurn();
    while (this.#waiting.length > 0) {
      this.#group = this.#waiting;
      this.#waiting = [];
      await this.#writeGroup();
    }
    this.#writing = null;
  }

  async #writeGroup(): Promise<void> {
    const group = this.#group;
    const { fd, starts, length } = this.#disk;
    const bytes = group.flatMap(({ lines }) => lines.map((line) => utf8ToBytes(`${line}\n`)));
    try {
      if (bytes.length > 0) {
        writeAll(fd, Buffer.concat(bytes), length);
        await promisify(fsync)(fd);
      }
    } catch (cause) {
      cutBack(fd, length);
      for (const { failed } of [...group, ...this.#waiting]) failed(cause);
      this.#group = this.#waiting = [];
      return;
    }
    for (const line of bytes) {
      starts.push(this.#disk.length);
      this.#disk.length += line.length;
    }
    this.#disk.state = group.at(-1)?.state ?? this.#disk.state;
    this.#group = [];
    for (const one of group) one.onDisk(one === group.at(-1));
  }
}

function openCopy(path: string, lockId: string, isOfKey: SignatureCheck): OnDisk {
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
    const step = followLine(state, line, isOfKey);
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
  return { fd: openAt(path, length), state, before: header.seq, starts, length };
}

function foreign(path: string, lockId: string): StaycodeError {
  return new StaycodeError('journal-foreign', `${path}: expected the copy of a log of lock ${lockId}`);
}
