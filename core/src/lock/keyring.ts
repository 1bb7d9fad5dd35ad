/**
 * What a lock is given: the keys of the units that it serves, its rules and its staff. Source: spec, "Keys".
 * @module
 */
import { StaycodeError } from '../errors.ts';
import { type Alphabet, alphabetSpec, type AlphabetSpec } from '../stay-code/alphabet.ts';
import { createCodeCipher } from '../stay-code/cipher.ts';
import { checkId, checkKey, deriveCodeKey } from '../stay-code/keys.ts';
import {
  type ClockContent,
  type CodeKind,
  decodePayload,
  encodeWindow,
  type WindowContent,
} from '../stay-code/payload.ts';
import { checkRules, type LockRules } from './rules.ts';
import type { StaffSecret } from './staff.ts';

/** How many written codes of a key are kept at hand. */
const MAX_WRITTEN = 1024;

export interface UnitKey {
  readonly unitId: string;
  /** Whole number from 1. */
  readonly keyVersion: number;
  readonly alphabet: Alphabet;
  /** 32 bytes. */
  readonly unitKey: Uint8Array;
  /** After a changeover the old version serves only authorizations that are enrolled already. */
  readonly serves?: 'all' | 'enrolled';
}

export interface LockConfig {
  /** In the order in which a code is tried. */
  readonly units: readonly UnitKey[];
  readonly rules: LockRules;
  readonly staff: readonly StaffSecret[];
}

/** Names one window code without its digits; the key gives them back. */
export interface CodeId extends WindowContent {
  readonly unitId: string;
  readonly keyVersion: number;
}

/** A key ready to read and write digits. */
export interface ReadyKey {
  readonly unitId: string;
  readonly keyVersion: number;
  readonly serves: 'all' | 'enrolled';
  read(digits: string): WindowContent | ClockContent | null;
  /** The twelve digits of a window code of this key. */
  write(content: WindowContent): string;
}

export interface ReadyLock {
  readonly keys: readonly ReadyKey[];
  readonly rules: LockRules;
  readonly staff: readonly StaffSecret[];
}

/** Checks a lock's configuration and readies its ciphers. @throws StaycodeError `bad-rules`, `bad-key`, `bad-id`, `bad-config` */
export function readyLock(config: LockConfig): ReadyLock {
  const names = new Set<string>();
  for (const { name } of config.staff) {
    if (names.has(name))
      throw new StaycodeError('bad-config', `staff: expected each name once, got ${name} twice`);
    names.add(name);
  }
  const keys = config.units.map(readyKey);
  if (new Set(keys.map((key) => `${key.keyVersion} ${key.unitId}`)).size < keys.length) {
    throw new StaycodeError('bad-config', 'units: expected each unit and key version once');
  }
  return { keys, rules: checkRules(config.rules), staff: config.staff };
}

/** The key that a code is of, where the keyring still holds it. */
export function keyOf(lock: ReadyLock, code: CodeId): ReadyKey | undefined {
  return lock.keys.find((key) => key.unitId === code.unitId && key.keyVersion === code.keyVersion);
}

/** Whether two ids name the same code. */
export function sameCode(a: CodeId, b: CodeId): boolean {
  return sameUnit(a, b) && sameWindow(a, b) && a.kind === b.kind && a.revision === b.revision;
}

/** Whether two codes are of one unit and one key version. */
export function sameUnit(a: CodeId, b: CodeId): boolean {
  return a.unitId === b.unitId && a.keyVersion === b.keyVersion;
}

/** Whether two codes have the very same window. */
export function sameWindow(a: CodeId, b: CodeId): boolean {
  return a.startsAtMs === b.startsAtMs && a.endsAtMs === b.endsAtMs;
}

/** Stay and amendment codes open for a whole stay, enrol, and end each other. */
export function isStayKind(kind: CodeKind): boolean {
  return kind === 'stay' || kind === 'amendment';
}

function readyKey(unit: UnitKey): ReadyKey {
  const { unitId, keyVersion, alphabet, serves = 'all' } = unit;
  checkId(unitId, 'unit id');
  const codeKey = deriveCodeKey(checkKey(unit.unitKey, 'unit key'));
  return { unitId, keyVersion, serves, ...createCodec(codeKey, alphabetSpec(alphabet)) };
}

/** Reads and writes the digits of one code key. */
export function createCodec(codeKey: Uint8Array, alphabet: AlphabetSpec): Pick<ReadyKey, 'read' | 'write'> {
  const cipher = createCodeCipher(codeKey, alphabet);
  // A lock writes the same few codes at every short entry, to compare their first digits.
  const written = new Map<number, string>();
  return {
    read(digits) {
      const payload = cipher.decipher(digits);
      return payload === null ? null : decodePayload(payload, alphabet);
    },
    write(content) {
      const payload = encodeWindow(content, alphabet);
      const digits = written.get(payload) ?? cipher.encipher(payload);
      if (written.size >= MAX_WRITTEN) written.clear();
      written.set(payload, digits);
      return digits;
    },
  };
}
