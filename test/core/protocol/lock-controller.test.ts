import assert from 'node:assert/strict';
import sinon from 'sinon';
import {
  type CommandOutcome,
  LockController,
  type LockControllerOptions,
} from '../../../core/src/protocol/lock-controller.ts';
import { type Act, type Command, type LockEvent, type LockState, signAnswer, STALE_MS } from '@staycode/core';
import { ScriptedLock } from './scripted-lock.ts';

describe('lock controller', () => {
  const LOCK_AHEAD_MS = 1_800_000_000_000;
  const POWERED_AHEAD_MS = 77_000_000;
  let timers: sinon.SinonFakeTimers;
  let lock: ScriptedLock;
  let told: string[];
  let published: string[];
  let nonces: number;
  let hellos: number;
  let controller: LockController;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ now: 1_000, toFake: ['setTimeout', 'clearTimeout'] });
    lock = new ScriptedLock(
      () => timers.now + LOCK_AHEAD_MS,
      'front-door',
      () => timers.now + POWERED_AHEAD_MS,
    );
    nonces = 0;
    hellos = 0;
    told = [];
    published = [];
    controller = new LockController(options());
  });
  afterEach(() => {
    timers.restore();
  });

  function options(): LockControllerOptions {
    return {
      lockId: lock.lockId,
      controllerId: 'homebridge',
      commandKey: lock.commandKey('homebridge'),
      clock: {
        monotonicMs: () => timers.now,
        after: (delayMs, callback) => {
          const timer = setTimeout(callback, delayMs);
          return () => {
            clearTimeout(timer);
          };
        },
      },
      newNonce: () => (++nonces).toString(16).padStart(32, '0'),
      publish: (topic, text) => {
        if (topic === controller.topics.hello) {
          hellos++;
          const session = lock.greet(text);
          if (session !== null) receive('session', session);
          return;
        }
        assert.equal(topic, controller.topics.command);
        published.push(text);
        const answer = lock.judge(text);
        if (answer !== null) receive('answer', answer);
      },
      listener: {
        stateCame: (state) => told.push(`state ${state.bolt}`),
        reachableChanged: (reachable) => told.push(`reachable ${reachable}`),
        eventCame: (event) => told.push(`event ${event.seq}`),
        messageIgnored: (why) => told.push(`ignored ${why}`),
      },
    };
  }
  function receive(
    topic: 'availability' | 'state' | 'event' | 'session' | 'answer',
    text: string,
    retained = false,
  ): void {
    controller.receive({ topic: controller.topics[topic], text, retained });
  }
  function sendState(changes: Partial<LockState> = {}, retained = false): void {
    receive('state', JSON.stringify({ ...lock.state(), ...changes }), retained);
  }
  function bringUp(): void {
    controller.connectionUp();
    receive('availability', 'online', true);
    sendState();
    told.length = 0;
  }
  async function bringUpWithSession(): Promise<void> {
    bringUp();
    await controller.send({ name: 'lock' });
  }
  function commandIn(text: string | undefined): Command {
    const { body } = JSON.parse(text ?? '') as { body: string };
    return JSON.parse(body) as Command;
  }
  /** The outcome once everything that is due within `ms` has happened. */
  async function outcomeWithin(
    ms: number,
    sent: Promise<CommandOutcome>,
  ): Promise<CommandOutcome | 'waiting'> {
    await timers.tickAsync(ms);
    return Promise.race([sent, Promise.resolve('waiting' as const)]);
  }

  describe('reachable', () => {
    it('needs the broker, the lock online and a state', () => {
      assert.equal(controller.reachable, false);
      sendState();
      receive('availability', 'online');
      assert.equal(controller.reachable, false);
      controller.connectionUp();
      assert.equal(controller.reachable, true);
      assert.deepEqual(told, ['state secured', 'reachable true']);
    });

    it('ends with the last will, and comes back only with a new state', () => {
      bringUp();
      receive('availability', 'offline');
      receive('availability', 'online');
      assert.equal(controller.reachable, false);
      sendState();
      assert.deepEqual(told, ['reachable false', 'state secured', 'reachable true']);
    });

    it('takes a last will and a state in either order, after every connect', () => {
      controller.connectionUp();
      receive('availability', 'offline', true);
      sendState({}, true);
      assert.equal(controller.reachable, false);
      receive('availability', 'online');
      assert.equal(controller.reachable, true);
      controller.connectionDown();
      controller.connectionUp();
      sendState({}, true);
      assert.equal(controller.reachable, false);
      receive('availability', 'offline', true);
      assert.equal(controller.reachable, false);
    });

    it('ends when the heartbeat goes stale, by arrival and whatever the lock says of its clock', () => {
      bringUp();
      timers.tick(STALE_MS - 1);
      sendState({ atMs: 0 });
      timers.tick(STALE_MS - 1);
      assert.equal(controller.reachable, true);
      timers.tick(1);
      assert.equal(controller.reachable, false);
      assert.deepEqual(told, ['state secured', 'reachable false']);
    });

    it('ends with the connection and does not trust what was known before the next one', () => {
      bringUp();
      controller.connectionDown();
      controller.connectionUp();
      assert.equal(controller.reachable, false);
      assert.equal(controller.state?.bolt, 'secured');
      receive('availability', 'online', true);
      assert.equal(controller.reachable, false);
      sendState({}, true);
      assert.equal(controller.reachable, true);
    });
  });

  describe('send', () => {
    it('has the lock act and resolves with its answer', async () => {
      bringUp();
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: true });
      assert.equal(lock.bolt, 'unsecured');
    });

    it('publishes nothing while the lock is out of reach', async () => {
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: false, reason: 'unreachable' });
      bringUp();
      timers.tick(STALE_MS);
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: false, reason: 'unreachable' });
      assert.deepEqual(published, []);
    });

    it('counts on from what the lock remembers of it', async () => {
      lock.memory = { ...lock.memory, counters: { homebridge: 41 } };
      bringUp();
      await controller.send({ name: 'unlock' });
      await controller.send({ name: 'lock' });
      assert.deepEqual(
        published.map((text) => commandIn(text).counter),
        [42, 43],
      );
    });

    it('takes no counter from what every object inherits', async () => {
      controller = new LockController({
        ...options(),
        controllerId: 'constructor',
        commandKey: lock.commandKey('constructor'),
      });
      bringUp();
      await controller.send({ name: 'unlock' });
      assert.equal(commandIn(published[0]).counter, 1);
    });

    it('dies in the lock’s powered time when the wait for its answer ends', async () => {
      bringUp();
      await controller.send({ name: 'lock' });
      timers.tick(20_000);
      await controller.send({ name: 'unlock' });
      assert.equal(commandIn(published[1]).expiresAtPoweredMs, timers.now + POWERED_AHEAD_MS + 5_000);
    });

    it('asks for one session for all that wait, and again only when it is old', async () => {
      bringUp();
      await Promise.all([controller.send({ name: 'unlock' }), controller.send({ name: 'lock' })]);
      assert.equal(hellos, 1);
      for (let minute = 0; minute < 10; minute++) {
        timers.tick(60_000);
        sendState();
      }
      await controller.send({ name: 'unlock' });
      assert.equal(hellos, 2);
    });

    it('takes no session that is forged, retained, for others or an answer to another question', async () => {
      bringUp();
      const sessions: string[] = [];
      controller = new LockController({
        ...options(),
        publish: (topic, text) => {
          assert.equal(topic, controller.topics.hello);
          sessions.push(lock.greet(text) ?? '');
        },
      });
      bringUp();
      const first = controller.send({ name: 'unlock' });
      await timers.tickAsync(5_000);
      assert.deepEqual(await first, { ok: false, reason: 'unreachable' });
      const second = controller.send({ name: 'unlock' });
      const [old = '', own = ''] = sessions;
      receive('session', old);
      receive('session', own, true);
      receive('session', own.replace(/"mac":"../u, '"mac":"zz'));
      receive('session', own.replace('"counter\\":0', '"counter\\":9'));
      assert.deepEqual(await outcomeWithin(5_000, second), { ok: false, reason: 'unreachable' });
    });

    it('finds its way again after a boot of the lock that it has not heard of', async () => {
      bringUp();
      await controller.send({ name: 'lock' });
      lock.bootEpoch = 'ffeeddccbbaa99887766554433221100';
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: true });
      assert.equal(lock.bolt, 'unsecured');
      assert.equal(hellos, 2);
    });

    it('finds its way again where another run under its name has counted on, or the clocks came apart', async () => {
      bringUp();
      await controller.send({ name: 'lock' });
      lock.memory = { ...lock.memory, counters: { homebridge: 7 } };
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: true });
      assert.equal(commandIn(published.at(-1)).counter, 8);
    });

    it('gives the lock’s reason for a refusal', async () => {
      bringUp();
      const code = { unitId: 'flat-a', keyVersion: 1, kind: 'stay', revision: 0 } as const;
      const resume: Act = { name: 'resume', code: { ...code, startsAtMs: 0, endsAtMs: 1 } };
      assert.deepEqual(await controller.send(resume), { ok: false, reason: 'unknown-code' });
      lock.bolt = 'jammed';
      sendState();
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: false, reason: 'jammed' });
    });

    it('never has another controller refused', async () => {
      bringUp();
      const first = controller;
      const second = new LockController({
        ...options(),
        controllerId: 'node-red',
        commandKey: lock.commandKey('node-red'),
      });
      for (const each of [second, first, second, second, first]) {
        controller = each;
        bringUp();
        assert.deepEqual(await each.send({ name: 'unlock' }), { ok: true });
      }
      assert.deepEqual(lock.memory.counters, { 'node-red': 3, homebridge: 2 });
    });

    it('sets the clock to the time that is meant, the wait for a session included', async () => {
      bringUp();
      const hello: string[] = [];
      controller = new LockController({
        ...options(),
        publish: (topic, text) => {
          if (topic === controller.topics.hello) hello.push(text);
          else published.push(text);
        },
      });
      bringUp();
      const sent = controller.send({ name: 'set-clock', atMs: 1_800_000_000_000 });
      await timers.tickAsync(1_500);
      receive('session', lock.greet(hello[0] ?? '') ?? '');
      await timers.tickAsync(0);
      assert.deepEqual(commandIn(published[0]).act, { name: 'set-clock', atMs: 1_800_000_001_500 });
      await timers.tickAsync(5_000);
      assert.deepEqual(await sent, { ok: false, reason: 'no-answer' });
    });

    it('gives up after the timeout, and a later answer changes nothing', async () => {
      await bringUpWithSession();
      lock.silent = true;
      const sent = controller.send({ name: 'unlock' });
      assert.equal(await outcomeWithin(4_999, sent), 'waiting');
      assert.deepEqual(await outcomeWithin(1, sent), { ok: false, reason: 'no-answer' });
      answerAs('homebridge', { counter: 2, ok: true });
      assert.deepEqual(await sent, { ok: false, reason: 'no-answer' });
    });

    it('has sent nothing where its question for a session is not answered', async () => {
      bringUp();
      lock.silent = true;
      assert.deepEqual(await outcomeWithin(5_000, controller.send({ name: 'unlock' })), {
        ok: false,
        reason: 'unreachable',
      });
      assert.deepEqual(published, []);
    });

    it('is not settled by answers that are forged, retained, for others, of another boot or for another command', async () => {
      await bringUpWithSession();
      lock.silent = true;
      const sent = controller.send({ name: 'unlock' });
      answerAs('node-red', { counter: 2, ok: true, controllerId: 'homebridge' });
      answerAs('node-red', { counter: 2, ok: true });
      answerAs('homebridge', { counter: 2, ok: true, lockId: 'back-door' });
      answerAs('homebridge', { counter: 2, ok: true, controllerId: 'node-red' });
      answerAs('homebridge', { counter: 2, ok: true, bootEpoch: 'ffeeddccbbaa99887766554433221100' });
      answerAs('homebridge', { counter: 3, ok: true });
      answerAs('homebridge', { counter: 2, ok: true }, true);
      assert.equal(await outcomeWithin(1, sent), 'waiting');
      answerAs('homebridge', { counter: 2, ok: true });
      assert.deepEqual(await sent, { ok: true });
    });

    it('ends with the controller, which says and sends nothing more', async () => {
      await bringUpWithSession();
      lock.silent = true;
      const sent = controller.send({ name: 'unlock' });
      controller.close();
      assert.deepEqual(await sent, { ok: false, reason: 'no-answer' });
      assert.equal(timers.countTimers(), 0);
      assert.deepEqual(await controller.send({ name: 'unlock' }), { ok: false, reason: 'unreachable' });
      controller.connectionDown();
      assert.deepEqual(told, []);
    });
  });

  function answerAs(
    signer: string,
    answer: { counter: number; ok: boolean; controllerId?: string; lockId?: string; bootEpoch?: string },
    retained = false,
  ): void {
    const { lockId, bootEpoch } = lock;
    const whole = { lockId, bootEpoch, controllerId: signer, reason: null, ...answer };
    receive('answer', signAnswer(lock.commandKey(signer), whole), retained);
  }

  describe('receive', () => {
    const event: LockEvent = {
      v: 1,
      lockId: 'front-door',
      seq: 5,
      atMs: 0,
      event: 'LockOperation',
      operation: 'Unlock',
      source: 'Keypad',
      reason: 'stay',
      unitId: 'flat-1',
      window: null,
    };

    it('passes events on, but never a retained one', () => {
      receive('event', JSON.stringify(event));
      receive('event', JSON.stringify(event), true);
      assert.deepEqual(told, ['event 5', 'ignored event or answer: expected it not retained']);
    });

    it('ignores what is no message, saying which and why but not what came', () => {
      bringUp();
      receive('availability', '123456789012');
      receive('state', '{');
      sendState({ bolt: '123456789012' as 'secured' });
      receive('answer', '"123456789012"');
      receive('event', '{"v":2}');
      assert.equal(told.length, 5);
      assert.ok(told.every((line) => line.startsWith('ignored ') && !line.includes('123456789012')));
      assert.equal(controller.reachable, true);
    });

    it('ignores the state and the event of another lock', () => {
      sendState({ lockId: 'back-door' });
      receive('event', JSON.stringify({ ...event, lockId: 'back-door' }));
      assert.equal(controller.state, null);
      assert.deepEqual(told, [
        'ignored state: lockId: expected the lock of the topic',
        'ignored event: lockId: expected the lock of the topic',
      ]);
    });
  });

  it('refuses ids and keys that are none', () => {
    assert.throws(() => new LockController({ ...options(), lockId: '' }), { code: 'bad-id' });
    assert.throws(() => new LockController({ ...options(), controllerId: ' x' }), { code: 'bad-id' });
    assert.throws(() => new LockController({ ...options(), commandKey: new Uint8Array(31) }), {
      code: 'bad-key',
    });
  });
});
