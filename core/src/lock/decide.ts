/**
 * What a lock does with an entry: memory, entry and time in, a record out that says the verdict and all that it changes.
 * The caller makes the record durable, folds it into memory (`remember`), and only then moves the bolt. Source: spec, "What a
 * lock does with an entry" and "Verdicts".
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { CODE_DIGITS } from '../stay-code/alphabet.ts';
import { acceptedAs, deathOf, enrol, findByPin, type LockNow, timeOf, windowHere } from './authorizations.ts';
import { judgeClockCode } from './clock.ts';
import { ENROLLED_TRY_MS, type EntryLength, isClosed } from './guessing.ts';
import { type CodeId, isStayKind, type ReadyKey, type ReadyLock } from './keyring.ts';
import { type EntryRecord, type LockMemory, MAX_ACCEPTED, type Outcome, type Reason } from './memory.ts';
import { isOneTimeWindow, meetsRules, takesRevocation } from './rules.ts';
import { matchStaff } from './staff.ts';

type Judgement = Pick<
  EntryRecord,
  'outcome' | 'reason' | 'code' | 'pinsOf' | 'pinTaken' | 'staff' | 'clockMs'
>;

/**
 * Judges one entry of ASCII digits; an empty one is none and gives `null`.
 * @param firstHalfPoweredMs where its first half was an entry before (`EntryGroups`): when that was counted, else `null`
 * @throws StaycodeError `bad-entry` for anything but digits: a keypad sends no others
 */
export function decideEntry(
  lock: ReadyLock,
  memory: LockMemory,
  now: LockNow,
  digits: string,
  firstHalfPoweredMs: number | null = null,
): EntryRecord | null {
  if (digits === '') return null;
  if (!/^[0-9]+$/u.test(digits)) throw new StaycodeError('bad-entry', 'entry: expected ASCII digits only');
  const length: EntryLength = digits.length === CODE_DIGITS ? 'long' : 'short';
  const judge = judgeOf(length, isClosed(memory.guesses[length], now.poweredMs));
  const { atMs, clock, poweredMs } = now;
  const judgement = judge(lock, memory, now, digits);
  const givesBack = firstHalfPoweredMs !== null && judgement.outcome !== 'refused';
  return {
    type: 'entry',
    atMs,
    clock,
    poweredMs,
    length,
    ...judgement,
    ...(givesBack && { firstHalfPoweredMs }),
  };
}

/** The lock's time now: its clock's, or L, which counts powered time from the time last stored. */
export function lockNow(memory: LockMemory, time: { clockMs: number; poweredMs: number }): LockNow {
  const { poweredMs } = time;
  if (memory.clock === 'running') return { atMs: time.clockMs, clock: 'running', poweredMs };
  return { atMs: memory.storedAtMs + (poweredMs - memory.storedPoweredMs), clock: 'lost', poweredMs };
}

function judgeOf(length: EntryLength, closed: boolean): typeof judgeLong {
  if (closed) return length === 'long' ? judgeWhileClosed : () => refused('closed');
  return length === 'long' ? judgeLong : judgeShort;
}

function judgeShort(lock: ReadyLock, memory: LockMemory, now: LockNow, digits: string): Judgement {
  const guest = findByPin(lock, memory, now, digits);
  if (guest) return { outcome: 'opened', reason: 'pin', code: idOf(guest) };
  const clockMs = now.clock === 'running' ? now.atMs : null;
  const lastOf = (name: string): number =>
    Object.hasOwn(memory.staffLast, name) ? (memory.staffLast[name] ?? -1) : -1;
  const match = matchStaff(lock.staff, digits, clockMs, lastOf);
  if (match.result === 'none') return refused('unknown');
  const outcome = match.result === 'accepted' ? 'opened' : 'refused';
  return { outcome, reason: match.result === 'accepted' ? 'staff' : 'replayed', staff: match.use };
}

