/** What the files of a run say: the lock's journal, the keeper's copy, and the moves of the bolt. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { deriveLogKey, type LogEntry, verifyLog } from '@staycode/core';
import { lockFileOf } from './plan.ts';

export interface Verdict {
  /** The lock's entries, all that it ever made. */
  readonly entries: number;
  /** Those that the keeper's copy lacks, and commands that the host was told of as done and that stand nowhere. */
  readonly lost: number;
  /** Commands whose counter was used more than once, and moves of the bolt that no entry stands for. */
  readonly actedTwice: number;
  readonly duplicatesRemoved: number;
  /** Why the copy does not verify; `null` for one that does. */
  readonly fault: string | null;
}

export interface RunFolders {
  readonly lock: string;
  readonly host: string;
}

const journalOf = ({ lock }: RunFolders): string => join(lock, 'journal.jsonl');
/** The newest, if a lock had begun another log; that the older ones are not looked at makes it a loss. */
const copyOf = ({ host }: RunFolders): string => {
  const copies = readdirSync(host).filter((name) => name.endsWith('.jsonl'));
  return join(host, copies.sort().at(-1) ?? 'none');
};

/** Whether all is at home now, and whether the lock forgot what the keeper does not have. */
export function atHome(folders: RunFolders): { all: boolean; trimmedTooFar: boolean } {
  // The journal's beginning before the copy's end: the copy only grows.
  const base = seqOf(firstLine(journalOf(folders)));
  const newest = lastLine(journalOf(folders));
  const kept = lastLine(copyOf(folders));
  return { all: newest !== '' && newest === kept, trimmedTooFar: base > seqOf(kept) };
}

/** Judges the files after all have ended. */
export function judgeFiles(
  lockId: string,
  folders: RunFolders,
  okCommands: number,
): Omit<Verdict, 'duplicatesRemoved'> {
  const newest = lastLine(journalOf(folders));
  const entries = seqOf(newest);
  const copy = existsSync(copyOf(folders)) ? readFileSync(copyOf(folders), 'utf8') : '';
  const check = verifyLog(copy, { lockId, logKey: deriveLogKey(lockFileOf(lockId).lockKey) });
  const kept = check.ok ? check.toSeq - check.fromSeq + 1 : 0;
  const same = kept !== entries || lastLine(copyOf(folders)) === newest;
  const records = copy
    .split('\n')
    .slice(1, -1)
    .map((line) => (JSON.parse(line.slice(65)) as LogEntry).record);
  const counters = records.flatMap((record) =>
    record.type === 'operation' && record.command
      ? [`${record.command.controllerId} ${record.command.counter}`]
      : [],
  );
  const moving = records.filter(
    (record) => record.type === 'operation' || (record.type === 'entry' && record.outcome === 'opened'),
  );
  // Of a copy that lacks entries nobody can say whether what moved the bolt stands among them.
  const unexplained = kept === entries ? Math.max(0, movesOf(folders) - moving.length) : 0;
  const unlogged = Math.max(0, okCommands - counters.length);
  const usedTwice = counters.length - new Set(counters).size;
  return {
    entries,
    lost: (same ? Math.abs(entries - kept) : entries) + unlogged,
    actedTwice: usedTwice + unexplained,
    fault: check.ok ? null : `${check.reason} at line ${check.line}`,
  };
}

function movesOf({ lock }: RunFolders): number {
  const path = join(lock, 'bolt');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

/** The number of the entry or, in a header, of the one before the file's first; 0 where there is none. */
function seqOf(line: string): number {
  return Number(/"seq":(\d+)/u.exec(line)?.[1] ?? 0);
}

/** Longer than any line. */
const REACH = 65_536;

function firstLine(path: string): string {
  return part(path, 0).split('\n')[0] ?? '';
}

/** The last one that is whole, or '' for a file that has none. */
function lastLine(path: string): string {
  return part(path, -REACH).split('\n').at(-2) ?? '';
}

/** From a place of the file on, or from so many bytes before its end. */
function part(path: string, from: number): string {
  if (!existsSync(path)) return '';
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(REACH);
    const at = from < 0 ? Math.max(0, fstatSync(fd).size + from) : from;
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, REACH, at));
  } finally {
    closeSync(fd);
  }
}
