import assert from 'node:assert/strict';
import { removeScratch } from '../support/scratch.ts';
import { NO_RESPONSE, PluggedHome } from './plugged-home.ts';

const ALL = { arrived: true, keypad: true, alarm: true, management: true };
const NONE = { arrived: false, keypad: false, alarm: false, management: false };
const FORCED = { event: 'DoorLockAlarm', operation: null, source: 'Auto', reason: 'forced' } as const;
const HOUR_MS = 3_600_000;

describe('the services of a lock in a real Homebridge', function () {
  this.timeout(60_000);
  let plugged: PluggedHome;

  before(async () => {
    plugged = new PluggedHome();
    await plugged.start({ services: ALL }, [
      'occupancy',
      'occupancyActive',
      'keypad',
      'alarm',
      'alarmActive',
    ]);
    await plugged.lock.join();
    await plugged.untilEvents('occupancyActive 1', 'alarmActive 1');
  });
  after(async () => {
    await plugged.stop();
    removeScratch();
  });

  /** A stay that began an hour ago and ends after so long. */
  function stayOf(unitId: string, endsInMs: number) {
    return { unitId, window: { startsAtMs: Date.now() - HOUR_MS, endsAtMs: Date.now() + endsInMs } };
  }

  it('begin with nobody there, no alarm, no press and no last action', async () => {
    assert.equal(await plugged.home.read('occupancy'), 0);
    assert.equal(await plugged.home.read('alarm'), 0);
    assert.equal(await plugged.home.read('keypad'), null);
    assert.equal((await plugged.home.discover()).lastAction, undefined);
  });

  it('show a guest’s entry as arrived and as a single press, and say who opened', async () => {
    await plugged.lock.publishEvent(stayOf('flat-a', HOUR_MS));
    await plugged.untilEvents('occupancy 1', 'keypad 0');
    await plugged.home.discover();
    assert.equal(await plugged.home.read('lastAction'), 5);
  });

  it('show staff as a double press and a refused entry as a long one, and neither as arrived', async () => {
    await plugged.lock.publishEvent({ reason: 'staff' });
    await plugged.untilEvents('keypad 1');
    await plugged.lock.publishEvent({ event: 'LockOperationError', reason: 'unknown' });
    await plugged.untilEvents('keypad 2');
  });

  it('show every press, also the same one again', async () => {
    await plugged.lock.publishEvent({ reason: 'staff' });
    await plugged.lock.publishEvent({ reason: 'staff' });
    await plugged.untilEvents('keypad 1', 'keypad 1');
  });

  it('show a forced door and a shut keypad as alarm until somebody who may opens', async () => {
    await plugged.lock.publishEvent(FORCED);
    await plugged.untilEvents('alarm 1');
    await plugged.lock.publishEvent({ source: 'Remote', reason: null });
    await plugged.untilEvents('alarm 0');
    assert.equal(await plugged.home.read('lastAction'), 7);
    await plugged.lock.publishEvent({ event: 'LockOperationError', reason: 'closed' });
    await plugged.untilEvents('keypad 2', 'alarm 1');
  });

  it('say by what means the bolt was moved last', async () => {
    const moves = [
      ['Lock', 'Manual', 9],
      ['Unlock', 'Manual', 10],
      ['Lock', 'Auto', 8],
      ['Lock', 'Remote', 6],
      ['Lock', 'Keypad', 4],
    ] as const;
    for (const [operation, source, expected] of moves) {
      await plugged.lock.publishEvent({ operation, source, reason: null });
      await plugged.untilReads('lastAction', expected);
    }
    plugged.home.events.length = 0;
  });

  it('are out of reach with the lock, sensors saying so by StatusActive', async () => {
    await plugged.lock.publishAvailability('offline');
    await plugged.untilEvents('occupancyActive 0', 'alarmActive 0');
    for (const place of ['occupancy', 'alarm', 'lastAction'] as const) {
      assert.equal(await plugged.home.read(place), NO_RESPONSE, place);
    }
    assert.equal(await plugged.home.read('occupancyActive'), 0);
    await plugged.lock.publishAvailability('online');
    await plugged.lock.publishState();
    await plugged.untilEvents('occupancyActive 1', 'alarmActive 1');
    assert.equal(await plugged.home.read('occupancy'), 1);
  });

  it('know after a restart of Homebridge who had arrived', async () => {
    await plugged.lock.publishEvent(FORCED);
    await plugged.untilEvents('alarm 1');
    await plugged.restart([plugged.lockConfig({ services: ALL })]);
    await plugged.watch();
    await plugged.untilReads('occupancy', 1);
    assert.equal(await plugged.home.read('alarm'), 1);
    assert.equal(await plugged.home.read('lastAction'), 4);
  });

  it('show a guest as gone at check-out, without any message', async () => {
    await plugged.lock.publishEvent(stayOf('flat-a', 1_500));
    await plugged.until('the press', () => plugged.home.events.includes('keypad 0'));
    await plugged.until('the end', () => plugged.home.events.includes('occupancy 0'));
    assert.equal(await plugged.home.read('occupancy'), 0);
  });

  it('leave the accessory one by one, and nothing else with them', async () => {
    const before = await plugged.home.discover();
    await plugged.restart([plugged.lockConfig({ services: NONE })]);
    const { serial, current, target } = before;
    assert.deepEqual(await plugged.home.discover(), { serial, current, target });
  });
});
