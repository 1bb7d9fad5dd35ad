import assert from 'node:assert/strict';
import { type Act, STALE_MS } from '@staycode/core';
import { LockController } from '../../../core/src/protocol/lock-controller.ts';
import { commandIn, ControlledLock, POWERED_AHEAD_MS } from './controlled-lock.ts';

describe('lock controller, sending', () => {
  const at = new ControlledLock();
  beforeEach(() => {
    at.start();
  });
  afterEach(() => {
    at.stop();
  });

  it('has the lock act and resolves with its answer', async () => {
    at.bringUp();
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: true });
    assert.equal(at.lock.bolt, 'unsecured');
  });

  it('publishes nothing while the lock is out of reach', async () => {
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: false, reason: 'unreachable' });
    at.bringUp();
    at.timers.tick(STALE_MS);
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: false, reason: 'unreachable' });
    assert.deepEqual(at.published, []);
  });

  it('counts on from what the lock remembers of it', async () => {
    at.lock.memory = { ...at.lock.memory, counters: { homebridge: 41 } };
    at.bringUp();
    await at.controller.send({ name: 'unlock' });
    await at.controller.send({ name: 'lock' });
    assert.deepEqual(
      at.published.map((text) => commandIn(text).counter),
      [42, 43],
    );
  });

  it('takes no counter from what every object inherits', async () => {
    at.controller = new LockController({
      ...at.options(),
      controllerId: 'constructor',
      commandKey: at.lock.commandKey('constructor'),
    });
    at.bringUp();
    await at.controller.send({ name: 'unlock' });
    assert.equal(commandIn(at.published[0]).counter, 1);
  });

  it('dies in the lock’s powered time when the wait for its answer ends', async () => {
    at.bringUp();
    await at.controller.send({ name: 'lock' });
    at.timers.tick(20_000);
    await at.controller.send({ name: 'unlock' });
    assert.equal(commandIn(at.published[1]).expiresAtPoweredMs, at.timers.now + POWERED_AHEAD_MS + 5_000);
  });

  it('asks for one session for all that wait, and again only when it is old', async () => {
    at.bringUp();
    await Promise.all([at.controller.send({ name: 'unlock' }), at.controller.send({ name: 'lock' })]);
    assert.equal(at.hellos, 1);
    for (let minute = 0; minute < 10; minute++) {
      at.timers.tick(60_000);
      at.sendState();
    }
    await at.controller.send({ name: 'unlock' });
    assert.equal(at.hellos, 2);
  });

  it('takes no session that is forged, retained, for others or an answer to another question', async () => {
    at.bringUp();
    const sessions: string[] = [];
    at.controller = new LockController({
      ...at.options(),
      publish: (topic, text) => {
        assert.equal(topic, at.controller.topics.hello);
        sessions.push(at.lock.greet(text) ?? '');
      },
    });
    at.bringUp();
    const first = at.controller.send({ name: 'unlock' });
    await at.timers.tickAsync(5_000);
    assert.deepEqual(await first, { ok: false, reason: 'unreachable' });
    const second = at.controller.send({ name: 'unlock' });
    const [old = '', own = ''] = sessions;
    at.receive('session', old);
    at.receive('session', own, true);
    at.receive('session', own.replace(/"mac":"../u, '"mac":"zz'));
    at.receive('session', own.replace('"counter\\":0', '"counter\\":9'));
    assert.deepEqual(await at.outcomeWithin(5_000, second), { ok: false, reason: 'unreachable' });
  });

  it('finds its way again after a boot of the lock that it has not heard of', async () => {
    at.bringUp();
    await at.controller.send({ name: 'lock' });
    at.lock.bootEpoch = 'ffeeddccbbaa99887766554433221100';
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: true });
    assert.equal(at.lock.bolt, 'unsecured');
    assert.equal(at.hellos, 2);
  });

  it('finds its way again where another run under its name has counted on, or the clocks came apart', async () => {
    at.bringUp();
    await at.controller.send({ name: 'lock' });
    at.lock.memory = { ...at.lock.memory, counters: { homebridge: 7 } };
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: true });
    assert.equal(commandIn(at.published.at(-1)).counter, 8);
  });

  it('gives the lock’s reason for a refusal', async () => {
    at.bringUp();
    const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0 } as const;
    const resume: Act = { name: 'resume', code: { ...code, startsAtMs: 0, endsAtMs: 1 } };
    assert.deepEqual(await at.controller.send(resume), { ok: false, reason: 'unknown-code' });
    at.lock.bolt = 'jammed';
    at.sendState();
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: false, reason: 'jammed' });
  });

  it('never has another controller refused', async () => {
    at.bringUp();
    const first = at.controller;
    const second = new LockController({
      ...at.options(),
      controllerId: 'node-red',
      commandKey: at.lock.commandKey('node-red'),
    });
    for (const each of [second, first, second, second, first]) {
      at.controller = each;
      at.bringUp();
      assert.deepEqual(await each.send({ name: 'unlock' }), { ok: true });
    }
    assert.deepEqual(at.lock.memory.counters, { 'node-red': 3, homebridge: 2 });
  });

  it('sets the clock to the time that is meant, the wait for a session included', async () => {
    at.bringUp();
    const hello: string[] = [];
    at.controller = new LockController({
      ...at.options(),
      publish: (topic, text) => {
        if (topic === at.controller.topics.hello) hello.push(text);
        else at.published.push(text);
      },
    });
    at.bringUp();
    const sent = at.controller.send({ name: 'set-clock', atMs: 1_800_000_000_000 });
    await at.timers.tickAsync(1_500);
    at.receive('session', at.lock.greet(hello[0] ?? '') ?? '');
    await at.timers.tickAsync(0);
    assert.deepEqual(commandIn(at.published[0]).act, { name: 'set-clock', atMs: 1_800_000_001_500 });
    await at.timers.tickAsync(5_000);
    assert.deepEqual(await sent, { ok: false, reason: 'no-answer' });
  });

  it('gives up after the timeout, and a later answer changes nothing', async () => {
    await at.bringUpWithSession();
    at.lock.silent = true;
    const sent = at.controller.send({ name: 'unlock' });
    assert.equal(await at.outcomeWithin(4_999, sent), 'waiting');
    assert.deepEqual(await at.outcomeWithin(1, sent), { ok: false, reason: 'no-answer' });
    at.answerAs('homebridge', { counter: 2, ok: true });
    assert.deepEqual(await sent, { ok: false, reason: 'no-answer' });
  });

  it('has sent nothing where its question for a session is not answered', async () => {
    at.bringUp();
    at.lock.silent = true;
    assert.deepEqual(await at.outcomeWithin(5_000, at.controller.send({ name: 'unlock' })), {
      ok: false,
      reason: 'unreachable',
    });
    assert.deepEqual(at.published, []);
  });

  it('is not settled by answers that are forged, retained, for others, of another boot or for another command', async () => {
    await at.bringUpWithSession();
    at.lock.silent = true;
    const sent = at.controller.send({ name: 'unlock' });
    at.answerAs('node-red', { counter: 2, ok: true, controllerId: 'homebridge' });
    at.answerAs('node-red', { counter: 2, ok: true });
    at.answerAs('homebridge', { counter: 2, ok: true, lockId: 'back-door' });
    at.answerAs('homebridge', { counter: 2, ok: true, controllerId: 'node-red' });
    at.answerAs('homebridge', { counter: 2, ok: true, bootEpoch: 'ffeeddccbbaa99887766554433221100' });
    at.answerAs('homebridge', { counter: 3, ok: true });
    at.answerAs('homebridge', { counter: 2, ok: true }, true);
    assert.equal(await at.outcomeWithin(1, sent), 'waiting');
    at.answerAs('homebridge', { counter: 2, ok: true });
    assert.deepEqual(await sent, { ok: true });
  });

  it('ends with the controller, which says and sends nothing more', async () => {
    await at.bringUpWithSession();
    at.lock.silent = true;
    const sent = at.controller.send({ name: 'unlock' });
    at.controller.close();
    assert.deepEqual(await sent, { ok: false, reason: 'no-answer' });
    assert.equal(at.timers.countTimers(), 0);
    assert.deepEqual(await at.controller.send({ name: 'unlock' }), { ok: false, reason: 'unreachable' });
    at.controller.connectionDown();
    assert.deepEqual(at.told, []);
  });
});
