/**
 * Where a code stands: `created → setting → set → verified → expired`, or `revoked`. It follows from what happened, so nothing
 * stores it. As happenings only add up it never goes back, but for a booking that is changed back to a withdrawn code.
 * @module
 */
import type { IssuedCode } from './issued-code.ts';
import type { OutboxMessage } from './outbox.ts';

/**
 * `created`: in the register only. `setting`: its message or its lock is yet to be told. `set`: guest and lock can do with it.
 * `verified`: it has opened a door. `expired`: its window is over. `revoked`: withdrawn before that.
 */
export type Lifecycle = 'created' | 'setting' | 'set' | 'verified' | 'expired' | 'revoked';

/** What happened to a code, in milliseconds since 1970 UTC; `null` for what has not. */
export interface CodeFacts {
  readonly code: IssuedCode;
  /** The outbox's messages about this code, oldest first; none where the host shows it himself. */
  readonly messages: readonly OutboxMessage[];
  /** For a lock that keeps a list of codes; `null` for one that needs to be told nothing. */
  readonly lock: LockList | null;
  /** When the first use of the code was seen. */
  readonly verifiedAtMs: number | null;
  /** When it was known dead at every lock: revoked there, or typed over. */
  readonly deadAtMs: number | null;
}

/** What the host knows of a code in a lock's own list. */
export interface LockList {
  readonly toldAtMs: number | null;
  readonly failure: { readonly message: string; readonly atMs: number } | null;
}

/** A code's state at a time; it is never stored. */
export function lifecycleOf(facts: CodeFacts, nowMs: number): Lifecycle {
  const { code, messages, lock, verifiedAtMs } = facts;
  if (code.withdrawnAtMs !== null && code.withdrawnAtMs < code.endsAtMs) return 'revoked';
  if (nowMs >= code.endsAtMs) return 'expired';
  if (verifiedAtMs !== null) return 'verified';
  const isLockReady = lock?.toldAtMs !== null;
  if (isKnown(facts) && isLockReady) return 'set';
  return messages.length > 0 || code.leftAtMs !== null ? 'setting' : 'created';
}

/** Whether a withdrawn code may still open a lock: it left, its window runs, and nobody has seen it dead. */
export function isStillOpen({ code, deadAtMs }: CodeFacts, nowMs: number): boolean {
  const { withdrawnAtMs, leftAtMs, endsAtMs } = code;
  return withdrawnAtMs !== null && leftAtMs !== null && deadAtMs === null && nowMs < endsAtMs;
}

/**
 * Whether its guest has it: a message arrived, or the host showed the code before there was a message. (A claim lets the code
 * leave, too, but its message may never arrive.) A backup waits for nobody.
 */
function isKnown({ code, messages }: CodeFacts): boolean {
  const { leftAtMs, kind } = code;
  if (messages.some(({ sentAtMs }) => sentAtMs !== null)) return true;
  if (messages.length === 0 && kind === 'one-time') return true;
  return leftAtMs !== null && messages.every(({ createdAtMs }) => createdAtMs > leftAtMs);
}
