/**
 * What the host tells of its codes: to a lock all that it could have seen, for the roster; to a controller that may show them
 * those of these days.
 * @module
 */
import { type IssuedCode, isInForce } from '../access-codes/issued-code.ts';
import type { CodeId } from '../lock/keyring.ts';
import type { LockRules } from '../lock/rules.ts';
import { SLOT_MS } from '../stay-code/payload.ts';
import { MAX_ROSTER } from './commands.ts';

const DAY_MS = 86_400_000;

/** All that the lock may remember, withdrawn ones too; where there are more than a roster holds, those that begin last are left out. */
export function codesForRoster(
  codes: readonly IssuedCode[],
  { maxSlots }: Pick<LockRules, 'maxSlots'>,
  nowMs: number,
): CodeId[] {
  return codes
    .filter(({ endsAtMs }) => nowMs < endsAtMs + maxSlots * SLOT_MS + 2 * DAY_MS)
    .sort((a, b) => a.startsAtMs - b.startsAtMs)
    .slice(0, MAX_ROSTER)
    .map(toCodeId);
}

/** Those in force that end later and begin before the day after tomorrow; of one-time codes those that someone was given. */
export function codesToShow(codes: readonly IssuedCode[], nowMs: number): IssuedCode[] {
  return codes
    .filter((code) => isInForce(code) && (code.kind !== 'one-time' || code.leftAtMs !== null))
    .filter(({ startsAtMs, endsAtMs }) => nowMs < endsAtMs && startsAtMs < nowMs + 2 * DAY_MS)
    .sort((a, b) => a.startsAtMs - b.startsAtMs);
}

/** The code's name among locks and controllers, of which the register knows more. */
export function toCodeId({ unitId, keyVersion, kind, revision, startsAtMs, endsAtMs }: IssuedCode): CodeId {
  return { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs };
}
