/**
 * What a controller can have a lock do, and which of it the lock can do now. Authenticity is the protocol's part.
 * @module
 */
import { SLOT_MS } from '../stay-code/payload.ts';
import { acceptedAs, deathOf } from './authorizations.ts';
import { barredCode } from './bars.ts';
import { type CodeId, isStayKind, type ReadyLock } from './keyring.ts';
import { type LockMemory, MAX_ACCEPTED } from './memory.ts';

export type Act =
  | { readonly name: 'lock' }
  | { readonly name: 'unlock' }
  /** Ends this very code, typed before or not; or stops it until `resume`. */
  | { readonly name: 'revoke' | 'suspend' | 'resume'; readonly code: CodeId }
  /** An authorization that is enrolled here opens until `untilMs`, with the same digits and PIN; its own end takes that back. */
  | { readonly name: 'extend'; readonly code: CodeId; readonly untilMs: number }
  /** Any time, unlike a clock code's: also for a clock that is faster than a code can mend. */
  | { readonly name: 'set-clock'; readonly atMs: number }
  /** Wrong entries so far count no more. */
  | { readonly name: 'clear-guesses' }
  | KeyRaise
  | { readonly name: 'roster'; readonly known: readonly string[] };

/** From now on `keyVersion` serves the unit; older ones only what is enrolled, after an emergency nothing. */
export interface KeyRaise {
  readonly name: 'raise-key';
  readonly unitId: string;
  readonly keyVersion: number;
  readonly emergency: boolean;
  /** The unit key, sealed under the controller's command key (`sealTo`): so it may stand in the journal. */
  readonly sealedKey: string;
}

/** Acts that change the lock's memory; the others move the bolt. */
export type MemoryAct = Exclude<Act, { readonly name: 'lock' | 'unlock' }>;

/** Why a lock cannot do what an authentic command says. */
export type ActRefusal = 'unknown-code' | 'unknown-unit' | 'out-of-range' | 'store-full';

/** As far as one code's window reaches: no extension goes beyond. */
const MAX_STAY_MS = 17_568 * SLOT_MS;
/** What a clock can be set to: the codes' own span of time. */
const CLOCK_FROM_MS = Date.UTC(2025, 0, 1);
const CLOCK_TO_MS = Date.UTC(2125, 0, 1);

/** Why an act cannot be done now, or `null` where it can. Whether a raised key can be unsealed is the caller's to see. */
export function judgeAct(lock: ReadyLock, memory: LockMemory, act: MemoryAct): ActRefusal | null {
  switch (act.name) {
    case 'revoke':
    case 'suspend':
      return mayBar(memory, act.code);
    case 'resume':
      return barredCode(memory, act.code)?.by === 'suspend' ? null : 'unknown-code';
    case 'extend':
      return mayExtend(lock, memory, act.code, act.untilMs);
    case 'set-clock':
      return act.atMs >= CLOCK_FROM_MS && act.atMs < CLOCK_TO_MS ? null : 'out-of-range';
    case 'raise-key':
      return mayRaise(lock, act);
    case 'clear-guesses':
    case 'roster':
      return null;
  }
}

function mayBar(memory: LockMemory, code: CodeId): ActRefusal | null {
  const lengthMs = code.endsAtMs - code.startsAtMs;
  if (lengthMs <= 0 || lengthMs > MAX_STAY_MS) return 'out-of-range';
  const full = memory.barred.length >= MAX_ACCEPTED && barredCode(memory, code) === undefined;
  return full ? 'store-full' : null;
}

function mayExtend(lock: ReadyLock, memory: LockMemory, code: CodeId, untilMs: number): ActRefusal | null {
  const known = acceptedAs(memory, code);
  const death = known === undefined ? null : deathOf(memory, lock.rules, code);
  if (!known || !isStayKind(code.kind) || (death !== null && death !== 'suspended')) return 'unknown-code';
  return untilMs >= code.endsAtMs && untilMs <= code.startsAtMs + MAX_STAY_MS ? null : 'out-of-range';
}

function mayRaise(lock: ReadyLock, { unitId, keyVersion }: KeyRaise): ActRefusal | null {
  const versions = lock.keys.filter((key) => key.unitId === unitId).map((key) => key.keyVersion);
  if (versions.length === 0) return 'unknown-unit';
  return keyVersion > Math.max(...versions) ? null : 'out-of-range';
}
