/** Logs as a real journal writes them, to be tampered with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstHash, nextHash, splitLine } from '@staycode/core';
import { type LockJournal, openJournal } from '@staycode/core/edges';
import { exampleJournal } from '../../support/example-journal.ts';
import { scratchFolder } from '../../support/scratch.ts';

const moment = { atMs: Date.parse('2026-12-03T15:00:00Z'), clock: 'running', poweredMs: 0 } as const;

export interface RealLog {
  /** With the lock's memory in the second. */
  readonly lines: readonly string[];
  /** The secret key in force at the end. */
  readonly secretKey: Uint8Array;
}

/** Writes `entries` records and a signature wherever the plan says how many entries have gone by. */
export function writeLog(entries: number, signedAfter: readonly number[], unsignedTail = 0): RealLog {
  const folder = scratchFolder();
  const journal = openJournal(exampleJournal(folder));
  for (let n = 1; n <= entries; n += 1) {
    append(journal, n);
    if (signedAfter.includes(n)) journal.signHead(moment);
  }
  for (let n = 1; n <= unsignedTail; n += 1) append(journal, entries + n);
  journal.close();
  const keys = readFileSync(join(folder, 'log-key.json'), 'utf8');
  return {
    lines: readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n').slice(0, -1),
    secretKey: Buffer.from(/[0-9a-f]{64}/u.exec(keys)?.[0] ?? '', 'hex'),
  };
}

function append(journal: LockJournal, n: number): void {
  const at = { ...moment, atMs: moment.atMs + n * 1000, poweredMs: n * 1000 };
  const length = n % 2 === 0 ? 'short' : 'long';
  journal.append({ type: 'entry', ...at, length, outcome: 'refused', reason: 'unknown' });
}

/** Chains lines anew from the header on, as who tampers with a log would. */
export function rechain(lines: readonly string[]): string[] {
  const header = JSON.parse(bodyOf(lines[0] ?? '')) as { lockId: string; logId: string };
  let hash = firstHash(header.lockId, header.logId);
  return lines.map((line, i) => {
    if (i < 2) return line;
    hash = nextHash(hash, bodyOf(line));
    return `${hash} ${bodyOf(line)}`;
  });
}

export function bodyOf(line: string): string {
  return splitLine(line)?.body ?? '';
}

export function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
