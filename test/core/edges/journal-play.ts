/** A lock's journal in a folder, filled, and its files, for tests. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCodeKey, deriveUnitKey, issueCode, StaycodeError } from '@staycode/core';
import { type JournalOptions, type LockJournal, openJournal } from '@staycode/core/edges';
import type { Moment } from '../../../core/src/lock/memory.ts';
import { exampleJournal } from '../../support/example-journal.ts';
import { EXAMPLE_SITE_KEY, exampleConfig, ExampleLock } from '../../support/lock-example.ts';

const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const bornAt = '2026-12-03T13:00:00Z';
export const moment: Moment = { atMs: Date.parse(bornAt), clock: 'running', poweredMs: 0 };
export const open = (folder: string, changes: Partial<JournalOptions> = {}): LockJournal =>
  openJournal(exampleJournal(folder, changes));
export const fileOf = (folder: string): string => join(folder, 'journal.jsonl');
export const keysOf = (folder: string): string => join(folder, 'log-key.json');
export const linesOf = (folder: string): string[] =>
  readFileSync(fileOf(folder), 'utf8').split('\n').slice(0, -1);

/** Writes a first entry, its PIN and wrong ones; returns the memory that must come back. */
export function fill(folder: string): LockJournal['memory'] {
  const journal = open(folder);
  const lock = new ExampleLock(exampleConfig(), bornAt);
  const digits = issueCode(codeKey, {
    kind: 'stay',
    revision: 0,
    startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
    endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
    alphabet: 'decimal',
  });
  const entries = [digits, '111111', digits.slice(0, 6), '222222', '3', digits];
  for (const [minute, entry] of entries.entries()) {
    const at = Date.parse('2026-12-03T15:00:00Z') + minute * 60_000;
    lock.memory = journal.memory;
    journal.append(lock.judge(at, entry));
  }
  journal.close();
  return journal.memory;
}

export function storeTimes(journal: LockJournal, count: number): void {
  for (let n = 0; n < count; n += 1)
    journal.append({ type: 'time', ...moment, poweredMs: journal.poweredMs + 1 });
}

export function trimAll(journal: LockJournal): void {
  const { seq, hash } = journal.head();
  assert.equal(journal.trim(seq, hash), true);
}

export function refusesWith(code: string, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof StaycodeError && error.code === code);
}
