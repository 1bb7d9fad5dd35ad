/** One run: a lock makes entries, its host's keeper takes them home, a fault strikes, all comes back, and the files are judged. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../support/random.ts';
import { DAY_ENTRIES, FAULTS, type FaultName } from './faults.ts';
import { startParty } from './party.ts';
import { type HostPlan, KEEPER, type LockPlan, type Report } from './plan.ts';
import { atHome, judgeFiles, type Verdict } from './verdict.ts';

export interface RunOptions {
  readonly lockId: string;
  readonly seed: number;
  readonly fault: FaultName;
  /** Where the lock and the host connect: two nodes where there are some. */
  readonly urls: { readonly lock: string; readonly host: string };
  readonly strikeBroker: () => Promise<void>;
  /** As of the host's plan. */
  readonly keeperSyncs: boolean;
  /** How long all may take to come home once all is back; 120 s unless set. */
  readonly homeTimeoutMs?: number;
  /** Is told what the programs of a run said that did not come to its end. */
  readonly tell: (text: string) => void;
  /** `DAY_ENTRIES` unless set. */
  readonly dayEntries?: number;
}

/** A cluster's elections and RabbitMQ's start are in it. */
const HOME_TIMEOUT_MS = 120_000;
/** What is waited for before that comes on any machine; a run that waits for ever tells nothing. */
const GIVE_UP_MS = 600_000;
const COMMANDS = 3;
export const lockProgram: string = join(import.meta.dirname, 'lock-process.ts');
export const hostProgram: string = join(import.meta.dirname, 'host-process.ts');

export async function play(options: RunOptions): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'staycode-losses-'));
  try {
    return await playIn(folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playIn(folder: string, options: RunOptions): Promise<Verdict> {
  const { lockId, seed, fault, urls, strikeBroker, keeperSyncs } = options;
  const { homeTimeoutMs = HOME_TIMEOUT_MS, dayEntries = DAY_ENTRIES } = options;
  const random = new Random(seed);
  const acts = random.whole(30, 60);
  const moment = random.whole(1, acts - 1);
  const seen = {
    ...{ made: 0, lives: 0, done: false, commandsDone: false },
    ...{ duplicates: 0, okCommands: 0, trimmedTooFar: false },
  };
  const folders = { lock: join(folder, 'lock'), host: join(folder, 'host') };
  for (const path of Object.values(folders)) mkdirSync(path);
  const take = (report: Report): void => {
    if ('made' in report) seen.made += report.made;
    else if ('actsDone' in report) seen.done = true;
    else if ('duplicates' in report) seen.duplicates += report.duplicates;
    else if ('commandsDone' in report) seen.commandsDone = true;
    else if (report.command === 'ok') seen.okCommands += 1;
  };
  const lockPlan = (url: string): LockPlan => {
    const life = seen.lives++;
    return { url, folder: folders.lock, lockId, acts: Math.max(0, acts - seen.made), seed: seed + life };
  };
  const hostPlan = (url: string): HostPlan => {
    seen.commandsDone = false;
    return {
      ...{ url, folder: folders.host, lockId, controllerId: KEEPER },
      ...{ commands: COMMANDS, seed, syncs: keeperSyncs },
    };
  };
  const host = await startParty(hostProgram, urls.host, hostPlan, take);
  const lock = await startParty(lockProgram, urls.lock, lockPlan, take);
  const makeEntries = async (count: number): Promise<void> => {
    await until(() => seen.done);
    seen.done = false;
    lock.tell({ day: count });
    await until(() => seen.done);
  };
  const allAtHome = (): boolean => {
    const home = atHome(folders);
    seen.trimmedTooFar ||= home.trimmedTooFar;
    return home.all;
  };
  /** As long as the lock runs it may have something to add, such as a signature at its next connection. */
  const allAtHomeForGood = (): boolean => {
    if (!seen.commandsDone || !allAtHome()) return false;
    lock.signal('SIGSTOP');
    if (allAtHome()) return true;
    lock.signal('SIGCONT');
    return false;
  };
  try {
    await until(() => seen.made >= moment);
    await FAULTS[fault]({ random, lock, host, strikeBroker, makeEntries, dayEntries });
    await until(() => seen.done);
    await until(allAtHomeForGood, homeTimeoutMs).catch(() => {
      options.tell(`${lockId}: not all is at home\nlock: ${lock.tale()}\nhost: ${host.tale()}`);
    });
  } finally {
    await Promise.all([lock.end(), host.end()]);
  }
  const verdict = judgeFiles(lockId, folders, seen.okCommands);
  const lost = Math.max(verdict.lost, seen.trimmedTooFar ? 1 : 0);
  return { ...verdict, lost, duplicatesRemoved: seen.duplicates };
}

const LOOK_MS = 20;

/** Time is counted in looks: a machine that stands still, as one does while it is copied, costs the programs it runs as much. */
export async function until(holds: () => boolean, timeoutMs: number = GIVE_UP_MS): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += LOOK_MS) {
    if (waitedMs > timeoutMs) throw new Error('it took too long');
    await delay(LOOK_MS);
  }
}
