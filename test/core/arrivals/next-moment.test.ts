import assert from 'node:assert/strict';
import { nextMoment } from '@staycode/core';

const at = (iso: string): number => Date.parse(iso);
const next = (time: string, nowIso: string): string =>
  new Date(nextMoment(time, 'Europe/Berlin', at(nowIso))).toISOString();

describe('the next moment at which a clock shows a time', () => {
  it('is later today, or tomorrow once it has passed', () => {
    assert.equal(next('12:00', '2026-12-04T10:59:59Z'), '2026-12-04T11:00:00.000Z');
    assert.equal(next('12:00', '2026-12-04T11:00:00Z'), '2026-12-05T11:00:00.000Z');
  });

  it('goes by the day of the property, not of UTC', () => {
    assert.equal(next('00:30', '2026-12-04T23:10:00Z'), '2026-12-04T23:30:00.000Z');
  });

  it('keeps its time of day over a change of the clocks, and comes once where they skip or repeat it', () => {
    assert.equal(next('12:00', '2026-03-28T12:00:00Z'), '2026-03-29T10:00:00.000Z');
    assert.equal(next('02:30', '2026-03-28T12:00:00Z'), '2026-03-29T01:30:00.000Z');
    assert.equal(next('02:30', '2026-10-24T12:00:00Z'), '2026-10-25T01:30:00.000Z');
    assert.equal(next('02:30', '2026-10-25T01:30:00Z'), '2026-10-26T01:30:00.000Z');
  });

  it('refuses a time or a zone that is none', () => {
    assert.throws(() => nextMoment('25:00', 'UTC', 0), { code: 'bad-time' });
    assert.throws(() => nextMoment('12:00', '+02:00', 0), { code: 'bad-zone' });
  });
});
