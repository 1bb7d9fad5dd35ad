/**
 * What an entry is to a lock, for its owner to read: whose stay, how it stands, whether it would open now and if not why.
 * The verdict is the lock's own; nothing is changed and nothing counts as a guess. Source: spec, "Verdicts and scenarios".
 * @module
 */
import { acceptedAs, deathOf, type LockNow, revokes, supersedes, windowHere } from './authorizations.ts';
import { closedFor, opensBetween } from './can-open.ts';
import { decideEntry } from './decide.ts';
import { NO_GUESSES } from './guessing.ts';
import {
  type CodeId,
  isStayKind,
  keyOf,
  type LockConfig,
  type ReadyLock,
  readyLock,
  sameUnit,
} from './keyring.ts';
import type { LockMemory, Outcome, Reason } from './memory.ts';
import { isOneTimeWindow, type LockRules, ruleBroken } from './rules.ts';
import type { TimeWindow } from '../stay-code/collision.ts';

/** What this lock knows of a code: nothing, that it let the guest in, let him in once, took it, or that it is dead. */
export type Standing =
  'never-typed' | 'enrolled' | 'consumed' | 'taken' | 'superseded' | 'revoked' | 'suspended';

/** A code that the lock does not take though its window is near: what the host may have to widen. */
export interface OutsideRules {
  readonly code: CodeId;
  /** The rule that it breaks, or that its key serves only who is in already. */
  readonly why: NonNullable<ReturnType<typeof ruleBroken>> | 'one-time-length' | 'old-key';
}

export interface Explanation {
  readonly opensNow: boolean;
  /** What the lock would answer now, as `decideEntry` does. */
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** What it is, whether it opens or not; `unknown` for what no key, staff secret or PIN of this lock accounts for. */
  readonly is: 'code' | 'pin' | 'staff' | 'clock' | 'unknown';
  /** The code that it is, or whose PIN it is. */
  readonly code: CodeId | null;
  /** To whom the code was issued, by `names`, or the staff's name. */
  readonly name: string | null;
  readonly standing: Standing | null;
  /** The code that ended it. */
  readonly endedBy: CodeId | null;
  /** From when to when it opens by the lock's clock, as things stand; `null` for never, or only after a clock code. */
  readonly opens: TimeWindow | null;
  /** The minute for which a clock code was made. */
  readonly clockCodeMs: number | null;
  /** Milliseconds of powered time until the lock looks at such entries again; 0 where it does now. */
  readonly closedMs: number;
  /** What an unknown entry may be. Nearly all digits read as some window, so only those near now are named. */
  readonly outsideRules: readonly OutsideRules[];
}

const NEAR_MS = 45 * 24 * 3_600_000;

/**
 * Explains one entry of ASCII digits; an empty one is none and gives `null`.
 * @param names to whom a code was issued, where the caller has a register; `null` where nobody is known
 * @throws StaycodeError `bad-entry` for anything but digits; and of `readyLock`
 */
export function explainEntry(
  config: LockConfig,
  memory: LockMemory,
  now: LockNow,
  digits: string,
  names: (code: CodeId) => string | null = () => null,
): Explanation | null {
  const lock = readyLock(config);
  const verdict = decideEntry(lock, memory, now, digits);
  // A closed lock does not look; its owner may.
  const unclosed = { ...memory, guesses: { short: NO_GUESSES, long: NO_GUESSES } };
  const seen = decideEntry(lock, unclosed, now, digits);
  if (verdict === null || seen === null) return null;
  const { outcome, reason, length } = verdict;
  const isPin = length === 'short';
  const code = seen.code ?? (isPin && !seen.staff ? codeOfPin(lock, memory, digits) : null);
  const isClock = seen.reason === 'clock' || seen.reason === 'clock-refused';
  const isUnknown = !code && !seen.staff && !isClock;
  return {
    opensNow: outcome === 'opened',
    outcome,
    reason,
    is: code ? (isPin ? 'pin' : 'code') : seen.staff ? 'staff' : isUnknown ? 'unknown' : 'clock',
    code,
    name: code ? names(code) : (seen.staff?.name ?? null),
    standing: code && standingOf(lock.rules, memory, code),
    endedBy: code && enderOf(lock.rules, memory, code),
    opens: code && whenOpen(lock.rules, memory, now, code, isPin),
    clockCodeMs: isClock ? readClock(lock, digits) : null,
    closedMs: closedFor(memory, length, now),
    outsideRules: isUnknown ? readOutsideRules(lock, now, digits) : [],
  };
}

