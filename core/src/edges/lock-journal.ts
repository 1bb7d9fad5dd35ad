/**
 * The lock's journal on disk: one append and one fsync a record, each line chained to the one before by SHA-256; memory is
 * the fold of its records from the last snapshot. Nothing here starts afresh over a file that it cannot read.
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';
import { type LockMemory, type LockRecord, type Moment, newMemory, remember } from '../lock/memory.ts';
import type { LockRules } from '../lock/rules.ts';

/** A record with its number, contiguous from 1 for the journal's life. */
export interface JournalEntry {
  readonly seq: number;
  readonly record: LockRecord;
}

export interface LockJournal {
  readonly memory: LockMemory;
  /** What was dropped or passed over on opening, for the host to read; empty when all was well. */
  readonly reports: readonly string[];
  /** The last `count` entries, oldest first. */
  recent(count: number): readonly JournalEntry[];
  /**
   * Makes a record durable and folds it in; when it returns, the bolt may move.
   * @throws StaycodeError `journal-failed` where the disk did not take it; nothing of it remains then
   */
  append(record: LockRecord): JournalEntry;
  close(): void;
}

export interface JournalOptions {
  /** Folder of this one lock; made where missing. */
  readonly folder: string;
  readonly lockId: string;
  readonly rules: LockRules;
  /** The lock's first moment, for a journal that is new. */
  readonly firstMoment: Moment;
  /** Records between snapshots. */
  readonly snapshotEvery?: number;
}

interface Snapshot {
  readonly seq: number;
  readonly chain: string;
  readonly memory: LockMemory;
}

const FORMAT = 'staycode-journal/1';
const RECENT = 200;

/**
 * Opens or begins a lock's journal. A torn last line (power cut during an append, so before the bolt moved) is cut off and reported.
 * @throws StaycodeError `journal-foreign` for another lock's or another program's file, `journal-corrupt` for damage before the
 * last line, each with the way out in its message
 */
export function openJournal(options: JournalOptions): LockJournal {
  mkdirSync(options.folder, { recursive: true });
  const path = join(options.folder, 'journal.jsonl');
  if (!existsSync(path)) beginJournal(path, options);
  return new FileJournal(path, options, 'append');
}

/**
 * Reads a lock's journal and changes nothing, also while the lock is writing it: a torn last line is passed over and reported.
 * @throws StaycodeError as `openJournal`; `journal-foreign` also where there is none
 */
export function readJournal(
  options: Pick<JournalOptions, 'folder' | 'lockId' | 'rules'>,
): Pick<LockJournal, 'memory' | 'reports' | 'recent'> {
  const path = join(options.folder, 'journal.jsonl');
  if (!existsSync(path))
    throw new StaycodeError('journal-foreign', `${path}: expected a lock's journal, found none`);
  return new FileJournal(path, options, 'read');
}

class FileJournal implements LockJournal {
  memory: LockMemory;
  readonly reports: string[] = [];
  readonly #options: Omit<JournalOptions, 'firstMoment'>;
  readonly #fd: number;
  #recent: JournalEntry[] = [];
  #seq = 0;
  #chain: string;
  #length: number;
  #failed = false;

