/**
 * When a lock believes a clock code. Source: spec, rule 8.
 * @module
 */
import type { LockNow } from './authorizations.ts';
import type { EntryRecord, LockMemory } from './memory.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FORWARD_MS = 12 * 60 * MINUTE_MS;
const BACK_MS = 30 * MINUTE_MS;
/** After a battery change: as far ahead as one code is believed, and as two are. */
const ALONE_AHEAD_MS = 31 * DAY_MS;
const CONFIRMED_AHEAD_MS = 400 * DAY_MS;
const CONFIRM_FROM_MS = MINUTE_MS;
const CONFIRM_TO_MS = 10 * MINUTE_MS;

type ClockJudgement = Pick<EntryRecord, 'outcome' | 'reason' | 'clockMs'>;

/** Judges a clock code for the minute `codeMs`; one that is remembered for confirmation is refused with its time. */
export function judgeClockCode(memory: LockMemory, now: LockNow, codeMs: number): ClockJudgement {
  const taken: ClockJudgement = { outcome: 'done', reason: 'clock', clockMs: codeMs };
  const refused: ClockJudgement = { outcome: 'refused', reason: 'clock-refused' };
  if (codeMs <= memory.lastClockCodeMs) return refused;
  if (now.clock === 'running') {
    const moveMs = codeMs - now.atMs;
    const ok = moveMs <= FORWARD_MS && moveMs >= -BACK_MS && codeMs >= memory.lastAcceptedAtMs;
    return ok ? taken : refused;
  }
  const aheadMs = codeMs - memory.storedAtMs;
  if (aheadMs < 0 || aheadMs > CONFIRMED_AHEAD_MS) return refused;
  if (aheadMs <= ALONE_AHEAD_MS || confirms(memory.pendingClockMs, codeMs)) return taken;
  return { ...refused, clockMs: codeMs };
}

function confirms(pendingMs: number | null, codeMs: number): boolean {
  if (pendingMs === null) return false;
  const laterMs = codeMs - pendingMs;
  return laterMs >= CONFIRM_FROM_MS && laterMs <= CONFIRM_TO_MS;
}
