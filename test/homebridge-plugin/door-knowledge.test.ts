import assert from 'node:assert/strict';
import type { LockEvent } from '@staycode/core';
import { learn, NOTHING_KNOWN, presentArrivals } from '../../homebridge-plugin/src/door-knowledge.ts';

const DAY_MS = 86_400_000;
const WEEK = { startsAtMs: 10 * DAY_MS, endsAtMs: 17 * DAY_MS };
const LATER = { startsAtMs: 17 * DAY_MS + 4 * 3_600_000, endsAtMs: 20 * DAY_MS };

function eventOf(part: Partial<LockEvent>): LockEvent {
  const opening = { event: 'LockOperation', operation: 'Unlock', source: 'Keypad', reason: 'stay' } as const;
  return { v: 1, lockId: 'door', seq: 1, atMs: 0, ...opening, unitId: 'flat-a', window: WEEK, ...part };
}
const learnAll = (...parts: Partial<LockEvent>[]) => parts.map(eventOf).reduce(learn, NOTHING_KNOWN);

describe('what a door’s events teach', () => {
  it('a guest has arrived when a stay’s code opens, amended or as a PIN too, until check-out', () => {
    for (const reason of ['stay', 'amendment', 'pin']) {
      const known = learnAll({ reason });
      assert.deepEqual(presentArrivals(known, WEEK.endsAtMs - 1), [{ unitId: 'flat-a', ...WEEK }], reason);
      assert.deepEqual(presentArrivals(known, WEEK.endsAtMs), [], reason);
    }
  });

  it('nobody arrives by a one-time code, by staff, by a refused code or by the bolt alone', () => {
    for (const part of [
      { reason: 'one-time' },
      { reason: 'staff', unitId: null, window: null },
      { event: 'LockOperationError', reason: 'early' },
      { reason: null, source: 'Remote', unitId: null, window: null },
    ] as const) {
      assert.deepEqual(learnAll(part).arrivals, [], JSON.stringify(part));
    }
  });

  it('a unit has the guest who came last, and each unit its own', () => {
    const known = learnAll({}, { unitId: 'flat-b' }, { window: LATER });
    assert.deepEqual(known.arrivals, [
      { unitId: 'flat-b', ...WEEK },
      { unitId: 'flat-a', ...LATER },
    ]);
  });

  it('a revocation typed at the door ends the stay that it collides with, and no other', () => {
    const revocation = { reason: 'revocation', operation: null } as const;
    assert.deepEqual(learnAll({}, revocation).arrivals, []);
    assert.equal(learnAll({}, { ...revocation, unitId: 'flat-b' }).arrivals.length, 1);
    assert.equal(learnAll({}, { ...revocation, window: LATER }).arrivals.length, 1);
  });

  it('a forced door and a shut keypad are an alarm; a wrong code and a jam are none', () => {
    assert.ok(learnAll({ event: 'DoorLockAlarm', source: 'Auto', operation: null, reason: 'forced' }).alarm);
    assert.ok(learnAll({ event: 'LockOperationError', reason: 'closed' }).alarm);
    assert.ok(!learnAll({ event: 'LockOperationError', reason: 'unknown' }).alarm);
    assert.ok(!learnAll({ event: 'DoorLockAlarm', source: 'Auto', operation: null, reason: 'jammed' }).alarm);
  });

  it('an alarm stays until a code or a command moves the bolt', () => {
    const forced = { event: 'DoorLockAlarm', source: 'Auto', operation: null, reason: 'forced' } as const;
    assert.ok(learnAll(forced, { event: 'LockOperationError', reason: 'unknown' }).alarm);
    assert.ok(learnAll(forced, { source: 'Manual', reason: null }).alarm);
    assert.ok(learnAll(forced, { source: 'Auto', operation: 'Lock', reason: null }).alarm);
    assert.ok(learnAll(forced, { operation: null, reason: 'clock' }).alarm);
    assert.ok(!learnAll(forced, {}).alarm);
    assert.ok(!learnAll(forced, { source: 'Remote', reason: null }).alarm);
  });

  it('the last action is the last that moved the bolt', () => {
    const manual = { source: 'Manual', operation: 'Lock', reason: null } as const;
    const known = learnAll({}, manual, { event: 'LockOperationError', reason: 'unknown' });
    assert.deepEqual(known.lastAction, { operation: 'Lock', source: 'Manual' });
    assert.equal(learnAll({ operation: null, reason: 'clock' }).lastAction, null);
  });
});
