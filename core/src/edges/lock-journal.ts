/**
 * The lock's journal on disk, which is its log and the queue of what has yet to come home: one append and one fsync a record,
 * each line chained to the one before. Nothing here starts afresh over a file that it cannot read.
 * @module
 */
import { closeSync, existsSync, fsyncSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';
import { type LockMemory, type LockRecord, type Moment, newMemory } from '../lock/memory.ts';
import type { LockRules } from '../lock/rules.ts';
import { firstHash, formatLine, type LogLine, type LogPoint, nextHash, splitLine } from '../log/chain.ts';
import { formatEntry, type LogEntry } from '../log/entry.ts';
import { formatHead, type LogHead, publicKeyOf, SIGN_EVERY, signHead, type SignedHead } from '../log/head.ts';
import { formatHeader, isVouchedFor, type LogHeader, vouchForHeader } from '../log/header.ts';
import { deriveLogKey } from '../stay-code/keys.ts';
import { cutBack, openAt, readRange, writeAll, writeDurably } from './durable-file.ts';
import { advance, corrupt, formatMemoryLine, type JournalState, readJournalFile } from './journal-file.ts';
import { createSign, hashText } from './lock-crypto.ts';
import { readLogKeys, writeLogKeys } from './log-key-file.ts';

export interface LockJournal {
  readonly memory: LockMemory;
  /** What was dropped or passed over on opening, for the host to read; empty when all was well. */
  readonly reports: readonly string[];
  readonly bootId: string;
  /** The file's first line says after which entry it begins: none before it can be read or resent. */
  readonly header: LogHeader;
  /** Powered time of the last record. */
  readonly poweredMs: number;
  /** The last entry. */
  head(): LogPoint;
  /** The last `count` entries, oldest first. */
  recent(count: number): readonly LogEntry[];
  /** Up to `count` lines from entry `seq` on, text for text as they are on disk; none where `seq` is trimmed or yet to come. */
  entriesFrom(seq: number, count: number): readonly (LogLine & { readonly seq: number })[];
  /**
   * Makes a record durable and folds it in; when it returns, the bolt may move.
   * @throws StaycodeError `journal-failed` where the disk did not take it; nothing of it remains then
   */
  append(record: LockRecord): LogEntry;
  /** Whether so many entries are unsigned that it is time for `signHead`; later than this the next append signs first. */
  readonly headDue: boolean;
  /** Signs the log as it stands, as its next entry, and returns the head's message text. @throws StaycodeError `journal-failed` */
  signHead(moment: Moment): string;
  /**
   * The keeper has all up to this entry, so the file may forget them; it keeps the last ones of them a while.
   * @returns false, and forgets nothing, where this log has no such entry of this hash
   */
  trim(seq: number, hash: string): boolean;
  close(): void;
}

export interface JournalOptions {
  /** Folder of this one lock; made where missing. */
  readonly folder: string;
  readonly lockId: string;
  /** 32 bytes; it vouches for the key that signs the log. */
  readonly lockKey: Uint8Array;
  readonly rules: LockRules;
  /** Random per boot, 32 hex digits. */
  readonly bootId: string;
  readonly randomBytes: (length: number) => Uint8Array;
  /** The lock's first moment, for a journal that is new. */
  readonly firstMoment: Moment;
  /** Acknowledged entries that stay readable, 200 unless set; the file is rewritten whenever five times as many may go. */
  readonly keepAcknowledged?: number;
}

/** In the lock's folder. */
export const JOURNAL_FILE = 'journal.jsonl';
const KEEP_ACKNOWLEDGED = 200;
/** A key that signed this many entries names its successor: who takes the lock later cannot sign its past anew. */
const KEY_LIFE_ENTRIES = 1024;

/**
 * Opens or begins a lock's journal. A torn last line (power cut during an append, so before the bolt moved) is cut off and reported.
 * @throws StaycodeError of `readJournal`; `journal-corrupt` also where the signing key beside it is missing
 */
export function openJournal(options: JournalOptions): LockJournal {
  mkdirSync(options.folder, { recursive: true });
  if (!existsSync(pathIn(options.folder))) beginJournal(options);
  return new FileJournal(options);
}

/**
 * Reads a lock's journal and changes nothing, also while the lock is writing it: a torn last line is passed over and reported.
 * @throws StaycodeError `journal-foreign` where there is none, for another lock's or another program's file; `journal-corrupt` for
 * damage before the last line, each with the way out in its message
 */
export function readJournal(
  options: Pick<JournalOptions, 'folder' | 'lockId' | 'rules'>,
): Pick<LockJournal, 'memory' | 'reports'> {
  const { state, reports } = readJournalFile({ ...options, path: pathIn(options.folder) });
  return { memory: state.memory, reports };
}

class FileJournal implements LockJournal {
  readonly reports: string[];
  readonly #options: JournalOptions;
  readonly #path: string;
  #state: JournalState;
  #fd: number;
  #secretKey: Uint8Array;
  readonly #sign = createSign();
  #failed = false;
  #trims = true;
  #lastHead: SignedHead | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#path = pathIn(options.folder);
    const { state, reports } = readJournalFile({ ...options, path: this.#path });
    this.#state = state;
    this.reports = [...reports];
    const keys = readLogKeys(options.folder) ?? [];
    this.#secretKey = keyOf(state.key, keys, this.#path);
    this.#fd = openAt(this.#path, state.length);
    if (keys.length > 1) this.#keepOneKey();
    // The lock was given another lock key, and who verifies the log knows that one.
    if (!isVouchedFor(deriveLogKey(options.lockKey), state.header)) this.#dropUntil(state.header.seq);
  }

  get memory(): LockMemory {
    return this.#state.memory;
  }

  get bootId(): string {
    return this.#options.bootId;
  }

  get header(): LogHeader {
    return this.#state.header;
  }

  get poweredMs(): number {
    return this.#state.poweredMs;
  }

  get headDue(): boolean {
    return this.#state.unsigned >= SIGN_EVERY;
  }

  head(): LogPoint {
    const { seq, hash } = this.#state;
    return { seq, hash };
  }

  recent(count: number): readonly LogEntry[] {
    const first = Math.max(this.header.seq, this.#state.seq - count) + 1;
    return this.entriesFrom(first, count).map(({ body }) => JSON.parse(body) as LogEntry);
  }

  entriesFrom(seq: number, count: number): readonly (LogLine & { seq: number })[] {
    const { starts, length } = this.#state;
    const index = seq - this.header.seq - 1;
    const start = starts[index];
    if (start === undefined) return [];
    const text = readRange(this.#path, start, starts[index + count] ?? length).toString('utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line, i) => {
        const parts = splitLine(line);
        if (parts === null) throw corrupt(this.#path, `record ${seq + i} is no longer what was written`);
        return { seq: seq + i, ...parts };
      });
  }

  append(record: LockRecord): LogEntry {
    if (this.headDue) this.signHead(record);
    return this.#write(record);
  }

  signHead(moment: Moment): string {
    if (this.#lastHead !== null) return formatHead(this.#lastHead);
    const { seq, keySinceSeq } = this.#state;
    const nextKey = seq - keySinceSeq >= KEY_LIFE_ENTRIES ? this.#options.randomBytes(32) : null;
    if (nextKey !== null) this.#storeNextKey(nextKey);
    const signed = signHead(this.#secretKey, this.#headAt(moment, nextKey), this.#sign);
    const { atMs, clock, poweredMs } = moment;
    this.#write({ type: 'head', atMs, clock, poweredMs, ...signed });
    this.#lastHead = signed;
    if (nextKey !== null) {
      this.#secretKey = nextKey;
      this.#keepOneKey();
    }
    return formatHead(signed);
  }

  trim(seq: number, hash: string): boolean {
    if (this.#failed) return false;
    const { header } = this.#state;
    const known = seq === header.seq ? header.hash : this.entriesFrom(seq, 1)[0]?.hash;
    if (known !== hash) return false;
    const { keepAcknowledged = KEEP_ACKNOWLEDGED } = this.#options;
    const dropped = seq - keepAcknowledged - header.seq;
    const kept = this.#state.seq - header.seq - dropped;
    // Each rewriting costs as much as it keeps, so it must drop as much.
    if (!this.#trims || dropped < 1 || dropped < 5 * keepAcknowledged || dropped < kept) return true;
    this.#dropUntil(header.seq + dropped);
    return true;
  }

  close(): void {
    // Nothing may be written after this: the system gives the number of a closed file to the next one opened.
    this.#failed = true;
    closeSync(this.#fd);
  }

  #write(record: LockRecord): LogEntry {
    if (this.#failed)
      throw failed('it is closed, or an earlier write failed; restart the lock once the disk is well');
    const { bootId, lockId, rules } = this.#options;
    const { seq, hash: previous, length, header } = this.#state;
    const body = formatEntry({ lockId, logId: header.logId, seq: seq + 1, bootId, record });
    const hash = nextHash(previous, body, hashText);
    const line = utf8ToBytes(`${formatLine({ hash, body })}\n`);
    try {
      writeAll(this.#fd, line, length);
      fsyncSync(this.#fd);
    } catch (cause) {
      this.#failed = true;
      cutBack(this.#fd, length);
      throw failed('the disk did not take a record', cause);
    }
    const entry = JSON.parse(body) as LogEntry;
    advance(this.#state, entry, { hash, bytes: line.length, rules });
    this.#lastHead = null;
    return entry;
  }

  #headAt({ atMs }: Moment, nextKey: Uint8Array | null): LogHead {
    const { lockId, bootId } = this.#options;
    const { seq, hash, key, header } = this.#state;
    const next = nextKey === null ? {} : { nextKey: publicKeyOf(nextKey) };
    return { lockId, logId: header.logId, seq, hash, bootId, atMs: Math.round(atMs), key, ...next };
  }

  /** Before the head that names it: the journal must never name a key that no disk has. */
  #storeNextKey(nextKey: Uint8Array): void {
    try {
      writeLogKeys(this.#options.folder, this.#secretKey, nextKey);
    } catch (cause) {
      throw failed('the disk did not take the next signing key', cause);
    }
  }

  /** After the head that names the next key, or at the start after a power cut between the two. */
  #keepOneKey(): void {
    try {
      writeLogKeys(this.#options.folder, this.#secretKey);
    } catch (error) {
      // Both are on disk, and the journal says which of them signs.
      this.reports.push(
        `journal: a signing key that is no longer in force could not be destroyed: ${String(error)}`,
      );
    }
  }

  /** Rewrites the file from a header that stands after entry `seq`. The old file stays whole until the new one is. */
  #dropUntil(seq: number): void {
    const { lockId, lockKey } = this.#options;
    const { state } = readJournalFile({ ...this.#options, path: this.#path, untilSeq: seq });
    const { logId } = state.header;
    const header = vouchForHeader(deriveLogKey(lockKey), {
      lockId,
      logId,
      seq,
      hash: state.hash,
      key: state.key,
    });
    const beginning = beginningOf(header, state);
    const rest = readRange(this.#path, state.length, this.#state.length);
    try {
      writeDurably(this.#path, beginning, rest);
    } catch (error) {
      // Once is enough: nothing is lost by a journal that grows until the next start.
      this.#trims = false;
      this.reports.push(`journal: what the keeper has could not be dropped: ${String(error)}`);
      return;
    }
    const shift = beginning.length - state.length;
    const starts = this.#state.starts.slice(seq - this.header.seq).map((start) => start + shift);
    this.#state = { ...this.#state, header, starts, length: this.#state.length + shift };
    closeSync(this.#fd);
    this.#failed = true;
    this.#fd = openAt(this.#path, this.#state.length);
    this.#failed = false;
  }
}

/** The key before the journal that names it: a power cut between them leaves a key that the next start takes. */
function beginJournal({ folder, lockId, lockKey, firstMoment, randomBytes }: JournalOptions): void {
  const keys = readLogKeys(folder);
  const secretKey = keys?.[0] ?? randomBytes(32);
  if (keys === null) writeLogKeys(folder, secretKey);
  const logId = bytesToHex(randomBytes(16));
  const place = { lockId, logId, seq: 0, hash: firstHash(lockId, logId), key: publicKeyOf(secretKey) };
  const header = vouchForHeader(deriveLogKey(lockKey), place);
  const { poweredMs } = firstMoment;
  writeDurably(pathIn(folder), beginningOf(header, { memory: newMemory(firstMoment), poweredMs }));
}

function beginningOf(header: LogHeader, state: Pick<JournalState, 'memory' | 'poweredMs'>): Uint8Array {
  return utf8ToBytes(`${formatHeader(header)}\n${formatMemoryLine(state)}\n`);
}

function keyOf(publicKey: string, keys: readonly Uint8Array[], path: string): Uint8Array {
  const secretKey = keys.find((one) => publicKeyOf(one) === publicKey);
  if (secretKey === undefined) throw corrupt(path, 'the signing key beside it is missing or of another log');
  return secretKey;
}

function pathIn(folder: string): string {
  return join(folder, JOURNAL_FILE);
}

function failed(what: string, cause?: unknown): StaycodeError {
  return new StaycodeError('journal-failed', `journal: ${what}; the lock opens nothing until it can write`, {
    cause,
  });
}
