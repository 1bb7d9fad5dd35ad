/**
 * The words that the lock's scenarios are written in. Digits come from the issuer's side of the product; every verdict is
 * written by hand from the spec. Keys are examples, made from their names; never use one.
 */
import { createHash } from 'node:crypto';
import { type Alphabet, deriveCodeKey, issueClockCode, issueCode, type LockRules } from '@staycode/core';
import { oneTimePassword, TOTP_STEP_MS } from '../../../core/src/lock/staff.ts';

/** Digits of one unit's codes; times are UTC as `2026-12-03 14:00`. */
export interface ScenarioUnit {
  readonly json: { unitId: string; keyVersion: number; alphabet: Alphabet; unitKey: string };
  stay(revision: number, from: string, to: string): string;
  amendment(revision: number, from: string, to: string): string;
  oneTime(serial: number, from: string, to: string): string;
  revocation(revision: number, from: string, to: string): string;
  clock(at: string): string;
}

export interface ScenarioStaff {
  readonly name: string;
  readonly type: 'totp' | 'hotp';
  readonly secret: string;
  readonly digits: 6 | 8;
  readonly hash: 'sha1' | 'sha256' | 'sha512';
}

export type Verdict =
  | `opened ${'stay' | 'amendment' | 'one-time' | 'pin' | 'staff'}`
  | `done ${'clock' | 'revocation'}`
  | `refused ${'closed' | 'unknown' | 'revoked' | 'superseded' | 'consumed' | 'clock-lost' | 'early' | 'expired'}`
  | `refused ${'replayed' | 'clock-refused' | 'revocation-refused'}`;

export type Step =
  | { at: string; enter: string; expect: string; reason: string }
  | { at: string; do: 'set-clock-off'; seconds: number }
  | { at: string; do: 'power-cut'; minutes: number; clock: 'kept' | 'lost' };

export interface Scenario {
  readonly name: string;
  readonly units: readonly ScenarioUnit['json'][];
  readonly rules: LockRules;
  readonly staff: readonly ScenarioStaff[];
  readonly steps: readonly Step[];
}

interface Lock {
  readonly units?: readonly ScenarioUnit[];
  readonly rules?: Partial<LockRules>;
  readonly staff?: readonly ScenarioStaff[];
}

/** A mask that lets through these slots, written as hours: 14.5 is half past two. */
export const mask = (...hours: number[]): string =>
  Array.from({ length: 48 }, (_, slot) => (hours.includes(slot / 2) ? '1' : '0')).join('');

export const ALWAYS: string = '1'.repeat(48);

/** A house with check-in from 13 to 17 and check-out from 8 to 11, in UTC, and up to 31 days. */
export const RULES: LockRules = {
  startMask: mask(13, 14, 15, 16, 17),
  endMask: mask(8, 9, 10, 11),
  minSlots: 1,
  maxSlots: 1488,
  skewMinutes: 10,
  pinDigits: 6,
  clockLost: 'wait',
};

export const flatA: ScenarioUnit = unit('flat-a');
export const flatB: ScenarioUnit = unit('flat-b');

/** Most scenarios are about this stay of four nights. */
export const FROM = '2026-12-03 14:00';
export const TO = '2026-12-07 10:00';

export function scenario(name: string, steps: readonly Step[], lock: Lock = {}): Scenario {
  const { units = [flatA], rules = {}, staff = [] } = lock;
  return { name, units: units.map(({ json }) => json), rules: { ...RULES, ...rules }, staff, steps };
}

export function enter(at: string, digits: string, verdict: Verdict): Step {
  const [expect = '', reason = ''] = verdict.split(' ');
  return { at: zulu(at), enter: digits, expect, reason };
}

export function cutPower(at: string, minutes: number, clock: 'kept' | 'lost'): Step {
  return { at: zulu(at), do: 'power-cut', minutes, clock };
}

/** From now on the lock's clock is this many seconds ahead of true time. */
export function setClockOff(at: string, seconds: number): Step {
  return { at: zulu(at), do: 'set-clock-off', seconds };
}

export function pin(code: string, digits: 6 | 8 = 6): string {
  return code.slice(0, digits);
}

export function unit(unitId: string, keyVersion = 1, alphabet: Alphabet = 'decimal'): ScenarioUnit {
  const unitKey = exampleKey(`unit ${unitId} ${keyVersion}`);
  const codeKey = deriveCodeKey(unitKey);
  const issue =
    (kind: 'stay' | 'amendment' | 'one-time' | 'revocation') =>
    (revision: number, from: string, to: string): string =>
      issueCode(codeKey, { kind, revision, startsAtMs: toMs(from), endsAtMs: toMs(to), alphabet });
  return {
    json: { unitId, keyVersion, alphabet, unitKey: unitKey.toString('hex') },
    stay: issue('stay'),
    amendment: issue('amendment'),
    oneTime: issue('one-time'),
    revocation: issue('revocation'),
    clock: (at) => issueClockCode(codeKey, { atMs: toMs(at), alphabet }),
  };
}

export function staff(name: string, type: 'totp' | 'hotp', rest: Partial<ScenarioStaff> = {}): ScenarioStaff {
  const secret = exampleKey(`staff ${name}`).toString('hex').slice(0, 40);
  return { name, type, secret, digits: 8, hash: 'sha1', ...rest };
}

/** What an authenticator app whose clock is right shows at this time. */
export function totp(secret: ScenarioStaff, at: string): string {
  return hotp(secret, Math.floor(toMs(at) / TOTP_STEP_MS));
}

export function hotp(secret: ScenarioStaff, counter: number): string {
  return oneTimePassword({ ...secret, secret: Buffer.from(secret.secret, 'hex') }, counter);
}

export function toMs(at: string): number {
  return Date.parse(zulu(at));
}

function zulu(at: string): string {
  const [date = '', time = ''] = at.split(' ');
  return `${date}T${time.length === 5 ? `${time}:00` : time}Z`;
}

function exampleKey(name: string): Buffer {
  return createHash('sha256').update(`staycode example key ${name}`).digest();
}
