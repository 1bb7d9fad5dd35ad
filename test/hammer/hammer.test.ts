import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '@staycode/core/edges';
import { hasProgram, skipUnless } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { hammer } from './hammer.ts';
import { hammerJournal, planCodes } from './plan.ts';

const program = join(import.meta.dirname, 'lock-process.ts');
const conditions = '--conditions=staycode-source';

/** Every write to the bolt that has no synced journal record of its own before it. `calls` are strace's lines. */
function unsyncedMoves(calls: readonly string[]): { moves: number; unsynced: number } {
  let recorded = false;
  let synced = false;
  const found = { moves: 0, unsynced: 0 };
  for (const call of calls) {
    if (/^\d+ +pwrite64\(\d+<[^>]*journal\.jsonl>/u.test(call)) [recorded, synced] = [true, false];
    else if (/^\d+ +fsync\(\d+<[^>]*journal\.jsonl>\) += 0/u.test(call)) synced = recorded;
    else if (/^\d+ +write\(\d+<[^>]*\/bolt>/u.test(call)) {
      found.moves += 1;
      if (!synced) found.unsynced += 1;
      [recorded, synced] = [false, false];
    }
  }
  return found;
}

/** The lock under strace, which shows what reaches the kernel and in which order. */
function traceLock(mode: string): { moves: number; unsynced: number } {
  const folder = scratchFolder();
  const log = join(folder, 'strace');
  const codes = planCodes(Date.now()).slice(0, 10);
  const input = codes.map(({ label, digits }) => `${label} ${digits}\n`).join('');
  const args = [
    '-f',
    '-y',
    '-o',
    log,
    '-e',
    'trace=write,pwrite64,fsync',
    process.execPath,
    conditions,
    program,
    folder,
    mode,
  ];
  const run = spawnSync('strace', args, { input, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return unsyncedMoves(readFileSync(log, 'utf8').split('\n'));
}

describe('the lock, killed and watched', function () {
  this.timeout(180_000);
  afterEach(removeScratch);

  it('forgets nothing and opens nothing twice over kills at random instants', async () => {
    const seed = Number(process.env.STAYCODE_SEED ?? Date.now() % 1_000_000);
    const result = await hammer(40, seed);
    assert.deepEqual(
      { ...result, opened: result.opened > 0 },
      { kills: 40, forgotten: 0, openedTwice: 0, opened: true },
      `seed ${seed}`,
    );
  });

  it('has every record synced to the disk before the bolt is written', function () {
    skipUnless(this, hasProgram('strace'), 'no strace here');
    assert.deepEqual(traceLock('as-it-is'), { moves: 10, unsynced: 0 });
  });

  it('would be caught by that test if it did not sync', function () {
    skipUnless(this, hasProgram('strace'), 'no strace here');
    assert.deepEqual(traceLock('no-fsync'), { moves: 10, unsynced: 10 });
  });

  it('opens nothing on a full disk, says so, and knows on the next start what it let in before', () => {
    const folder = scratchFolder();
    const codes = planCodes(Date.now()).slice(0, 30);
    const input = codes.map(({ label, digits }) => `${label} ${digits}\n`).join('');
    // A file may not grow beyond 8 KiB: the same error as from a disk that is full.
    const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`;
    const run = spawnSync('bash', ['-c', limited, process.execPath, conditions, program, folder], {
      input,
      encoding: 'utf8',
    });
    const told = run.stdout.split('\n').filter((line) => /^(?:stay|once)-/u.test(line));
    const opened = told.filter((line) => line.endsWith(' opened')).map((line) => line.split(' ')[0]);
    assert(opened.length > 0 && opened.length < codes.length);
    assert.match(
      told[opened.length] ?? '',
      /the disk did not take a record; the lock opens nothing until it can write/u,
    );
    assert.deepEqual(readFileSync(join(folder, 'bolt'), 'utf8').trim().split('\n'), opened);
    const journal = openJournal(hammerJournal(folder, Date.now()));
    journal.close();
    assert.equal(journal.memory.accepted.length, opened.length);
    assert(existsSync(join(folder, 'journal.jsonl')) && !readdirSync(folder).includes('journal.jsonl.tmp'));
  });
});
