import assert from 'node:assert/strict';
import {
  type CodeKind,
  deriveCodeKey,
  deriveUnitKey,
  groupDigits,
  issueClockCode,
  issueCode,
  readCode,
  StaycodeError,
} from '@staycode/core';
import fc from 'fast-check';

const siteKey = new Uint8Array(32).fill(7);
const codeKey = deriveCodeKey(deriveUnitKey(siteKey, 'flat-a', 1));
const code = {
  kind: 'stay',
  revision: 0,
  startsAtMs: Date.parse('2026-12-03T14:00:00Z'),
  endsAtMs: Date.parse('2026-12-07T10:00:00Z'),
  alphabet: 'decimal',
} as const;

function refusesWith(expected: string, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof StaycodeError && error.code === expected);
}

describe('stay code', () => {
  it('reads back every window it issues, with times rounded outward to half hours', () => {
    const slotMs = 1_800_000;
    fc.assert(
      fc.property(
        fc.constantFrom('decimal', 'no-zero'),
        fc.constantFrom<CodeKind>('stay', 'amendment', 'one-time', 'revocation'),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2052, 0, 1) }),
        fc.integer({ min: 1, max: 365 * 86_400_000 }),
        (alphabet, kind, revision, startsAtMs, lengthMs) => {
          const endsAtMs = startsAtMs + lengthMs;
          const digits = issueCode(codeKey, { kind, revision, startsAtMs, endsAtMs, alphabet });
          assert.match(digits, alphabet === 'decimal' ? /^[0-9]{12}$/u : /^[1-9]{12}$/u);
          assert.deepEqual(readCode(codeKey, digits, alphabet), {
            kind,
            revision,
            startsAtMs: Math.floor(startsAtMs / slotMs) * slotMs,
            endsAtMs: Math.ceil(endsAtMs / slotMs) * slotMs,
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('depends on unit and key version', () => {
    const others = [deriveUnitKey(siteKey, 'flat-b', 1), deriveUnitKey(siteKey, 'flat-a', 2)];
    for (const other of others)
      assert.notEqual(issueCode(deriveCodeKey(other), code), issueCode(codeKey, code));
  });

  it('refuses what the digits cannot hold as out of range, never wrapped', () => {
    const { startsAtMs } = code;
    const dayMs = 86_400_000;
    for (const wrong of [
      { revision: 8 },
      { revision: -1 },
      { revision: 0.5 },
      { kind: 'clock' as CodeKind },
      { startsAtMs: Date.UTC(2024, 11, 31, 23, 59) },
      { startsAtMs: Date.UTC(2125, 0, 2), endsAtMs: Date.UTC(2125, 0, 5) },
      { alphabet: 'no-zero' as const, startsAtMs: Date.UTC(2053, 0, 2), endsAtMs: Date.UTC(2053, 0, 5) },
      { endsAtMs: startsAtMs },
      { endsAtMs: startsAtMs - dayMs },
      { endsAtMs: startsAtMs + 366 * dayMs + 1 },
      { endsAtMs: NaN },
      { startsAtMs: Infinity },
    ]) {
      refusesWith('out-of-range', () => issueCode(codeKey, { ...code, ...wrong }));
    }
    issueCode(codeKey, { ...code, endsAtMs: startsAtMs + 366 * dayMs });
  });

  it('refuses clock times outside the alphabet, and takes a time within a minute as that minute', () => {
    const clock = { atMs: Date.UTC(2026, 11, 3, 14, 1), alphabet: 'decimal' } as const;
    assert.equal(
      issueClockCode(codeKey, { ...clock, atMs: clock.atMs + 59_999 }),
      issueClockCode(codeKey, clock),
    );
    for (const atMs of [Date.UTC(2024, 11, 31), Date.UTC(2125, 0, 2), NaN]) {
      refusesWith('out-of-range', () => issueClockCode(codeKey, { ...clock, atMs }));
    }
    refusesWith('out-of-range', () =>
      issueClockCode(codeKey, { atMs: Date.UTC(2053, 0, 2), alphabet: 'no-zero' }),
    );
  });

  it('reads nothing in text that is not twelve symbols of the alphabet', () => {
    const digits = issueCode(codeKey, code);
    for (const text of [
      '',
      digits.slice(1),
      `${digits}0`,
      `${digits.slice(0, 11)}x`,
      ` ${digits.slice(1)}`,
      '１２３４５６７８９０１２',
    ]) {
      assert.equal(readCode(codeKey, text, 'decimal'), null);
    }
    assert.equal(readCode(codeKey, '123456789012', 'no-zero'), null);
  });

  it('refuses a wrong key and an unknown alphabet without showing the key', () => {
    refusesWith('bad-key', () => issueCode(new Uint8Array(31), code));
    refusesWith('bad-key', () => readCode('ab'.repeat(32) as unknown as Uint8Array, '1', 'decimal'));
    refusesWith('bad-alphabet', () => readCode(codeKey, '1', 'hex' as 'decimal'));
    assert.throws(
      () => deriveCodeKey(new Uint8Array(16).fill(0xab)),
      (error: Error) => !error.message.includes('ab,'),
    );
  });

  it('takes ids of 1 to 64 bytes in NFC, trimmed and without control characters, and refuses others', () => {
    for (const id of ['a', 'Flat 1', 'Straße', '民宿-二', 'x'.repeat(64)]) deriveUnitKey(siteKey, id, 1);
    for (const id of [
      '',
      ' a',
      'a ',
      'a\u0000',
      'a\u0085b',
      'e\u0301',
      'x'.repeat(65),
      '民'.repeat(22),
      '\ud800',
    ]) {
      refusesWith('bad-id', () => deriveUnitKey(siteKey, id, 1));
    }
    for (const version of [0, -1, 1.5, 2 ** 32, NaN])
      refusesWith('out-of-range', () => deriveUnitKey(siteKey, 'a', version));
  });

  it('shows digits in groups of four', () => {
    assert.equal(groupDigits('952791427294'), '9527 9142 7294');
  });
});
