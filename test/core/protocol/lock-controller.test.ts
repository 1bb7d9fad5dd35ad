import assert from 'node:assert/strict';
import { type LockEvent, STALE_MS } from '@staycode/core';
import { LockController } from '../../../core/src/protocol/lock-controller.ts';
import { ControlledLock } from './controlled-lock.ts';

describe('lock controller', () => {
  const at = new ControlledLock();
  beforeEach(() => {
    at.start();
  });
  afterEach(() => {
    at.stop();
  });

  describe('reachable', () => {
    it('needs the broker, the lock online and a state', () => {
      assert.equal(at.controller.reachable, false);
      at.sendState();
      at.receive('availability', 'online');
      assert.equal(at.controller.reachable, false);
      at.controller.connectionUp();
      assert.equal(at.controller.reachable, true);
      assert.deepEqual(at.told, ['state secured', 'reachable true']);
    });

    it('ends with the last will, and comes back only with a new state', () => {
      at.bringUp();
      at.receive('availability', 'offline');
      at.receive('availability', 'online');
      assert.equal(at.controller.reachable, false);
      at.sendState();
      assert.deepEqual(at.told, ['reachable false', 'state secured', 'reachable true']);
    });

    it('takes a last will and a state in either order, after every connect', () => {
      at.controller.connectionUp();
      at.receive('availability', 'offline', true);
      at.sendState({}, true);
      assert.equal(at.controller.reachable, false);
      at.receive('availability', 'online');
      assert.equal(at.controller.reachable, true);
      at.controller.connectionDown();
      at.controller.connectionUp();
      at.sendState({}, true);
      assert.equal(at.controller.reachable, false);
      at.receive('availability', 'offline', true);
      assert.equal(at.controller.reachable, false);
    });

    it('ends when the heartbeat goes stale, by arrival and whatever the lock says of its clock', () => {
      at.bringUp();
      at.timers.tick(STALE_MS - 1);
      at.sendState({ atMs: 0 });
      at.timers.tick(STALE_MS - 1);
      assert.equal(at.controller.reachable, true);
      at.timers.tick(1);
      assert.equal(at.controller.reachable, false);
      assert.deepEqual(at.told, ['state secured', 'reachable false']);
    });

    it('ends with the connection and does not trust what was known before the next one', () => {
      at.bringUp();
      at.controller.connectionDown();
      at.controller.connectionUp();
      assert.equal(at.controller.reachable, false);
      assert.equal(at.controller.state?.bolt, 'secured');
      at.receive('availability', 'online', true);
      assert.equal(at.controller.reachable, false);
      at.sendState({}, true);
      assert.equal(at.controller.reachable, true);
    });
  });

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
      at.receive('event', JSON.stringify(event));
      at.receive('event', JSON.stringify(event), true);
      assert.deepEqual(at.told, ['event 5', 'ignored event or answer: expected it not retained']);
    });

    it('ignores what is no message, saying which and why but not what came', () => {
      at.bringUp();
      at.receive('availability', '123456789012');
      at.receive('state', '{');
      at.sendState({ bolt: '123456789012' as 'secured' });
      at.receive('answer', '"123456789012"');
      at.receive('event', '{"v":2}');
      assert.equal(at.told.length, 5);
      assert.ok(at.told.every((line) => line.startsWith('ignored ') && !line.includes('123456789012')));
      assert.equal(at.controller.reachable, true);
    });

    it('ignores the state and the event of another lock', () => {
      at.sendState({ lockId: 'back-door' });
      at.receive('event', JSON.stringify({ ...event, lockId: 'back-door' }));
      assert.equal(at.controller.state, null);
      assert.deepEqual(at.told, [
        'ignored state: lockId: expected the lock of the topic',
        'ignored event: lockId: expected the lock of the topic',
      ]);
    });
  });

  it('refuses ids and keys that are none', () => {
    assert.throws(() => new LockController({ ...at.options(), lockId: '' }), { code: 'bad-id' });
    assert.throws(() => new LockController({ ...at.options(), controllerId: ' x' }), { code: 'bad-id' });
    assert.throws(() => new LockController({ ...at.options(), commandKey: new Uint8Array(31) }), {
      code: 'bad-key',
    });
  });
});
