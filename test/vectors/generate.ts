/**
 * Writes the project's own vectors: `npm run vectors`. The digits come from the product, the rounds from a second FF1, and the
 * two must agree. Keys here are examples, made from their numbers; never use one.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Alphabet,
  type CodeKind,
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveUnitKey,
  issueClockCode,
  issueCode,
} from '@staycode/core';
import { alphabetSpec } from '../../core/src/stay-code/alphabet.ts';
import { toNumerals } from '../../core/src/stay-code/cipher.ts';
import { encodeClock, encodeWindow } from '../../core/src/stay-code/payload.ts';
import { encryptFf1 } from '../support/reference-ff1.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const exampleKey = (n: number): Uint8Array =>
  createHash('sha256').update(`staycode example key ${n}`).digest();

interface Case {
  unitId: string;
  keyVersion: number;
  alphabet: Alphabet;
  kind: CodeKind | 'clock';
  revision?: number;
  startsAt?: string;
  endsAt?: string;
  at?: string;
}

const stay = (startsAt: string, endsAt: string, rest: Partial<Case> = {}): Case => ({
  unitId: 'flat-a',
  keyVersion: 1,
  alphabet: 'decimal',
  kind: 'stay',
  revision: 0,
  startsAt,
  endsAt,
  ...rest,
});
const clock = (at: string, alphabet: Alphabet = 'decimal'): Case => ({
  unitId: 'flat-a',
  keyVersion: 1,
  alphabet,
  kind: 'clock',
  at,
});

const cases: Case[] = [
  // The first slot, the first length, and both ends rounded outward.
  stay('2025-01-01T00:00:00Z', '2025-01-01T00:30:00Z'),
  stay('2025-01-01T00:29:59.999Z', '2025-01-01T00:30:00.001Z'),
  // The last slot and the longest length of each alphabet.
  stay(slotTime(1_753_199), slotTime(1_753_199 + 17_568), { kind: 'revocation', revision: 7 }),
  stay(slotTime(490_895), slotTime(490_895 + 17_568), {
    alphabet: 'no-zero',
    kind: 'revocation',
    revision: 7,
  }),
  // Every kind and revision of one window, in both alphabets.
  ...(['decimal', 'no-zero'] as const).flatMap((alphabet) =>
    (['stay', 'amendment', 'one-time', 'revocation'] as const).flatMap((kind) =>
      [0, 1, 7].map((revision) =>
        stay('2026-12-03T14:00:00Z', '2026-12-07T10:00:00Z', { alphabet, kind, revision }),
      ),
    ),
  ),
  // Nights on which clocks change, a leap day, and 366 days.
  stay('2027-03-27T14:00:00Z', '2027-03-28T09:00:00Z'),
  stay('2027-10-30T13:00:00Z', '2027-10-31T10:00:00Z'),
  stay('2028-02-28T14:00:00Z', '2028-03-01T10:00:00Z'),
  stay('2028-02-29T14:00:00Z', '2029-03-01T14:00:00Z'),
  // Ids beyond ASCII, and key versions.
  stay('2026-12-03T14:00:00Z', '2026-12-07T10:00:00Z', { unitId: 'Dachgeschoß Süd' }),
  stay('2026-12-03T14:00:00Z', '2026-12-07T10:00:00Z', { unitId: '部屋 2', keyVersion: 2 }),
  stay('2026-12-03T14:00:00Z', '2026-12-07T10:00:00Z', { keyVersion: 4_294_967_295 }),
  // Clock codes: the first and the last minute.
  clock('2025-01-01T00:00:00Z'),
  clock('2026-12-03T14:01:00Z'),
  clock(minuteTime(100 * 525_960 - 1)),
  clock('2026-12-03T14:01:00Z', 'no-zero'),
  clock(minuteTime(28 * 525_960 - 1), 'no-zero'),
];

function slotTime(slot: number): string {
  return new Date(Date.UTC(2025, 0, 1) + slot * 1_800_000).toISOString();
}

function minuteTime(minute: number): string {
  return new Date(Date.UTC(2025, 0, 1) + minute * 60_000).toISOString();
}

function toVector(one: Case, index: number): object {
  const siteKey = exampleKey(index);
  const unitKey = deriveUnitKey(siteKey, one.unitId, one.keyVersion);
  const codeKey = deriveCodeKey(unitKey);
  const spec = alphabetSpec(one.alphabet);
  const { kind, revision = 0 } = one;
  const window = { startsAtMs: Date.parse(one.startsAt ?? ''), endsAtMs: Date.parse(one.endsAt ?? '') };
  const atMs = Date.parse(one.at ?? '');
  const { alphabet } = one;
  const [payload, code] =
    kind === 'clock'
      ? [encodeClock(atMs, spec), issueClockCode(codeKey, { atMs, alphabet })]
      : [
          encodeWindow({ kind, revision, ...window }, spec),
          issueCode(codeKey, { kind, revision, ...window, alphabet }),
        ];
  const numerals = toNumerals(payload, spec.radix);
  const trace = encryptFf1(codeKey, spec.radix, numerals);
  assert.equal(trace.numerals.map((numeral) => spec.symbols.charAt(numeral)).join(''), code);
  const rounds = trace.rounds.map(([a, b]) => [a.join(''), b.join('')]);
  const keys = { siteKey: hex(siteKey), unitKey: hex(unitKey), codeKey: hex(codeKey) };
  return { ...one, ...keys, payload, numerals: numerals.join(''), rounds, code };
}

function toKeyVector([lockId, keyVersion, controllerId]: [string, number, string], index: number): object {
  const siteKey = exampleKey(1000 + index);
  const lockKey = deriveLockKey(siteKey, lockId, keyVersion);
  const commandKey = deriveCommandKey(lockKey, controllerId);
  return {
    siteKey: hex(siteKey),
    lockId,
    keyVersion,
    lockKey: hex(lockKey),
    controllerId,
    commandKey: hex(commandKey),
  };
}

const write = (name: string, vectors: object[]): void => {
  writeFileSync(
    join(import.meta.dirname, name),
    vectors.map((vector) => `${JSON.stringify(vector)}\n`).join(''),
  );
};
write('stay-code.jsonl', cases.map(toVector));
write(
  'keys.jsonl',
  (
    [
      ['front-door', 1, 'node-red'],
      ['front-door', 2, 'node-red'],
      ['front-door', 1, 'homebridge'],
      ['Haustür', 1, 'node-red'],
      ['a', 4_294_967_295, 'a'],
    ] satisfies [string, number, string][]
  ).map(toKeyVector),
);
