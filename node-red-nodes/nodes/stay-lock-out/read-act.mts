/**
 * What a lock is told to do, from the node's fields and the message.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  type Act,
  codesForRoster,
  deriveUnitKey,
  type IssuedCode,
  type LockFile,
  raiseKey,
  rosterOf,
  SEAL_NONCE_BYTES,
  StaycodeError,
  toCodeId,
  type Unit,
} from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { codesOf } from '../lock-codes.mts';

export const COMMANDS = [
  'lock',
  'unlock',
  'revoke',
  'suspend',
  'resume',
  'extend',
  'set-clock',
  'clear-guesses',
  'raise-key',
  'roster',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** The fields as they came out of the message; only those that the command needs are looked at. */
export interface Asked {
  readonly command: unknown;
  /** Id of a code in the register. */
  readonly accessCodeId: unknown;
  /** Milliseconds since 1970, an ISO 8601 text, or a Date. */
  readonly until: unknown;
  readonly emergency: boolean;
}

export interface ActParts {
  readonly file: LockFile;
  readonly store: AccessCodeStore;
  /** 32 bytes, as `deriveCommandKey` makes them. */
  readonly commandKey: Uint8Array;
  readonly siteKey: Uint8Array;
  /** Whose key is to be raised, in the version that its node has now. */
  readonly unit: Unit | null;
  readonly nowMs: number;
}

/** @throws StaycodeError `bad-message` for what names no command, code or time; `bad-config` where a unit is missing */
export function readAct(asked: Asked, parts: ActParts): Act {
  const { file, store, commandKey, nowMs } = parts;
  const name = readName(asked.command);
  switch (name) {
    case 'revoke':
    case 'suspend':
    case 'resume':
      return { name, code: toCodeId(findCode(store, file, asked.accessCodeId)) };
    case 'extend':
      return {
        name,
        code: toCodeId(findCode(store, file, asked.accessCodeId)),
        untilMs: readTime(asked.until),
      };
    case 'set-clock':
      return { name, atMs: Math.round(nowMs) };
    case 'raise-key':
      return raise(asked, parts);
    case 'roster':
      return rosterOf(commandKey, codesForRoster(codesOf(store, file), file.rules, nowMs));
    case 'lock':
    case 'unlock':
    case 'clear-guesses':
      return { name };
  }
}

function readName(command: unknown): CommandName {
  const name = COMMANDS.find((one) => one === command);
  if (name === undefined) throw bad(`command: expected one of ${COMMANDS.join(', ')}`);
  return name;
}

function findCode(store: AccessCodeStore, file: LockFile, id: unknown): IssuedCode {
  if (typeof id !== 'string' || id === '') throw bad('code: expected the accessCodeId of a code');
  const code = codesOf(store, file).find((one) => one.id === id);
  if (code === undefined)
    throw bad('code: expected one of the units of this lock, got the id of none of them');
  return code;
}

function readTime(until: unknown): number {
  const ms = until instanceof Date ? until.getTime() : typeof until === 'string' ? Date.parse(until) : until;
  if (typeof ms !== 'number' || !Number.isFinite(ms))
    throw bad('until: expected milliseconds since 1970, or a time such as 2026-12-06T12:00:00Z');
  return Math.round(ms);
}

function raise({ emergency }: Asked, { unit, siteKey, commandKey }: ActParts): Act {
  if (unit === null)
    throw new StaycodeError('bad-config', 'unit: expected the unit whose key is to be raised');
  const { unitId, keyVersion } = unit;
  const unitKey = deriveUnitKey(siteKey, unitId, keyVersion);
  return raiseKey(commandKey, { unitId, keyVersion, emergency, unitKey }, randomBytes(SEAL_NONCE_BYTES));
}

function bad(expected: string): StaycodeError {
  return new StaycodeError('bad-message', expected);
}