  constructor(path: string, options: Omit<JournalOptions, 'firstMoment'>, use: 'append' | 'read') {
    this.#options = options;
    // Before the journal: one that a running lock writes in between would be ahead of what was read.
    const snapshot = this.#readSnapshot();
    const { lines, tornBytes, length } = splitLines(readFileSync(path));
    const [header = '', ...rest] = lines;
    this.memory = readHeader(header, path, options.lockId);
    this.#chain = hashOf('', header);
    this.#length = length;
    if (tornBytes > 0) this.reports.push(`journal: dropped a torn last line of ${tornBytes} bytes`);
    for (const [index, line] of rest.entries()) {
      const record = this.#readLine(line, index === rest.length - 1, path);
      if (record === null) break;
      if (snapshot?.seq === this.#seq) this.memory = this.#resume(snapshot, path);
      else if (!snapshot || this.#seq > snapshot.seq)
        this.memory = remember(this.memory, record, options.rules);
    }
    if (snapshot && this.#seq < snapshot.seq) {
      throw corrupt(path, this.#seq + 1, 'the journal ends before its own snapshot');
    }
    this.#failed = use === 'read';
    this.#fd = use === 'read' ? -1 : openAt(path, this.#length);
  }

  recent(count: number): readonly JournalEntry[] {
    return this.#recent.slice(-count);
  }

  append(record: LockRecord): JournalEntry {
    if (this.#failed)
      throw failed('it is closed, or an earlier write failed; restart the lock once the disk is well');
    const entry: JournalEntry = { seq: this.#seq + 1, record };
    const body = JSON.stringify(entry);
    const chain = hashOf(this.#chain, body);
    const line = utf8ToBytes(`${chain} ${body}\n`);
    try {
      writeAll(this.#fd, line, this.#length);
      fsyncSync(this.#fd);
    } catch (cause) {
      this.#failed = true;
      cutBack(this.#fd, this.#length);
      throw failed('the disk did not take a record', cause);
    }
    this.#length += line.length;
    this.#accept(entry, chain);
    this.memory = remember(this.memory, record, this.#options.rules);
    if (entry.seq % (this.#options.snapshotEvery ?? 1000) === 0) this.#writeSnapshot();
    return entry;
  }

  close(): void {
    // Nothing may be written after this: the system gives the number of a closed file to the next one opened.
    this.#failed = true;
    closeSync(this.#fd);
  }

  /** Checks the line's place in the chain; a bad last one is torn, a bad one before it is damage. */
  #readLine(line: string, isLast: boolean, path: string): LockRecord | null {
    const body = line.slice(65);
    const chain = hashOf(this.#chain, body);
    if (line.slice(0, 65) !== `${chain} `) {
      if (!isLast) throw corrupt(path, this.#seq + 1, 'a record does not follow from the one before');
      this.#length -= Buffer.byteLength(line) + 1;
      this.reports.push('journal: dropped a damaged last line');
      return null;
    }
    const entry = JSON.parse(body) as JournalEntry;
    if (entry.seq !== this.#seq + 1)
      throw corrupt(path, this.#seq + 1, `the next record is numbered ${entry.seq}`);
    this.#accept(entry, chain);
    return entry.record;
  }

  #accept(entry: JournalEntry, chain: string): void {
    this.#seq = entry.seq;
    this.#chain = chain;
    this.#recent.push(entry);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
  }

  #resume(snapshot: Snapshot, path: string): LockMemory {
    if (snapshot.chain !== this.#chain) throw corrupt(path, this.#seq, 'the snapshot is of another history');
    return snapshot.memory;
  }

  /** A snapshot only saves time: the journal holds everything, so one that cannot be read is passed over. */
  #readSnapshot(): Snapshot | null {
    const path = join(this.#options.folder, 'snapshot.json');
    if (!existsSync(path)) return null;
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
    } catch {
      this.reports.push(
        'journal: passed over a snapshot that cannot be read; the whole journal was read instead',
      );
      return null;
    }
  }

  #writeSnapshot(): void {
    const { folder } = this.#options;
    const snapshot: Snapshot = { seq: this.#seq, chain: this.#chain, memory: this.memory };
    try {
      writeDurably(join(folder, 'snapshot.json'), JSON.stringify(snapshot));
    } catch (error) {
      // The record itself is safe; the next start only reads longer.
      this.reports.push(`journal: no snapshot could be written: ${String(error)}`);
    }
  }
}

function beginJournal(path: string, options: JournalOptions): void {
  const header = { format: FORMAT, lockId: options.lockId, memory: newMemory(options.firstMoment) };
  writeDurably(path, `${JSON.stringify(header)}\n`);
}

function readHeader(line: string, path: string, lockId: string): LockMemory {
  let header: { format?: unknown; lockId?: unknown; memory?: LockMemory };
  try {
    header = JSON.parse(line) as typeof header;
  } catch {
    header = {};
  }
  if (header.format !== FORMAT || header.memory === undefined) {
    throw new StaycodeError(
      'journal-foreign',
      `${path}: expected a lock's journal (${FORMAT}); move the file away or name another folder`,
    );
  }
  if (header.lockId !== lockId) {
    throw new StaycodeError(
      'journal-foreign',
      `${path}: expected the journal of lock ${lockId}, got that of ${String(header.lockId)}; give each lock a folder of its own`,
    );
  }
  return header.memory;
}

/** Whole lines, and how many bytes of a last one were torn off before its line feed. */
function splitLines(bytes: Buffer): { lines: string[]; tornBytes: number; length: number } {
  const length = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, length).split('\n').slice(0, -1);
  return { lines, tornBytes: bytes.length - length, length };
}

function hashOf(previous: string, body: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${previous}\n${body}`)));
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** Opens the journal to append after its last whole record; what stands behind it is cut off. */
function openAt(path: string, length: number): number {
  const fd = openSync(path, 'r+');
  ftruncateSync(fd, length);
  fsyncSync(fd);
  return fd;
}

/** Best effort: what is left of a failed append is a torn tail, which the next start drops. */
function cutBack(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // Opening drops it.
  }
}

/** Temporary file, fsync, rename, fsync of the folder: there is always a whole file. */
function writeDurably(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeAll(fd, utf8ToBytes(text), 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function failed(what: string, cause?: unknown): StaycodeError {
  return new StaycodeError('journal-failed', `journal: ${what}; the lock opens nothing until it can write`, {
    cause,
  });
}

function corrupt(path: string, seq: number, what: string): StaycodeError {
  return new StaycodeError(
    'journal-corrupt',
    `${path}: record ${seq}: ${what}. The lock stops rather than forget: restore the file from a backup, or move it away and raise the key versions of its units, which ends all codes given out before`,
  );
}
