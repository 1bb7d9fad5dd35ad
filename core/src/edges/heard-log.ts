/**
 * The log of a lock that keeps none itself: what it told, written by who heard it. It is chained, signed and checked as a lock's own, so
 * `staycode log verify` reads it; what it proves is that this was heard, see docs/log.md.
 * @module
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { StaycodeError } from '../errors.ts';
import type { CodeId } from '../lock/keyring.ts';
import type { Moment } from '../lock/memory.ts';
import type { LogEntry } from '../log/entry.ts';
import type { Opening } from '../programmed-locks/openings.ts';
import { JOURNAL_FILE, type JournalOptions, type LockJournal, openJournal } from './lock-journal.ts';

export interface HeardLogOptions extends Pick<
  JournalOptions,
  'folder' | 'lockId' | 'lockKey' | 'rules' | 'randomBytes'
> {
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: () => number;
  /** Milliseconds of a clock that only rises. */
  readonly uptimeMs: () => number;
  /** What was dropped or moved away, and why nothing can be written. */
  readonly report: (line: string) => void;
}

export interface HeardLog {
  /** `null` as long as the disk gives none. */
  readonly place: { readonly lockId: string; readonly logId: string } | null;
  /** The last of the lock's own numbers that is on record. */
  readonly lastNumber: number | null;
  /**
   * Writes down an opening, durably: when it returns, it may be told.
   * @param code whose code was in the slot; `null` for one that Staycode did not set
   * @throws StaycodeError `journal-failed` where the disk did not take it; the next one is tried again
   */
  add(opening: Opening, code: CodeId | null): LogEntry;
  /** At most `count` entries after one of them, as `LogKeeper` gives them. */
  entriesAfter(seq: number, count: number): readonly LogEntry[];
  /** Signs the log as it stands, if it is not yet. @throws StaycodeError `journal-failed` */
  sign(): void;
  close(): void;
}

/** So far back the lock's last number is looked for. */
const NUMBER_ENTRIES = 256;

/**
 * Opens or begins the log of what one lock tells. Damage stops nothing, for doors go on being opened: the file is kept under another
 * name, and another log begun.
 */
export function openHeardLog(options: HeardLogOptions): HeardLog {
  return new FileHeardLog(options);
}

class FileHeardLog implements HeardLog {
  readonly #options: HeardLogOptions;
  #journal: LockJournal | null = null;
  #poweredBaseMs: number;
  #isClosed = false;

  constructor(options: HeardLogOptions) {
    this.#options = options;
    this.#poweredBaseMs = -options.uptimeMs();
    try {
      this.#open();
    } catch (error) {
      options.report(messageOf(error));
    }
  }

  get place(): HeardLog['place'] {
    return this.#journal && { lockId: this.#options.lockId, logId: this.#journal.header.logId };
  }

  get lastNumber(): number | null {
    const records = this.#journal?.recent(NUMBER_ENTRIES).map(({ record }) => record) ?? [];
    return records.findLast((record) => record.type === 'heard')?.number ?? null;
  }

  add({ slot, number }: Opening, code: CodeId | null): LogEntry {
    try {
      if (this.#isClosed) throw new Error('it is closed');
      const journal = this.#journal ?? this.#open();
      const what = { slot, ...(code && { code: idOf(code) }), ...(number !== undefined && { number }) };
      return journal.append({ type: 'heard', ...this.#now(), ...what });
    } catch (cause) {
      this.#drop();
      const { lockId } = this.#options;
      throw new StaycodeError(
        'journal-failed',
        `lock ${lockId}: slot ${slot} opened, and the disk did not take it: ${messageOf(cause)}`,
        { cause },
      );
    }
  }

  entriesAfter(seq: number, count: number): readonly LogEntry[] {
    const lines = this.#journal?.entriesFrom(seq + 1, count) ?? [];
    return lines.map(({ body }) => JSON.parse(body) as LogEntry);
  }

  sign(): void {
    this.#journal?.signHead(this.#now());
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  /** What comes next opens it anew, and cuts off what is left of an entry. */
  #drop(): void {
    this.#journal?.close();
    this.#journal = null;
  }

  #open(): LockJournal {
    const { randomBytes, report, uptimeMs } = this.#options;
    const bootId = bytesToHex(randomBytes(16));
    const journal = openOrBegin({ ...this.#options, bootId, firstMoment: this.#now() }, report);
    for (const line of journal.reports) report(line);
    this.#poweredBaseMs = journal.poweredMs - uptimeMs();
    try {
      // Nothing was heard between the entry before and this one.
      journal.append({ type: 'boot', ...this.#now() });
      journal.signHead(this.#now());
    } catch (error) {
      journal.close();
      throw error;
    }
    this.#journal = journal;
    return journal;
  }

  #now(): Moment {
    const { nowMs, uptimeMs } = this.#options;
    return { atMs: nowMs(), clock: 'running', poweredMs: this.#poweredBaseMs + uptimeMs() };
  }
}

function openOrBegin(options: JournalOptions, report: (line: string) => void): LockJournal {
  try {
    return openJournal(options);
  } catch (error) {
    const path = join(options.folder, JOURNAL_FILE);
    if (!isDamage(error) || !existsSync(path)) throw error;
    const kept = `${path}.damaged-${options.bootId.slice(0, 8)}`;
    renameSync(path, kept);
    report(`expected a whole log at ${path}, found damage; it is kept as ${kept}, and another log was begun`);
    return openJournal(options);
  }
}

function isDamage(error: unknown): boolean {
  return (
    error instanceof StaycodeError && (error.code === 'journal-corrupt' || error.code === 'journal-foreign')
  );
}

/** What a code is known by at a lock, and no more. */
function idOf({ unitId, keyVersion, kind, revision, startsAtMs, endsAtMs }: CodeId): CodeId {
  return { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
