import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { signCommand } from '@staycode/core';
import { scratchFolder } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { commandKey, DAY_MS, FaultyLock, HOUR_MS, LOCK_ID, MINUTE_MS, PIN, STAY } from './faulty-lock.ts';

describe('the simulated lock without power', () => {
  const door = new FaultyLock();
  beforeEach(() => door.start());
  afterEach(() => door.stop());

  it('answers no entry with 503 and judges none, and lists the fault', async () => {
    const cut = { fault: 'power-cut', on: true, clock: 'kept', seconds: null };
    assert.deepEqual(await door.cutPower(), [cut]);
    assert.deepEqual(await door.post('/api/entry', { digits: STAY }), {
      status: 503,
      answer: { error: 'lock: expected power, got none' },
    });
    assert.deepEqual((await door.state()).faults, [cut]);
    assert.deepEqual((await door.state()).events, []);
    assert.deepEqual(await door.restorePower(), []);
    assert.equal(await door.enter(STAY), 'opened stay');
  });

  it('moves no bolt for a verdict that was under way, but knows the code afterwards', async () => {
    const entry = door.lock.enter(STAY);
    // The entry is on disk, and its verdict waits for the tick.
    await Promise.resolve();
    await door.lock.applyFault({ fault: 'power-cut', on: true, clock: 'kept', seconds: null });
    await assert.rejects(entry, { code: 'no-power' });
    assert.equal(door.lock.status().bolt, 'secured');
    await door.restorePower();
    assert.equal(await door.enter(PIN), 'opened pin');
  });

  it('turns by hand, and writes nothing of it', async () => {
    await door.cutPower();
    await door.apply({ fault: 'jammed', on: true });
    assert.deepEqual((await door.post('/api/turn', { to: 'unlock' })).answer, { bolt: 'jammed' });
    await door.apply({ fault: 'jammed', on: false });
    assert.deepEqual((await door.post('/api/turn', { to: 'unlock' })).answer, { bolt: 'unsecured' });
    await door.restorePower();
    assert.deepEqual((await door.state()).events, []);
    assert.equal((await door.state()).status.bolt, 'unsecured');
  });

  it('does not open sooner after wrong entries: the wait begins again and only powered time counts', async () => {
    for (const wrong of ['1', '2', '3', '4', '5']) assert.equal(await door.enter(wrong), 'refused unknown');
    door.clock.pass(50_000);
    await door.cutPower();
    door.clock.pass(HOUR_MS);
    await door.restorePower();
    door.clock.pass(59_000);
    assert.equal(await door.enter('6'), 'refused closed');
    door.clock.pass(MINUTE_MS);
    assert.equal(await door.enter('7'), 'refused unknown');
  });

  it('forgets no PIN, and its clock runs on', async () => {
    await door.enter(STAY);
    await door.cutPower();
    door.clock.pass(DAY_MS);
    await door.restorePower();
    assert.equal((await door.state()).status.atMs, door.clock.now());
    assert.equal(await door.enter(PIN), 'opened pin');
  });

  it('has power again by itself after the seconds asked for, and not twice when it was back before', async () => {
    await door.cutPower({ seconds: 600 });
    door.clock.pass(599_000);
    assert.equal(await door.enter(STAY), 'no answer: 503');
    door.clock.pass(1_000);
    await until(() => door.lock.faults().length === 0);
    assert.equal(await door.enter(STAY), 'opened stay');
    await door.cutPower({ seconds: 600 });
    await door.restorePower();
    await door.cutPower();
    door.clock.pass(HOUR_MS);
    assert.equal(await door.enter(STAY), 'no answer: 503');
    assert.equal(door.countBoots(), 3);
  });

  it('takes no command that was signed for the boot before', async () => {
    const sign = async (): Promise<string> => {
      const { bootEpoch, counter, poweredMs } = await door.greet();
      return signCommand(commandKey, {
        ...{ lockId: LOCK_ID, controllerId: 'homebridge', bootEpoch, counter: counter + 1 },
        expiresAtPoweredMs: poweredMs + 30_000,
        act: { name: 'unlock' },
      });
    };
    const before = await sign();
    await door.cutPower();
    await assert.rejects(door.command(before), { code: 'no-power' });
    await door.restorePower();
    assert.equal(await door.command(before), 'other-boot');
    assert.equal(await door.command(await sign()), null);
  });

  it('locks a door again that was unlocked when the power went', async () => {
    await door.restart({ autoLockMs: 20 });
    await door.cutPower();
    await door.post('/api/turn', { to: 'unlock' });
    await door.restorePower();
    await until(() => door.lock.status().bolt === 'secured');
    assert.equal((await door.state()).events.at(-1)?.source, 'Auto');
  });

  it('reports why it does not start when its journal was damaged meanwhile, and stays without power', async () => {
    const folder = scratchFolder();
    await door.restart({ folder });
    await door.cutPower({ seconds: 10 });
    writeFileSync(`${folder}/journal.jsonl`, 'not a journal\n');
    door.clock.pass(10_000);
    await until(() => door.reports.length > 0);
    assert.match(door.reports.splice(0).join(), /expected a lock's journal/u);
    assert.equal(await door.enter(STAY), 'no answer: 503');
  });
});
