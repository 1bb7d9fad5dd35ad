import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitWindow, MAX_MOVE_MS } from '../../../core/src/access-codes/window.ts';
import { compileRules, DEFAULT_HOUSE_RULES, meetsRules } from '../../../core/src/lock/rules.ts';

const rules = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' });
const stay = (from: string, to: string): { startsAtMs: number; endsAtMs: number } => ({
  startsAtMs: Date.parse(`2026-${from}:00Z`),
  endsAtMs: Date.parse(`2026-${to}:00Z`),
});

describe('fitWindow', () => {
  it('keeps times that the rules permit', () => {
    const times = stay('11-27T15:00', '11-30T11:00');
    assert.deepEqual(fitWindow(times, rules), { ok: true, ...times });
  });
  it('moves a check-in to the latest permitted start before it and a check-out to the earliest end after it', () => {
    assert.deepEqual(fitWindow(stay('11-27T15:10', '11-30T10:40'), rules), {
      ok: true,
      ...stay('11-27T15:00', '11-30T11:00'),
    });
    assert.deepEqual(fitWindow(stay('11-27T20:00', '11-30T07:00'), rules), {
      ok: true,
      ...stay('11-27T18:00', '11-30T09:00'),
    });
  });
  it('names the rule where an end would move by more than two hours', () => {
    assert.deepEqual(fitWindow(stay('11-27T20:01', '11-30T11:00'), rules), { ok: false, rule: 'start' });
    assert.deepEqual(fitWindow(stay('11-27T13:00', '11-30T11:00'), rules), { ok: false, rule: 'start' });
    assert.deepEqual(fitWindow(stay('11-27T15:00', '11-30T06:59'), rules), { ok: false, rule: 'end' });
    assert.deepEqual(fitWindow(stay('11-27T15:00', '11-30T12:01'), rules), { ok: false, rule: 'end' });
  });
  it('names the rule that a length breaks', () => {
    const twoNights = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC', minNights: 2 });
    assert.deepEqual(fitWindow(stay('11-27T15:00', '11-28T11:00'), twoNights), {
      ok: false,
      rule: 'shortest',
    });
    assert.deepEqual(fitWindow(stay('10-01T15:00', '11-30T11:00'), rules), { ok: false, rule: 'longest' });
  });
  it('gives any stay a window that holds it, meets the rules and is at most two hours off, or none', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'UTC',
    );
    const minutes = fc.integer({ min: 0, max: 5 * 365 * 24 * 60 });
    fc.assert(
      fc.property(zones, minutes, fc.integer({ min: 1, max: 40 * 24 * 60 }), (zone, at, long) => {
        const startsAtMs = Date.UTC(2026, 0, 1) + at * 60_000;
        const endsAtMs = startsAtMs + long * 60_000;
        const ofZone = compileRules({ ...DEFAULT_HOUSE_RULES, zone });
        const window = fitWindow({ startsAtMs, endsAtMs }, ofZone);
        if (!window.ok) return;
        assert.ok(meetsRules(ofZone, window));
        assert.ok(window.startsAtMs <= startsAtMs && startsAtMs - window.startsAtMs <= MAX_MOVE_MS);
        assert.ok(window.endsAtMs >= endsAtMs && window.endsAtMs - endsAtMs <= MAX_MOVE_MS);
      }),
      { numRuns: 300 },
    );
  });
});
