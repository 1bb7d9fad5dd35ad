/**
 * The roster: the stays that a host knows, told to the lock as fingerprints, and what either does not know of the other. It
 * gates nobody: a guest whose code the roster does not name gets in all the same, and the host hears of it.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import type { Act } from '../lock/acts.ts';
import { type CodeId, isStayKind } from '../lock/keyring.ts';
import type { LockMemory } from '../lock/memory.ts';
import { deriveCommandKey } from '../stay-code/keys.ts';
import { codeId, counter, hex, id, wholeMs } from './schemas.ts';
import { readSigned, signText } from './signed-text.ts';

export interface RosterReport {
  readonly lockId: string;
  readonly controllerId: string;
  /** Counter of the command that brought the roster. */
  readonly roster: number;
  readonly atMs: number;
  /** Codes that opened here and that the roster does not name, at most `MAX_UNLISTED`, the newest last. */
  readonly unlisted: readonly CodeId[];
  /** How many more there are. */
  readonly more: number;
  /** Fingerprints in the roster of codes that never opened here, at most `MAX_UNLISTED`. */
  readonly unseen: readonly string[];
  /** The unit keys that the lock holds. */
  readonly keys: readonly { readonly unitId: string; readonly keyVersion: number }[];
}

export const MAX_UNLISTED = 64;
/** 64 bits: two of a thousand stays share one with a probability of 3 in 10^14. */
const FINGERPRINT_DIGITS = 16;

const reportSchema = v.strictObject({
  lockId: id,
  controllerId: id,
  roster: counter,
  atMs: wholeMs,
  unlisted: v.pipe(v.array(codeId), v.maxLength(MAX_UNLISTED)),
  more: counter,
  unseen: v.pipe(v.array(hex(FINGERPRINT_DIGITS)), v.maxLength(MAX_UNLISTED)),
  keys: v.array(v.strictObject({ unitId: id, keyVersion: v.number() })),
});

/** A code's name in a roster: under the controller's key, so that nobody on the broker can tell which nights are let. */
export function fingerprintOf(commandKey: Uint8Array, code: CodeId): string {
  const { unitId, keyVersion, kind, revision, startsAtMs, endsAtMs } = code;
  const text = `staycode/1 roster\0${unitId}\n${keyVersion}\n${kind}\n${revision}\n${startsAtMs}\n${endsAtMs}`;
  return bytesToHex(hmac(sha256, commandKey, utf8ToBytes(text))).slice(0, FINGERPRINT_DIGITS);
}

/** The act that tells a lock the stays that the host knows; `MAX_ROSTER` of them at most. */
export function rosterOf(commandKey: Uint8Array, codes: readonly CodeId[]): Act {
  return { name: 'roster', known: codes.map((code) => fingerprintOf(commandKey, code)) };
}

/** What a lock has to report on the roster that it was told last; `null` before there is one. */
export function rosterReport(
  lock: { readonly lockId: string; readonly lockKey: Uint8Array; readonly keys: RosterReport['keys'] },
  memory: LockMemory,
  atMs: number,
): { readonly text: string; readonly report: RosterReport } | null {
  const { roster } = memory;
  if (roster === null) return null;
  const { controllerId, counter: used, known } = roster;
  const commandKey = deriveCommandKey(lock.lockKey, controllerId);
  const opened = memory.accepted.filter(({ kind }) => isStayKind(kind) || kind === 'one-time');
  const seen = new Map(opened.map((code) => [fingerprintOf(commandKey, code), code]));
  const listed = new Set(known);
  const unlisted = [...seen]
    .filter(([print]) => !listed.has(print))
    .map(([, { pinsOf, untilMs, ...code }]) => code);
  const report = {
    ...{ lockId: lock.lockId, controllerId, roster: used, atMs: Math.round(atMs) },
    unlisted: unlisted.slice(-MAX_UNLISTED),
    more: Math.max(0, unlisted.length - MAX_UNLISTED),
    unseen: known.filter((print) => !seen.has(print)).slice(0, MAX_UNLISTED),
    keys: lock.keys.map(({ unitId, keyVersion }) => ({ unitId, keyVersion })),
  };
  return { text: signText(commandKey, 'roster', report), report };
}

/** The report in a message, or `null` for one that was not made with this key. @throws StaycodeError `bad-message` */
export function readRosterReport(commandKey: Uint8Array, text: string): RosterReport | null {
  return readSigned(reportSchema, 'roster', text, () => commandKey);
}
