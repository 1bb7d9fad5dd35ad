/**
 * Which codes an entry of a lock's log says are dead at that lock: told by a controller, typed over, or revoked at the keypad. In
 * doubt none: a host who is told that a code is dead looks after it no more. Source: spec, rules 3 to 5.
 * @module
 */
import { supersedes } from '../lock/authorizations.ts';
import { type CodeId, sameCode, sameUnit, sameWindow } from '../lock/keyring.ts';
import { isOneTimeWindow } from '../lock/rules.ts';
import type { LogEntry } from '../log/entry.ts';
import { collide } from '../stay-code/collision.ts';
import type { IssuedCode } from './issued-code.ts';

/** @param codesOf every code of a unit that is on record; asked only for the few entries that can end one */
export function endedBy(
  { record }: Pick<LogEntry, 'record'>,
  codesOf: (unitId: string) => readonly IssuedCode[],
): IssuedCode[] {
  if (record.type === 'command') {
    const { act } = record;
    return act.name === 'revoke' ? codesOf(act.code.unitId).filter((code) => sameCode(act.code, code)) : [];
  }
  if (record.type !== 'entry' || record.code === undefined) return [];
  const { code: typed, reason, pinsOf } = record;
  if (reason === 'revocation') return codesOf(typed.unitId).filter((code) => isRevokedBy(typed, code));
  // Only a first acceptance enrols.
  return pinsOf === undefined ? [] : codesOf(typed.unitId).filter((code) => supersedes(typed, code));
}

/** Whether so short a revocation meets a lock's rules for stays is the lock's to know: it counts for one-time codes alone. */
function isRevokedBy(revocation: CodeId, code: IssuedCode): boolean {
  if (!sameUnit(revocation, code)) return false;
  const isShort = isOneTimeWindow(revocation);
  if (code.kind !== 'one-time') {
    return !isShort && revocation.revision >= code.revision && collide(revocation, code);
  }
  return isShort && sameWindow(revocation, code) && revocation.revision === code.revision;
}
