/**
 * The file of a lock's journal: the header of its log, what the lock remembered there, and the entries since, of which the
 * rest of its memory is the fold. Nothing here writes.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { StaycodeError } from '../errors.ts';
import { type LockMemory, remember } from '../lock/memory.ts';
import type { LockRules } from '../lock/rules.ts';
import { nextHash, splitLine } from '../log/chain.ts';
import type { LogEntry } from '../log/entry.ts';
import type { LogHead } from '../log/head.ts';
import { formatTextLine, LOG_FORMAT, type LogHeader, parseHeader, textOf } from '../log/header.ts';
import { hashText } from './lock-crypto.ts';

/** What the journal up to some entry comes to. */
export interface JournalState {
  readonly header: LogHeader;
  memory: LockMemory;
  /** Powered time of the last record. */
  poweredMs: number;
  /** The last entry. */
  seq: number;
  hash: string;
  /** The public key that signs the next head, and the entry that made it so. */
  key: string;
  keySinceSeq: number;
  /** Entries since the last signed head. */
  unsigned: number;
  /** Where in the file each entry begins, the first one after the header first. */
  readonly starts: number[];
  /** Bytes of the file up to here. */
  length: number;
}

export interface JournalReading {
  readonly state: JournalState;
  /** What was passed over at the end, for the host to read. */
  readonly reports: readonly string[];
}

export interface ReadJournalOptions {
  readonly path: string;
  readonly lockId: string;
  readonly rules: LockRules;
  /** The last entry to read; all unless set. */
  readonly untilSeq?: number;
}

/** The second line of a lock's journal: memory after the header's entry. */
interface MemoryLine {
  readonly memory: LockMemory;
  readonly poweredMs: number;
}

/**
 * Reads a journal. A torn last line (a power cut during an append, so before the bolt moved) is passed over and reported.
 * @throws StaycodeError `journal-foreign` for another lock's or another program's file, `journal-corrupt` for damage before the
 * last line, each with the way out in its message
 */
export function readJournalFile({ path, lockId, rules, untilSeq }: ReadJournalOptions): JournalReading {
  if (!existsSync(path))
    throw new StaycodeError('journal-foreign', `${path}: expected a lock's journal, found none`);
  const bytes = readFileSync(path);
  const wholeLength = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, wholeLength).split('\n').slice(0, -1);
  const reports: string[] = [];
  if (wholeLength < bytes.length)
    reports.push(`journal: dropped a torn last line of ${bytes.length - wholeLength} bytes`);
  const state = beginState(lines, path, lockId);
  for (const [index, line] of lines.entries()) {
    if (index < 2) continue;
    if (state.seq === untilSeq) break;
    const entry = readEntry(state, line, path);
    if (entry === null && index < lines.length - 1)
      throw corrupt(path, `record ${state.seq + 1} does not follow from the one before`);
    if (entry === null) reports.push('journal: dropped a damaged last line');
    else advance(state, entry, { hash: line.slice(0, 64), bytes: Buffer.byteLength(line) + 1, rules });
  }
  return { state, reports };
}

/** Takes an entry that stands in the file into account. */
export function advance(
  state: JournalState,
  entry: LogEntry,
  { hash, bytes, rules }: { hash: string; bytes: number; rules: LockRules },
): void {
  const { seq, record } = entry;
  state.starts.push(state.length);
  state.length += bytes;
  state.seq = seq;
  state.hash = hash;
  state.poweredMs = record.poweredMs;
  state.memory = remember(state.memory, record, rules);
  state.unsigned += 1;
  if (record.type !== 'head') return;
  state.unsigned = 0;
  const { nextKey } = JSON.parse(record.body) as LogHead;
  if (nextKey === undefined) return;
  state.key = nextKey;
  state.keySinceSeq = seq;
}

/** What a journal from this state on begins with. */
export function formatMemoryLine({ memory, poweredMs }: MemoryLine): string {
  return formatTextLine(JSON.stringify({ memory, poweredMs } satisfies MemoryLine));
}

/** What is wrong, and the way out. */
export function corrupt(path: string, what: string): StaycodeError {
  return new StaycodeError(
    'journal-corrupt',
    `${path}: ${what}. The lock stops rather than forget: restore the file from a backup, or move it away and raise the key versions of its units, which ends all codes given out before`,
  );
}

function beginState(lines: readonly string[], path: string, lockId: string): JournalState {
  const [first = '', second = ''] = lines;
  if (!first.includes(`"format":"${LOG_FORMAT}"`)) {
    throw new StaycodeError(
      'journal-foreign',
      `${path}: expected a lock's journal (${LOG_FORMAT}); move the file away or name another folder`,
    );
  }
  const header = undamaged(path, () => parseHeader(first));
  if (header.lockId !== lockId) {
    throw new StaycodeError(
      'journal-foreign',
      `${path}: expected the journal of lock ${lockId}, got that of ${header.lockId}; give each lock a folder of its own`,
    );
  }
  const { memory, poweredMs } = undamaged(path, () => JSON.parse(textOf(second, 'memory')) as MemoryLine);
  const { seq, hash, key } = header;
  const length = Buffer.byteLength(`${first}\n${second}\n`);
  return { header, memory, poweredMs, seq, hash, key, keySinceSeq: seq, unsigned: 0, starts: [], length };
}

function undamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StaycodeError)) throw error;
    throw corrupt(path, error.message);
  }
}

/** `null` for a line whose hash does not follow. */
function readEntry(state: JournalState, line: string, path: string): LogEntry | null {
  const parts = splitLine(line);
  if (parts?.hash !== nextHash(state.hash, parts?.body ?? '', hashText)) return null;
  const entry = JSON.parse(parts.body) as LogEntry;
  const { lockId, logId } = state.header;
  if (entry.seq !== state.seq + 1 || entry.lockId !== lockId || entry.logId !== logId)
    throw corrupt(path, `record ${state.seq + 1} is another one`);
  return entry;
}