/** The first acceptance wins; else the first key that reads a payload within the rules says why not. */
function judgeLong(lock: ReadyLock, memory: LockMemory, now: LockNow, digits: string): Judgement {
  const judgements = lock.keys
    .map((key) => judgeUnderKey(lock, memory, now, key, digits))
    .filter((judgement) => judgement !== null);
  return judgements.find(({ outcome }) => outcome !== 'refused') ?? judgements[0] ?? refused('unknown');
}

/** A prankster's wrong entries must not shut out who is in already: an enrolled code has one try in ten seconds. */
function judgeWhileClosed(lock: ReadyLock, memory: LockMemory, now: LockNow, digits: string): Judgement {
  const last = memory.lastClosedTryPoweredMs;
  if (last !== null && now.poweredMs - last < ENROLLED_TRY_MS) return refused('closed');
  for (const key of lock.keys) {
    const content = key.read(digits);
    if (content === null || content.kind === 'clock' || !isStayKind(content.kind)) continue;
    if (!acceptedAs(memory, idFrom(key, content))) continue;
    const judgement = judgeUnderKey(lock, memory, now, key, digits);
    if (judgement?.outcome === 'opened') return judgement;
  }
  return refused('closed');
}

function judgeUnderKey(
  lock: ReadyLock,
  memory: LockMemory,
  now: LockNow,
  key: ReadyKey,
  digits: string,
): Judgement | null {
  const content = key.read(digits);
  if (content === null) return null;
  if (key.serves === 'enrolled' && !(content.kind !== 'clock' && acceptedAs(memory, idFrom(key, content))))
    return null;
  if (content.kind === 'clock') return judgeClockCode(memory, now, content.atMs);
  const code = idFrom(key, content);
  const { rules } = lock;
  if (code.kind === 'revocation') {
    return meetsRules(rules, code) || isOneTimeWindow(code) ? judgeRevocation(memory, now, code) : null;
  }
  const fits = code.kind === 'one-time' ? isOneTimeWindow(code) : meetsRules(rules, code);
  return fits ? judgeWindow(lock, memory, now, code) : null;
}

function judgeWindow(lock: ReadyLock, memory: LockMemory, now: LockNow, code: CodeId): Judgement {
  const accepted = acceptedAs(memory, code);
  const death = deathOf(memory, lock.rules, code);
  if (death !== null) return { ...refused(death), code };
  if (accepted && code.kind === 'one-time') return { ...refused('consumed'), code };
  const time = timeOf(lock.rules, windowHere(memory, code), now, accepted !== undefined);
  if (time !== 'open') return { ...refused(time), code };
  const opened: Judgement = { outcome: 'opened', reason: code.kind, code };
  if (accepted) return opened;
  if (isFull(memory)) return { ...refused('store-full'), code };
  return code.kind === 'one-time' ? opened : { ...opened, ...enrol(lock, memory, now, code) };
}

function judgeRevocation(memory: LockMemory, now: LockNow, code: CodeId): Judgement {
  if (!takesRevocation(code, now.atMs)) return { ...refused('revocation-refused'), code };
  if (isFull(memory) && !acceptedAs(memory, code)) return { ...refused('store-full'), code };
  return { outcome: 'done', reason: 'revocation', code };
}

function isFull(memory: LockMemory): boolean {
  return memory.accepted.length >= MAX_ACCEPTED;
}

function refused(reason: Reason): { outcome: Outcome; reason: Reason } {
  return { outcome: 'refused', reason };
}

function idFrom(key: ReadyKey, content: Omit<CodeId, 'unitId' | 'keyVersion'>): CodeId {
  const { kind, revision, startsAtMs, endsAtMs } = content;
  return { unitId: key.unitId, keyVersion: key.keyVersion, kind, revision, startsAtMs, endsAtMs };
}

function idOf(code: CodeId): CodeId {
  const { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs } = code;
  return { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs };
}