/** Whose PIN an entry is or was: of the dead and ended too, which the lock itself does not ask. */
function codeOfPin(lock: ReadyLock, memory: LockMemory, entry: string): CodeId | null {
  const { pinDigits } = lock.rules;
  if (entry.length !== pinDigits) return null;
  const accepted = memory.accepted.findLast(({ pinsOf }) =>
    pinsOf.some((source) => keyOf(lock, source)?.write(source).slice(0, pinDigits) === entry),
  );
  if (accepted === undefined) return null;
  const { pinsOf, untilMs, ...code } = accepted;
  return code;
}

function readClock(lock: ReadyLock, digits: string): number | null {
  for (const key of lock.keys) {
    const content = key.read(digits);
    if (key.serves === 'all' && content?.kind === 'clock') return content.atMs;
  }
  return null;
}

function standingOf(rules: LockRules, memory: LockMemory, code: CodeId): Standing {
  const accepted = acceptedAs(memory, code) !== undefined;
  if (code.kind === 'revocation') return accepted ? 'taken' : 'never-typed';
  const death = deathOf(memory, rules, code);
  if (death !== null || !accepted) return death ?? 'never-typed';
  return code.kind === 'one-time' ? 'consumed' : 'enrolled';
}

function enderOf(rules: LockRules, memory: LockMemory, code: CodeId): CodeId | null {
  if (code.kind === 'revocation') return null;
  const related = memory.accepted.filter((other) => sameUnit(other, code));
  const here = acceptedAs(memory, code) ?? code;
  const ender =
    related.find((other) => revokes(rules, other, here)) ?? related.find((other) => supersedes(other, here));
  if (ender === undefined) return null;
  const { pinsOf, untilMs, ...id } = ender;
  return id;
}

function whenOpen(
  rules: LockRules,
  memory: LockMemory,
  now: LockNow,
  code: CodeId,
  isPin: boolean,
): TimeWindow | null {
  const standing = standingOf(rules, memory, code);
  if (code.kind === 'revocation' || (standing !== 'never-typed' && standing !== 'enrolled')) return null;
  const window = opensBetween(rules, windowHere(memory, code), now.clock, standing === 'enrolled');
  // Grace is for twelve digits alone.
  if (window === null || !isPin || now.clock === 'running') return window;
  return { ...window, startsAtMs: Math.max(window.startsAtMs, code.startsAtMs) };
}

function readOutsideRules(lock: ReadyLock, now: LockNow, digits: string): OutsideRules[] {
  return lock.keys.flatMap((key) => {
    const content = key.read(digits);
    if (content === null || content.kind === 'clock') return [];
    const code = { unitId: key.unitId, keyVersion: key.keyVersion, ...content };
    if (now.atMs < code.startsAtMs - NEAR_MS || now.atMs > code.endsAtMs + NEAR_MS) return [];
    const why = whyNotTaken(lock.rules, code);
    if (why !== null) return [{ code, why }];
    return key.serves === 'enrolled' ? [{ code, why: 'old-key' as const }] : [];
  });
}

function whyNotTaken(rules: LockRules, code: CodeId): OutsideRules['why'] | null {
  const isShort = isOneTimeWindow(code);
  if (code.kind === 'one-time') return isShort ? null : 'one-time-length';
  return !isStayKind(code.kind) && isShort ? null : ruleBroken(rules, code);
}
