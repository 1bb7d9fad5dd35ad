/**
 * What is wrong with a code, in Seam's style: an error needs the host, a warning tells of a delay. Codes of Seam's where they
 * mean the same; `failed_to_tell_guest` is ours.
 * @module
 */
import { formatInstant } from '../instant.ts';
import { groupDigits } from '../stay-code/stay-code.ts';
import { type CodeFacts, isStillOpen, lifecycleOf } from './lifecycle.ts';

export interface SeamError {
  readonly error_code: 'failed_to_set_on_device' | 'failed_to_remove_from_device' | 'failed_to_tell_guest';
  readonly message: string;
  readonly is_access_code_error: true;
  readonly created_at: string;
}

export interface SeamWarning {
  readonly warning_code: 'delay_in_setting_on_device' | 'delay_in_removing_from_device';
  readonly message: string;
  readonly created_at: string;
}

export interface Problems {
  readonly errors: readonly SeamError[];
  readonly warnings: readonly SeamWarning[];
}

export interface ProblemOptions {
  readonly nowMs: number;
  /** The revocation's twelve digits, or `null` unless the reader may have them. */
  readonly revocationDigits: string | null;
}

/** The errors and warnings of a code; none once its window is over. */
export function listProblems(facts: CodeFacts, options: ProblemOptions): Problems {
  const { code } = facts;
  if (options.nowMs >= code.endsAtMs) return { errors: [], warnings: [] };
  return code.withdrawnAtMs === null ? problemsInForce(facts, options) : problemsWithdrawn(facts, options);
}

function problemsInForce(facts: CodeFacts, { nowMs }: ProblemOptions): Problems {
  const { code, lock, messages } = facts;
  const errors: SeamError[] = [];
  if (lock?.failure) errors.push(error('failed_to_set_on_device', lock.failure.message, lock.failure.atMs));
  const message = messages.at(-1);
  if (message?.state === 'failed') {
    const text = `The guest's message failed ${message.failures} times and is not tried again by itself.`;
    errors.push(error('failed_to_tell_guest', text, message.dueAtMs));
  }
  const isLate = code.startsAtMs <= nowMs && code.kind !== 'one-time' && isUnset(lifecycleOf(facts, nowMs));
  if (!isLate) return { errors, warnings: [] };
  const text = 'The stay has begun, and the guest or the lock has not been told of the code.';
  return { errors, warnings: [warning('delay_in_setting_on_device', text, code.startsAtMs)] };
}

function problemsWithdrawn(facts: CodeFacts, { nowMs, revocationDigits }: ProblemOptions): Problems {
  if (!isStillOpen(facts, nowMs)) return { errors: [], warnings: [] };
  const { code, lock } = facts;
  const withdrawnAtMs = code.withdrawnAtMs ?? nowMs;
  const { failure = null } = lock ?? {};
  // A failure from before was one to set it.
  const hasFailed = failure !== null && failure.atMs >= withdrawnAtMs;
  const errors = hasFailed ? [error('failed_to_remove_from_device', failure.message, failure.atMs)] : [];
  const which =
    revocationDigits === null
      ? 'its revocation code'
      : `this revocation code, ${groupDigits(revocationDigits)},`;
  const until = formatInstant(code.endsAtMs);
  const text = `Still open at the lock until ${until} unless the new code or ${which} is typed.`;
  return { errors, warnings: [warning('delay_in_removing_from_device', text, withdrawnAtMs)] };
}

function isUnset(lifecycle: ReturnType<typeof lifecycleOf>): boolean {
  return lifecycle === 'created' || lifecycle === 'setting';
}

function error(error_code: SeamError['error_code'], message: string, atMs: number): SeamError {
  return { error_code, message, is_access_code_error: true, created_at: formatInstant(atMs) };
}

function warning(warning_code: SeamWarning['warning_code'], message: string, atMs: number): SeamWarning {
  return { warning_code, message, created_at: formatInstant(atMs) };
}
