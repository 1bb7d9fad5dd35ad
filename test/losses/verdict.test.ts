import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LockJournal, openJournal } from '@staycode/core/edges';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { lockFileOf } from './plan.ts';
import { atHome, judgeFiles, type RunFolders } from './verdict.ts';

const lockId = 'judged';
const moment = { atMs: Date.parse('2026-11-26T12:00:00Z'), clock: 'running', poweredMs: 0 } as const;

describe('the verdict on a run', () => {
  let folders: RunFolders;
  let journal: LockJournal;
  beforeEach(() => {
    const folder = scratchFolder();
    folders = { lock: join(folder, 'lock'), host: join(folder, 'host') };
    mkdirSync(folders.host);
    const { lockKey, rules } = lockFileOf(lockId);
    const options = { folder: folders.lock, lockId, lockKey, rules, bootId: '0'.repeat(32), randomBytes };
    journal = openJournal({ ...options, firstMoment: moment, keepAcknowledged: 0 });
    for (const counter of [1, 2, 3]) obey(counter);
    journal.signHead(moment);
  });
  afterEach(() => {
    journal.close();
    removeScratch();
  });

  function obey(counter: number): void {
    const command = { controllerId: 'host', counter };
    journal.append({ type: 'operation', ...moment, operation: 'unlock', source: 'remote', command });
    writeFileSync(join(folders.lock, 'bolt'), 'unsecured\n', { flag: 'a' });
  }
  /** The keeper's copy has no line for the lock's memory. */
  function copyHome(lines = Infinity): void {
    const [header = '', , ...entries] = readFileSync(join(folders.lock, 'journal.jsonl'), 'utf8').split('\n');
    const copied = [header, ...entries.slice(0, -1).slice(0, lines)];
    writeFileSync(join(folders.host, '0001-copy.jsonl'), `${copied.join('\n')}\n`);
  }
  const judge = (okCommands = 3): { lost: number; actedTwice: number } => {
    const { lost, actedTwice } = judgeFiles(lockId, folders, okCommands);
    return { lost, actedTwice };
  };

  it('finds nothing lost where the copy has every entry', () => {
    copyHome();
    assert.deepEqual(atHome(folders), { all: true, trimmedTooFar: false });
    assert.deepEqual(judge(), { lost: 0, actedTwice: 0 });
  });

  it('counts the entries that the copy lacks', () => {
    obey(4);
    obey(5);
    copyHome(4);
    assert.equal(atHome(folders).all, false);
    assert.deepEqual(judge(), { lost: 2, actedTwice: 0 });
  });

  it('counts all as lost where there is no copy, or one that does not verify', () => {
    assert.equal(judge(0).lost, 4);
    copyHome();
    const copy = join(folders.host, '0001-copy.jsonl');
    writeFileSync(copy, readFileSync(copy, 'utf8').replace('"counter":2', '"counter":9'));
    assert.equal(judge(0).lost, 4);
  });

  it('counts a command that the host was told of as done and that stands nowhere', () => {
    copyHome();
    assert.deepEqual(judge(4), { lost: 1, actedTwice: 0 });
  });

  it('counts a command that was acted on twice, and a move of the bolt that no entry stands for', () => {
    obey(3);
    writeFileSync(join(folders.lock, 'bolt'), 'unsecured\n', { flag: 'a' });
    journal.signHead(moment);
    copyHome();
    assert.deepEqual(judge(), { lost: 0, actedTwice: 2 });
  });

  it('sees that the lock forgot what the copy does not have', () => {
    copyHome(1);
    const { seq, hash } = journal.head();
    assert(journal.trim(seq, hash));
    assert.deepEqual(atHome(folders), { all: false, trimmedTooFar: true });
  });
});
