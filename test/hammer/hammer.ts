/**
 * Kills real lock processes at random instants and looks at what the next start knows: an opening that the bolt made must not be
 * forgotten, and no one-time code may move the bolt twice.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@staycode/core/edges';
import { decideEntry } from '../../core/src/lock/decide.ts';
import { NO_GUESSES } from '../../core/src/lock/guessing.ts';
import { readyLock } from '../../core/src/lock/keyring.ts';
import { Random } from '../support/random.ts';
import { hammerConfig, hammerJournal, planCodes, type PlannedCode } from './plan.ts';

export interface HammerResult {
  kills: number;
  /** Openings that the bolt made and the next start did not know, and verdicts told that are in no journal. */
  forgotten: number;
  /** One-time codes that moved the bolt more than once. */
  openedTwice: number;
  /** So that a run in which nothing opened proves nothing. */
  opened: number;
}

const LIVES_OF_A_LOCK = 25;
const FRESH_A_LIFE = 20;
const program = join(import.meta.dirname, 'lock-process.ts');

/** Kills `kills` processes, one lock after the other. The seed decides what is typed and when it is killed. */
export async function hammer(
  kills: number,
  seed: number,
  onProgress?: (done: number) => void,
): Promise<HammerResult> {
  const random = new Random(seed);
  const result: HammerResult = { kills: 0, forgotten: 0, openedTwice: 0, opened: 0 };
  while (result.kills < kills) {
    const folder = mkdtempSync(join(tmpdir(), 'staycode-hammer-'));
    try {
      await hammerLock(folder, random, result, Math.min(LIVES_OF_A_LOCK, kills - result.kills));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    onProgress?.(result.kills);
  }
  return result;
}

async function hammerLock(
  folder: string,
  random: Random,
  result: HammerResult,
  lives: number,
): Promise<void> {
  const codes = planCodes(Date.now());
  let told = 0;
  for (let life = 0; life < lives; life++) {
    told += await liveAndDie(folder, random, entriesOf(life, random, codes));
    result.kills += 1;
    result.forgotten += countForgotten(folder, codes, told);
  }
  const moved = movesOf(folder);
  result.opened += moved.length;
  for (const { label } of codes.filter(({ kind }) => kind === 'one-time')) {
    if (moved.filter((name) => name === label).length > 1) result.openedTwice += 1;
  }
}

/** Codes never typed before, stays again, and now and then a one-time code again: wrong ones, so few that the lock never closes. */
function entriesOf(life: number, random: Random, codes: readonly PlannedCode[]): PlannedCode[] {
  const once = codes.filter(({ kind }) => kind === 'one-time');
  const fresh = once.slice(life * FRESH_A_LIFE, (life + 1) * FRESH_A_LIFE);
  const stays = codes.filter(({ kind }) => kind === 'stay');
  const entries = fresh.flatMap((code) => [code, random.pick(stays)]);
  if (life % 8 === 7) entries.unshift(random.pick(once.slice(0, life * FRESH_A_LIFE)));
  return entries;
}

/** Types until it is killed; returns how many verdicts the process told. */
async function liveAndDie(folder: string, random: Random, entries: readonly PlannedCode[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, program, folder]);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  const ended = once(child, 'exit');
  // Some die while they start, most with entries under way.
  if (random.chance(0.9)) await waitForLine(child, () => printed, 'ready');
  child.stdin.on('error', () => undefined);
  child.stdin.write(entries.map(({ label, digits }) => `${label} ${digits}\n`).join(''));
  await new Promise((resolve) => setTimeout(resolve, random.next() * 150));
  child.kill('SIGKILL');
  await ended;
  return printed.split('\n').filter((line) => / (?:opened|refused)$/u.test(line)).length;
}

async function waitForLine(
  child: ChildProcessWithoutNullStreams,
  printed: () => string,
  line: string,
): Promise<void> {
  while (!printed().includes(`${line}\n`)) {
    if (child.exitCode !== null) throw new Error(`the lock ended by itself: ${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Opens a copy of the journal, as the next start would, and asks its memory. */
function countForgotten(folder: string, codes: readonly PlannedCode[], told: number): number {
  if (!existsSync(join(folder, 'journal.jsonl'))) return told;
  const copy = mkdtempSync(join(tmpdir(), 'staycode-hammer-'));
  cpSync(folder, copy, { recursive: true });
  const config = hammerConfig();
  const lock = readyLock(config);
  const now = { atMs: Date.now(), clock: 'running', poweredMs: 0 } as const;
  const journal = openJournal(hammerJournal(copy, now.atMs));
  journal.close();
  rmSync(copy, { recursive: true, force: true });
  const memory = { ...journal.memory, guesses: { short: NO_GUESSES, long: NO_GUESSES } };
  const moved = new Set(movesOf(folder));
  let forgotten = Math.max(0, told - entriesIn(folder));
  for (const { label, kind, digits } of codes) {
    if (!moved.has(label)) continue;
    const typed = kind === 'one-time' ? digits : digits.slice(0, 8);
    // With so many keys and such wide rules another key may read the digits too: what counts is whether it opens.
    const opens = decideEntry(lock, memory, now, typed)?.outcome === 'opened';
    if (opens !== (kind === 'stay')) forgotten += 1;
  }
  return forgotten;
}

/** What the keeper has and what the lock still has, each entry once. */
function entriesIn(folder: string): number {
  const kept = existsSync(join(folder, 'kept')) ? readFileSync(join(folder, 'kept'), 'utf8') : '';
  const lines = `${kept}${readFileSync(join(folder, 'journal.jsonl'), 'utf8')}`.split('\n');
  const entries = lines.filter((line) => line.includes('"type":"entry"'));
  return new Set(entries.map((line) => /"seq":\d+/u.exec(line)?.[0])).size;
}

function movesOf(folder: string): string[] {
  const path = join(folder, 'bolt');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((label) => label !== '')
    : [];
}
