import assert from 'node:assert/strict';
import { codesForRoster, codesToShow, type IssuedCode } from '@staycode/core';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const nowMs = Date.parse('2026-11-26T12:00:00Z');
/** A month. */
const rules = { maxSlots: 31 * 48 };

function codeOf(id: string, fromHours: number, toHours: number, more: Partial<IssuedCode> = {}): IssuedCode {
  return {
    ...{ id, unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal', kind: 'stay', revision: 0 },
    ...{ startsAtMs: nowMs + fromHours * HOUR_MS, endsAtMs: nowMs + toHours * HOUR_MS },
    ...{ issuedAtMs: 0, leftAtMs: 1, withdrawnAtMs: null },
    ...more,
  };
}
const idsOf = (codes: readonly { startsAtMs: number }[]): number[] =>
  codes.map(({ startsAtMs }) => (startsAtMs - nowMs) / HOUR_MS);

describe('the codes that a lock is told of', () => {
  it('are all that it may remember, withdrawn ones too, and none that it has forgotten', () => {
    const codes = [
      codeOf('next', 30, 60),
      codeOf('old', -35 * 24, -32 * 24),
      codeOf('forgotten', -40 * 24, -34 * 24),
      codeOf('cancelled', -20, 20, { withdrawnAtMs: nowMs }),
    ];
    assert.deepEqual(idsOf(codesForRoster(codes, rules, nowMs)), [-35 * 24, -20, 30]);
    assert.deepEqual(Object.keys(codesForRoster(codes, rules, nowMs)[0] ?? {}).sort(), [
      ...['endsAtMs', 'keyVersion', 'kind', 'revision', 'startsAtMs', 'unitId'],
    ]);
  });

  it('are as many as a roster holds, those that begin last left out', () => {
    const codes = Array.from({ length: 1_030 }, (_, i) => codeOf(String(i), 1_030 - i, 1_031 - i));
    const told = codesForRoster(codes, rules, nowMs);
    assert.deepEqual([told.length, idsOf(told)[0], idsOf(told).at(-1)], [1_024, 1, 1_024]);
  });
});

describe('the codes that are shown', () => {
  it('are those of these days that someone may hold', () => {
    const codes = [
      codeOf('tomorrow', 26, 60),
      codeOf('now', -5, 5),
      codeOf('over', -5, 0),
      codeOf('next week', 2 * 24, 5 * 24),
      codeOf('cancelled', -20, 20, { withdrawnAtMs: nowMs - DAY_MS }),
      codeOf('drawn', -4, 5, { kind: 'one-time' }),
      codeOf('in the drawer', -4, 5, { kind: 'one-time', leftAtMs: null }),
    ];
    assert.deepEqual(
      codesToShow(codes, nowMs).map(({ id }) => id),
      ['now', 'drawn', 'tomorrow'],
    );
  });
});
