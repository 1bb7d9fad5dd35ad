/**
 * The revocation codes to type at a lock: of every withdrawn code that would still open there. A new or wiped lock has
 * forgotten who is dead and what was used up, so there they are typed again. Source: spec, rule 5 and "What the issuer does".
 * @module
 */
import { takesRevocation } from '../lock/rules.ts';
import type { Alphabet } from '../stay-code/alphabet.ts';
import { collide } from '../stay-code/collision.ts';
import type { WindowContent } from '../stay-code/payload.ts';
import type { AccessCode } from './access-code.ts';
import type { BackupCode } from './backup-codes.ts';
import { type IssuedCode, isInForce } from './issued-code.ts';

/** A revocation code without its digits: `issueCode` with the unit's code key gives them. */
export interface Revocation extends WindowContent {
  readonly kind: 'revocation';
  readonly unitId: string;
  readonly keyVersion: number;
  readonly alphabet: Alphabet;
  /** The id of the code that it ends. */
  readonly ends: string;
  /** Ids of codes in force that it would end as well: to be typed only if the host means it. */
  readonly alsoEnds: readonly string[];
}

export interface RevocationRequest {
  /** Every code of the unit that the register holds, one-time codes too. */
  readonly codes: readonly IssuedCode[];
  readonly nowMs: number;
  /** Ids of codes known to be dead at this lock: revoked there, or typed over. A new lock knows none. */
  readonly deadThere?: ReadonlySet<string>;
  /** Whether the lock was replaced or wiped: used one-time codes open there again, so these are listed too. */
  readonly lockIsNew?: boolean;
}

/** The revocations that the unit's lock takes now and that end something, the one that expires first in front. */
export function listRevocations(request: RevocationRequest): Revocation[] {
  const { codes, nowMs, deadThere, lockIsNew = false } = request;
  return codes
    .filter((code) => takesRevocation(code, nowMs))
    .filter((code) =>
      isInForce(code) ? lockIsNew && mayBeUsedUp(code) : lockIsNew || !deadThere?.has(code.id),
    )
    .map((code) => revocationOf(code, codes))
    .sort((a, b) => a.endsAtMs - b.endsAtMs);
}

/**
 * The withdrawn codes that a lock should be told to end: those that may still open there. One that the stay's new code ends when it is typed
 * is left alone: till then it is what the guest has.
 * @param deadThere ids of codes known to be dead at this lock
 */
export function listRevokes(
  codes: readonly (AccessCode | BackupCode)[],
  { nowMs, deadThere }: { readonly nowMs: number; readonly deadThere: ReadonlySet<string> },
): (AccessCode | BackupCode)[] {
  const stays = codes.filter((code) => code.kind !== 'one-time');
  return codes.filter((code) => {
    if (isInForce(code) || code.leftAtMs === null || code.endsAtMs <= nowMs || deadThere.has(code.id))
      return false;
    return code.kind === 'one-time' || !stays.some((other) => isSuccessor(other, code));
  });
}

/** The revocation of a code: it carries that code's window and revision. `codes` are the others of its unit. */
export function revocationOf(code: IssuedCode, codes: readonly IssuedCode[]): Revocation {
  const { id, unitId, keyVersion, alphabet, revision, startsAtMs, endsAtMs } = code;
  const alsoEnds = codes
    .filter((other) => isInForce(other) && isEndedWith(other, code))
    .map((other) => other.id);
  return {
    ...{ kind: 'revocation', unitId, keyVersion, alphabet, revision, startsAtMs, endsAtMs },
    ...{ ends: id, alsoEnds },
  };
}

/** Under a new key as well: till the lock has that key, and the guest the new digits, the old ones are what lets him in. */
function isSuccessor(other: AccessCode, code: AccessCode): boolean {
  return isInForce(other) && other.reservationId === code.reservationId && collide(other, code);
}

function mayBeUsedUp(code: IssuedCode): boolean {
  return code.kind === 'one-time' && code.leftAtMs !== null;
}

function isEndedWith(other: IssuedCode, code: IssuedCode): boolean {
  const sameKey = other.unitId === code.unitId && other.keyVersion === code.keyVersion;
  // A one-time code ends only with the revocation of its very window and serial, which is its own.
  if (other.id === code.id || !sameKey || other.kind === 'one-time' || code.kind === 'one-time') return false;
  return other.revision <= code.revision && collide(other, code);
}
