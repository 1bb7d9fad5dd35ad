/** A real Node-RED that reads a calendar, issues codes and mails them, killed at moments of all three, again and again. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AccessCode, deriveCodeKey, deriveUnitKey, type OutboxMessage } from '@staycode/core';
import { openAccessCodeStore } from '@staycode/core/edges';
import { instant, sampleFeed, type SampleEntry } from '../node-red-nodes/sample-feed.ts';
import { startNodeRed } from '../support/node-red.ts';
import { Random } from '../support/random.ts';
import { type Booked, countMarked, type Faults, KillLedger } from './ledger.ts';
import { killFlows, SITE_KEY, UNIT_ID } from './kill-flow.ts';
import { type MailHome, type Moment, startMailHome } from './mail-home.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly userDir: string;
  /** Whether the flow says what was mailed; else a message counts as sent two seconds after it left. */
  readonly confirms: boolean;
  readonly tell?: (done: number) => void;
}

export interface KillResult {
  /** By what went on at the moment. */
  readonly kills: Readonly<Record<'poll' | 'issue' | 'send', number>>;
  readonly mails: number;
  /** Mails that say that they may have come before. */
  readonly marked: number;
  readonly codes: number;
  readonly faults: Faults;
}

const siteKey = Uint8Array.from(Buffer.from(SITE_KEY, 'hex'));
/** The stay of a round is a night longer two rounds later; some are called off four rounds later. Nothing is changed back. */
const LONGER_AFTER = 2;
const OFF_AFTER = 4;
const STEP_DAYS = 3;
const PATIENCE_MS = 15_000;

const WHEN: Readonly<Record<'poll' | 'issue' | 'send', readonly Moment[]>> = {
  poll: ['asked'],
  issue: ['answered'],
  send: ['mailed', 'accepted'],
};

export async function playKills({ kills, seed, userDir, confirms, tell }: KillOptions): Promise<KillResult> {
  const random = new Random(seed);
  const home = await startMailHome();
  const ledger = new KillLedger(deriveCodeKey(deriveUnitKey(siteKey, UNIT_ID, 1)));
  const counts = { poll: 0, issue: 0, send: 0 };
  const credentials = { site: { siteKey: SITE_KEY }, feed: { url: home.calendarUrl } };
  const first = { flows: killFlows(home.smtpPort, confirms), credentials };
  try {
    for (let round = 0; round < kills; round++) {
      home.calendar = sampleFeed(bookingsAt(round));
      const during = random.pick(['poll', 'issue', 'send'] as const);
      await killOnce(home, { ...{ userDir, random, during }, ...(round === 0 && first) });
      counts[during]++;
      ledger.see(readRegister(userDir).codes);
      tell?.(round + 1);
    }
    home.onMoment = () => undefined;
    const node = await startNodeRed({ userDir });
    const booked = bookedIn(bookingsAt(kills - 1));
    await untilAtRest(userDir, booked);
    await node.stop();
    const { codes } = readRegister(userDir);
    ledger.settle(home.mails, codes, booked);
    const marked = countMarked(home.mails);
    return { kills: counts, mails: home.mails.length, marked, codes: codes.length, faults: ledger.faults };
  } finally {
    await home.close();
  }
}

interface OneKill {
  readonly userDir: string;
  readonly random: Random;
  readonly during: 'poll' | 'issue' | 'send';
  readonly flows?: readonly object[];
  readonly credentials?: Record<string, Record<string, string>>;
}

/** Starts Node-RED and kills it a few milliseconds after a moment of the kind, or before, for the world goes on meanwhile. */
async function killOnce(home: MailHome, { random, during, ...options }: OneKill): Promise<void> {
  const moment = random.pick(WHEN[during]);
  const delayMs = random.whole(0, during === 'send' ? 30 : 80);
  const slowMs = random.whole(0, 60);
  const come = new Promise<void>((resolve) => {
    home.onMoment = async (now) => {
      if (now === moment) resolve();
      // The other side takes its time, so that Node-RED is caught waiting as well.
      await pause(slowMs);
    };
  });
  const node = await startNodeRed(options);
  await Promise.race([come.then(() => pause(delayMs)), pause(PATIENCE_MS)]);
  await node.stop('SIGKILL');
}

function bookingsAt(round: number): SampleEntry[] {
  return Array.from({ length: round + 1 }, (_, number) => {
    const from = 10 + number * STEP_DAYS;
    const age = round - number;
    const isOff = number % 7 === 3 && age >= OFF_AFTER;
    return {
      ...{ uid: `stay-${number}`, from, to: from + (age >= LONGER_AFTER ? 3 : 2) },
      ...(isOff && { status: 'CANCELLED' }),
    };
  });
}

function bookedIn(entries: readonly SampleEntry[]): Booked[] {
  return entries.map(({ from, to, status }) => ({
    ...{ startsAtMs: instant(from, 15), endsAtMs: instant(to, 11) },
    cancelled: status === 'CANCELLED',
  }));
}

function readRegister(userDir: string): { codes: AccessCode[]; messages: OutboxMessage[] } {
  const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
  const records = { codes: [...store.readUnit(UNIT_ID).codes], messages: store.outbox.readUnit(UNIT_ID) };
  store.close();
  return records;
}

/** Resolves once there is a message about every stay that is on, and none waits any more. */
async function untilAtRest(userDir: string, booked: readonly Booked[]): Promise<void> {
  for (let look = 0; ; look++) {
    const { messages } = readRegister(userDir);
    const waits = messages.filter(({ state }) => state === 'queued' || state === 'sending');
    const starts = new Set(messages.map(({ stay }) => stay.startsAtMs));
    const without = booked.filter(({ startsAtMs, cancelled }) => !cancelled && !starts.has(startsAtMs));
    if (waits.length + without.length === 0) return;
    if (look > 1200) throw new Error(`${waits.length} messages wait, ${without.length} stays have none`);
    await pause(100);
  }
}
