/**
 * Which accepted code ends which, who is in, and whose leading digits open. Source: spec, rules 2 to 6 and 8.
 * @module
 */
import { collide, type TimeWindow } from '../stay-code/collision.ts';
import { barredCode } from './bars.ts';
import { type CodeId, isStayKind, keyOf, type ReadyLock, sameCode, sameUnit, sameWindow } from './keyring.ts';
import type { AcceptedCode, LockMemory } from './memory.ts';
import { GRACE_MS, isOneTimeWindow, type LockRules, meetsRules } from './rules.ts';

/** The lock's time as a judgement needs it. */
export interface LockNow {
  /** The clock's time, or with the clock lost its best guess L. */
  readonly atMs: number;
  readonly clock: 'running' | 'lost';
  readonly poweredMs: number;
}

/** Why a code that was good is so no more, or `null`. */
export function deathOf(
  memory: LockMemory,
  rules: LockRules,
  code: CodeId,
): 'revoked' | 'superseded' | 'suspended' | null {
  const related = memory.accepted.filter((other) => sameUnit(other, code));
  const bar = barredCode(memory, code);
  const here = related.find((other) => sameCode(other, code)) ?? code;
  if (bar?.by === 'revoke' || related.some((other) => revokes(rules, other, here))) return 'revoked';
  if (related.some((other) => supersedes(other, here))) return 'superseded';
  return bar ? 'suspended' : null;
}

/** When an accepted code ends: with its window, or where a controller put its end. */
export function endOf(code: AcceptedCode): number {
  return code.untilMs ?? code.endsAtMs;
}

/** The window in which a code opens at this lock: its own, or as a controller extended it. */
export function windowHere(memory: LockMemory, code: CodeId): TimeWindow {
  const known = acceptedAs(memory, code);
  return { startsAtMs: code.startsAtMs, endsAtMs: known ? endOf(known) : code.endsAtMs };
}

/** Whether a stay or amendment code ends another the first time it is accepted. */
export function supersedes(newer: CodeId, older: CodeHere): boolean {
  const both = isStayKind(newer.kind) && isStayKind(older.kind) && sameUnit(newer, older);
  return both && newer.revision > older.revision && reaches(newer, older);
}

/** Whether an accepted revocation ends a code of the same unit and key version. */
export function revokes(rules: LockRules, revocation: CodeId, code: CodeHere): boolean {
  if (revocation.kind !== 'revocation') return false;
  if (code.kind === 'one-time') {
    return (
      isOneTimeWindow(revocation) && sameWindow(revocation, code) && revocation.revision === code.revision
    );
  }
  return meetsRules(rules, revocation) && revocation.revision >= code.revision && reaches(revocation, code);
}

/** A code as it stands here: one that was extended has `untilMs`. */
type CodeHere = CodeId & Pick<AcceptedCode, 'untilMs'>;

/** Whether an ending window collides with a code's own, or with what the code was extended to: a later booking ends it there, too. */
function reaches(ending: TimeWindow, { startsAtMs, endsAtMs, untilMs = endsAtMs }: CodeHere): boolean {
  return collide(ending, { startsAtMs, endsAtMs }) || collide(ending, { startsAtMs, endsAtMs: untilMs });
}

/** Where a code's window stands now: it opens, or why its time does not let it. */
export function timeOf(
  rules: LockRules,
  code: TimeWindow,
  now: LockNow,
  enrolled: boolean,
): 'open' | 'clock-lost' | 'early' | 'expired' {
  if (now.clock === 'lost') {
    const earliest = rules.clockLost === 'grace' ? now.atMs + GRACE_MS : enrolled ? now.atMs : -Infinity;
    return code.startsAtMs <= earliest && now.atMs < code.endsAtMs ? 'open' : 'clock-lost';
  }
  const skewMs = rules.skewMinutes * 60_000;
  if (now.atMs < code.startsAtMs - skewMs) return 'early';
  return now.atMs < code.endsAtMs + skewMs ? 'open' : 'expired';
}

/** The enrolled stay and amendment codes that would open now with their twelve digits. */
export function liveAuthorizations(lock: ReadyLock, memory: LockMemory, now: LockNow): AcceptedCode[] {
  return memory.accepted.filter(
    (code) =>
      isStayKind(code.kind) &&
      keyOf(lock, code) !== undefined &&
      // Its time first: few are open at once, and whether one is dead is asked of all the others.
      timeOf(lock.rules, { startsAtMs: code.startsAtMs, endsAtMs: endOf(code) }, now, true) === 'open' &&
      meetsRules(lock.rules, code) &&
      deathOf(memory, lock.rules, code) === null,
  );
}

/** The live authorization that a short entry is a PIN of. A PIN never opens before the stay's start while the clock is lost. */
export function findByPin(
  lock: ReadyLock,
  memory: LockMemory,
  now: LockNow,
  entry: string,
): AcceptedCode | undefined {
  if (entry.length !== lock.rules.pinDigits) return undefined;
  return liveAuthorizations(lock, memory, now).find(
    (code) => (now.clock === 'running' || code.startsAtMs <= now.atMs) && pinsOf(lock, code).includes(entry),
  );
}

/** What a first acceptance enrols: the codes whose leading digits become PINs, and whether the own one was taken. */
export function enrol(
  lock: ReadyLock,
  memory: LockMemory,
  now: LockNow,
  code: CodeId,
): { pinsOf: readonly CodeId[]; pinTaken?: true } {
  if (lock.rules.pinDigits === 0) return { pinsOf: [] };
  const live = liveAuthorizations(lock, memory, now);
  if (code.kind === 'amendment') {
    const inherited = live.filter((other) => supersedes(code, other)).flatMap((other) => other.pinsOf);
    if (inherited.length > 0) return { pinsOf: inherited };
  }
  const own = pinOf(lock, code);
  const staying = live.filter((other) => !supersedes(code, other));
  const taken = staying.some((other) => own !== undefined && pinsOf(lock, other).includes(own));
  return taken ? { pinsOf: [], pinTaken: true } : { pinsOf: [code] };
}

/** The accepted record of a code, if this lock has one. */
export function acceptedAs(memory: LockMemory, code: CodeId): AcceptedCode | undefined {
  return memory.accepted.find((known) => sameCode(known, code));
}

function pinsOf(lock: ReadyLock, code: AcceptedCode): string[] {
  return code.pinsOf.map((source) => pinOf(lock, source)).filter((pin) => pin !== undefined);
}

function pinOf(lock: ReadyLock, code: CodeId): string | undefined {
  return keyOf(lock, code)?.write(code).slice(0, lock.rules.pinDigits);
}
