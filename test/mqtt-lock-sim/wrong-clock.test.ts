import assert from 'node:assert/strict';
import { issueClockCode } from '@staycode/core';
import { until } from '../support/until.ts';
import { codeKey, DAY_MS, FaultyLock, HOUR_MS, MINUTE_MS, PIN, STAY, stayCode } from './faulty-lock.ts';

describe('the simulated lock with a wrong clock', () => {
  const door = new FaultyLock();
  beforeEach(() => door.start());
  afterEach(() => door.stop());

  it('lets nobody new in with the clock lost, until a clock code mends it', async () => {
    await door.apply({ fault: 'clock-lost' });
    assert.deepEqual((await door.state()).faults, []);
    assert.equal((await door.state()).status.clock, 'lost');
    door.clock.pass(HOUR_MS);
    assert.equal(await door.enter(STAY), 'refused clock-lost');
    const code = issueClockCode(codeKey, { atMs: door.clock.now(), alphabet: 'decimal' });
    assert.equal(await door.enter(code), 'done clock');
    await door.cutPower();
    await door.restorePower();
    assert.equal((await door.state()).status.clock, 'running');
    assert.equal(await door.enter(STAY), 'opened stay');
  });

  it('lets those in who were in before with the clock lost, but no longer than their powered time', async () => {
    await door.enter(STAY);
    await door.cutPower({ clock: 'lost' });
    door.clock.pass(30 * DAY_MS);
    await door.restorePower();
    assert.equal(await door.enter(PIN), 'opened pin');
    door.clock.pass(4 * DAY_MS);
    assert.equal(await door.enter(PIN), 'refused unknown');
    assert.equal(await door.enter(STAY), 'refused clock-lost');
  });

  it('loses its clock in a power cut that is on already, and has power again when that ends', async () => {
    await door.cutPower({ seconds: 60 });
    await door.apply({ fault: 'clock-lost' });
    assert.equal(await door.enter(STAY), 'no answer: 503');
    door.clock.pass(60_000);
    await until(() => door.lock.faults().length === 0);
    assert.equal(await door.enter(STAY), 'refused clock-lost');
  });

  it('drifts from now on: fast, it holds a stay for over at its end', async () => {
    door.clock.pass(DAY_MS);
    assert.deepEqual(await door.apply({ fault: 'drift', ppm: 100 }), [{ fault: 'drift', ppm: 100 }]);
    assert.equal((await door.state()).status.atMs, door.clock.now());
    // Nearly 77 days at 100 ppm: eleven minutes.
    door.clock.pass(76 * DAY_MS);
    const late = stayCode('2027-02-18T14:00:00Z', 1);
    door.clock.pass(Date.parse('2027-02-19T09:59:30Z') - door.clock.now());
    assert.equal(await door.enter(late), 'refused expired');
  });

  it('drifts from now on: slow, it holds a stay for early at its start', async () => {
    await door.apply({ fault: 'drift', ppm: -100 });
    door.clock.pass(76 * DAY_MS);
    const next = stayCode('2027-02-17T14:00:00Z', 1);
    door.clock.pass(Date.parse('2027-02-17T14:00:00Z') - door.clock.now());
    assert.equal(await door.enter(next), 'refused early');
    assert.deepEqual(await door.apply({ fault: 'drift', ppm: 0 }), []);
    door.clock.pass(2 * MINUTE_MS);
    assert.equal(await door.enter(next), 'opened stay');
  });

  it('jumps, either way', async () => {
    await door.apply({ fault: 'clock-jump', seconds: 5 * 86_400 });
    assert.equal(await door.enter(STAY), 'refused expired');
    assert.deepEqual(await door.apply({ fault: 'clock-jump', seconds: -5 * 86_400 }), []);
    assert.equal(await door.enter(STAY), 'opened stay');
  });
});
