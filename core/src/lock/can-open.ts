/**
 * Everything that can open a door at one moment, for its owner to read: with offline codes nothing else knows it.
 * What the lock decides by is asked, nothing is decided anew. Source: spec, "What a lock does with an entry".
 * @module
 */
import { endOf, type LockNow, liveAuthorizations, windowHere } from './authorizations.ts';
import { ENROLLED_TRY_MS, type EntryLength } from './guessing.ts';
import { type CodeId, keyOf, type LockConfig, type ReadyLock, readyLock } from './keyring.ts';
import { type AcceptedCode, type LockMemory, MAX_ACCEPTED } from './memory.ts';
import { type LockOdds, odds } from './odds.ts';
import { GRACE_MS, type LockRules, meetsRules } from './rules.ts';
import type { StaffSecret } from './staff.ts';
import type { TimeWindow } from '../stay-code/collision.ts';

/** A stay or amendment code that was accepted here and opens now, by its twelve digits, by a PIN, or both. */
export interface OpenAuthorization {
  readonly code: CodeId;
  readonly digits: boolean;
  /** How many PINs open for it: its own or those that an amendment took over. */
  readonly pins: number;
  /** It opens before this time of the lock's clock, skew included. */
  readonly untilMs: number;
}

/** Codes that this lock has not seen: those of its keys that meet its rules, unless they are dead. */
export type Unseen =
  | {
      readonly open: true;
      readonly units: readonly Pick<CodeId, 'unitId' | 'keyVersion'>[];
      /** Any code opens whose window, in the rules, starts at or before the one and ends after the other. */
      readonly startsByMs: number;
      readonly endsAfterMs: number;
    }
  | { readonly open: false; readonly why: 'closed' | 'clock-lost' | 'store-full' };

export interface CanOpen {
  readonly authorizations: readonly OpenAuthorization[];
  readonly staff: readonly Pick<StaffSecret, 'name' | 'type'>[];
  readonly unseen: Unseen;
  /** Whose signed commands were taken here; whoever holds a command key of this lock can unlock it as well. */
  readonly controllers: readonly string[];
  /** Milliseconds of powered time for which entries of a length are refused unexamined; 0 while they are not. */
  readonly closedMs: Readonly<Record<EntryLength, number>>;
  /** PINs that a guesser may hit once short entries are looked at: with them `oddsOfLock` states the odds. */
  readonly livePins: number;
}

/** What can open a lock now. Changes and counts nothing. @throws StaycodeError of `readyLock` */
export function whatCanOpen(config: LockConfig, memory: LockMemory, now: LockNow): CanOpen {
  const lock = readyLock(config);
  const closedMs = { short: closedFor(memory, 'short', now), long: closedFor(memory, 'long', now) };
  const live = liveAuthorizations(lock, memory, now).map((code) => ({
    code,
    pins: closedMs.short > 0 ? 0 : pinsOf(lock, code, now),
    digits: closedMs.long > 0 ? mayTryWhileClosed(memory, now) : meetsRules(lock.rules, code),
    untilMs: opensBetween(lock.rules, windowHere(memory, code), now.clock, true)?.endsAtMs ?? endOf(code),
  }));
  const staff = lock.staff.filter(({ type }) => type === 'hotp' || now.clock === 'running');
  return {
    authorizations: live.filter(({ digits, pins }) => digits || pins > 0),
    staff: closedMs.short > 0 ? [] : staff.map(({ name, type }) => ({ name, type })),
    unseen: whatUnseen(lock, memory, now, closedMs.long > 0),
    controllers: Object.keys(memory.counters),
    closedMs,
    livePins: live.reduce((sum, { code }) => sum + pinsOf(lock, code, now), 0),
  };
}

/**
 * Between which times of the lock's clock a code opens as long as nothing ends it and the clock stays running or lost;
 * `null` for one that waits for a clock code. Source: spec, rules 1 and 8.
 */
export function opensBetween(
  rules: LockRules,
  code: TimeWindow,
  clock: LockNow['clock'],
  enrolled: boolean,
): TimeWindow | null {
  const { startsAtMs, endsAtMs } = code;
  if (clock === 'lost') {
    if (rules.clockLost === 'grace') return { startsAtMs: startsAtMs - GRACE_MS, endsAtMs };
    return enrolled ? { startsAtMs, endsAtMs } : null;
  }
  const skewMs = rules.skewMinutes * 60_000;
  return { startsAtMs: startsAtMs - skewMs, endsAtMs: endsAtMs + skewMs };
}

/** Powered milliseconds until entries of a length are looked at again, 0 where they are now. */
export function closedFor(memory: LockMemory, length: EntryLength, now: LockNow): number {
  const { closedAtPoweredMs, waitMs } = memory.guesses[length];
  return Math.max(0, closedAtPoweredMs + waitMs - now.poweredMs);
}

/**
 * The odds of a lock with so many PINs in use. Mixed alphabets count as the smaller
 * one, so the figure is never too good.
 */
export function oddsOfLock(config: LockConfig, livePins: number): LockOdds {
  const { rules, staff } = config;
  const units = config.units.filter(({ serves = 'all' }) => serves === 'all').length;
  const alphabet = config.units.some((unit) => unit.alphabet === 'no-zero') ? 'no-zero' : 'decimal';
  return odds({ rules, alphabet, units, livePins, staff });
}

/** With the clock lost a PIN never opens before its stay starts, grace or not. */
function pinsOf(lock: ReadyLock, code: AcceptedCode, now: LockNow): number {
  if (lock.rules.pinDigits === 0 || (now.clock === 'lost' && code.startsAtMs > now.atMs)) return 0;
  return code.pinsOf.filter((source) => keyOf(lock, source) !== undefined).length;
}

function mayTryWhileClosed(memory: LockMemory, now: LockNow): boolean {
  const last = memory.lastClosedTryPoweredMs;
  return last === null || now.poweredMs - last >= ENROLLED_TRY_MS;
}

function whatUnseen(lock: ReadyLock, memory: LockMemory, now: LockNow, closed: boolean): Unseen {
  if (closed) return { open: false, why: 'closed' };
  if (memory.accepted.length >= MAX_ACCEPTED) return { open: false, why: 'store-full' };
  // Which windows hold this moment is the mirror of when the window of this moment opens.
  const here = { startsAtMs: now.atMs, endsAtMs: now.atMs };
  const mirror = opensBetween(lock.rules, here, now.clock, false);
  if (mirror === null) return { open: false, why: 'clock-lost' };
  const units = lock.keys
    .filter(({ serves }) => serves === 'all')
    .map(({ unitId, keyVersion }) => ({ unitId, keyVersion }));
  const startsByMs = now.atMs + (now.atMs - mirror.startsAtMs);
  const endsAfterMs = now.atMs - (mirror.endsAtMs - now.atMs);
  return { open: true, units, startsByMs, endsAfterMs };
}
