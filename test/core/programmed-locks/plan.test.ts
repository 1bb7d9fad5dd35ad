import assert from 'node:assert/strict';
import type { AccessCode } from '@staycode/core';
import { lifecycleOf } from '../../../core/src/access-codes/lifecycle.ts';
import { DEFAULT_SLOT_POLICY } from '../../../core/src/programmed-locks/policy.ts';
import { toLockList } from '../../../core/src/programmed-locks/slot-record.ts';
import { HostAtLock } from '../../support/programmed-locks/host-at-lock.ts';
import { NukiLock } from '../../support/programmed-locks/nuki-lock.ts';
import type { StandInLock } from '../../support/programmed-locks/stand-in-lock.ts';
import { ZigbeeLock } from '../../support/programmed-locks/zigbee-lock.ts';
import { ZwaveLock } from '../../support/programmed-locks/zwave-lock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 11, 1);
const { leadMs, leadWithWindowMs, settleMs } = DEFAULT_SLOT_POLICY;

const checkIn = (day: number): number => START_MS + day * DAY_MS + 15 * HOUR_MS;
const checkOut = (day: number): number => START_MS + day * DAY_MS + 11 * HOUR_MS;

/** A code as it is in the register, for the nights from one day to another. */
function codeOf(id: string, from: number, to: number, changes: Partial<AccessCode> = {}): AccessCode {
  const window = { startsAtMs: checkIn(from), endsAtMs: checkOut(to) };
  return {
    ...{
      id,
      unitId: 'flat',
      keyVersion: 1,
      alphabet: 'decimal',
      reservationId: `of ${id}`,
      kind: 'stay',
      revision: 0,
    },
    ...{ ...window, stay: window, issuedAtMs: START_MS, leftAtMs: START_MS, withdrawnAtMs: null, ...changes },
  };
}

const zigbee = (count = 30, exposesPins = true): ZigbeeLock => new ZigbeeLock({ count, exposesPins });
const zwave = (hasSchedules = true): ZwaveLock =>
  new ZwaveLock({ count: 10, hasSchedules, hidesPins: false });
const nuki = (count = 10): NukiLock => new NukiLock({ count });
const pinsIn = (lock: StandInLock): string[] => [...lock.codes.values()].map(({ pin }) => pin);

function start(lock: StandInLock, ...codes: [AccessCode, digits: string][]): HostAtLock {
  const host = new HostAtLock(lock);
  host.codes = codes.map(([code, digits]) => ({ code, digits }));
  host.nowMs = START_MS;
  return host;
}

const DIGITS = '345678912345';
const OTHERS = '456789123456';

describe('planLock', () => {
  describe('for a lock without windows', () => {
    it('sets the code an hour before check-in and clears it after check-out', () => {
      const lock = zigbee();
      const host = start(lock, [codeOf('a', 1, 3), DIGITS]).run(checkIn(1) - leadMs - 1);
      assert.deepEqual(host.written, []);
      host.run(checkIn(1) - leadMs + 5 * MINUTE_MS);
      assert.deepEqual(pinsIn(lock), ['345678']);
      host.run(checkOut(3) - 1);
      assert.equal(host.written.length, 1);
      host.run(checkOut(3) + MINUTE_MS);
      assert.deepEqual(pinsIn(lock), []);
      assert.equal(host.run(checkOut(3) + DAY_MS).written.length, 2);
    });

    it('looks for a place before the code is due, and sets it in the moment that it is', () => {
      const lock = zigbee();
      lock.setByHand('777777', START_MS);
      const host = start(lock, [codeOf('a', 1, 3), DIGITS]).run(checkIn(1) - leadMs - 1);
      assert.deepEqual(pinsIn(lock), ['777777']);
      host.run(checkIn(1) - leadMs);
      assert.deepEqual(pinsIn(lock), ['777777', '345678']);
    });

    it('sets no code while another guest has the unit, however long the lead', () => {
      const lock = zigbee();
      const before = codeOf('a', 1, 3);
      const host = start(lock, [before, DIGITS], [codeOf('b', 3, 5), OTHERS]);
      host.policy = { ...DEFAULT_SLOT_POLICY, leadMs: DAY_MS };
      host.run(checkOut(3) - 1);
      assert.deepEqual(pinsIn(lock), ['345678']);
      host.run(checkOut(3) + 5 * MINUTE_MS);
      assert.deepEqual(pinsIn(lock), ['456789']);
      // One who was called off keeps nobody out.
      host.codes = [{ code: { ...before, withdrawnAtMs: START_MS }, digits: DIGITS }, ...host.codes.slice(1)];
      host.restart(checkIn(3) - DAY_MS).records = [];
      host.run(checkIn(3) - DAY_MS + 5 * MINUTE_MS);
      assert.deepEqual(host.recordOf('b')?.sent?.command, 'set');
    });

    it('mends after a pause: clears what is over and sets what is due', () => {
      const lock = zigbee();
      const host = start(lock, [codeOf('a', 1, 3), DIGITS], [codeOf('b', 3, 5), OTHERS]).run(checkIn(1));
      host.restart(checkIn(3) + HOUR_MS).run(checkIn(3) + HOUR_MS + 5 * MINUTE_MS);
      assert.deepEqual(pinsIn(lock), ['456789']);
    });
  });

  for (const lock of [nuki(), zwave()]) {
    it(`sets the code a week ahead where ${lock.constructor.name} keeps the window, which alone lets nobody in before`, () => {
      const host = start(lock, [codeOf('a', 9, 11), DIGITS]).run(checkIn(9) - leadWithWindowMs - 1);
      assert.deepEqual(pinsIn(lock), []);
      host.run(checkIn(9) - leadWithWindowMs + MINUTE_MS);
      assert.deepEqual(pinsIn(lock), ['345678']);
      assert.equal(lock.enter('345678', checkIn(9) - 1).slot, null);
      assert.notEqual(lock.enter('345678', checkIn(9)).slot, null);
      assert.equal(lock.enter('345678', checkOut(11)).slot, null);
      host.run(checkOut(11) + 2 * settleMs);
      assert.equal(lock.codes.size, 0);
      assert.ok(host.recordOf('a') === undefined);
    });

    it(`moves the window at ${lock.constructor.name} where the stay is longer, and the guest keeps the PIN`, () => {
      const code = codeOf('c', 5, 7);
      const host = start(lock, [code, DIGITS]).run(checkIn(5) + HOUR_MS);
      const longer = codeOf('d', 5, 9, { kind: 'amendment', revision: 1, reservationId: code.reservationId });
      host.codes = [
        { code: { ...code, withdrawnAtMs: host.nowMs }, digits: DIGITS },
        { code: longer, digits: OTHERS },
      ];
      host.run(host.nowMs + MINUTE_MS);
      assert.deepEqual(pinsIn(lock), ['345678']);
      assert.notEqual(lock.enter('345678', checkOut(9) - 1).slot, null);
      assert.equal(host.recordOf('d')?.pinFrom, 'c');
      host.run(checkOut(9) + 2 * settleMs);
    });
  }

  it('tells Z-Wave the window before the code, and takes it away after the code', () => {
    const host = start(zwave(), [codeOf('a', 5, 7), DIGITS]).run(checkOut(7) + DAY_MS);
    const kinds = host.written.map((command) => command.do);
    assert.deepEqual(kinds, ['set-window', 'set', 'clear', 'clear-window']);
  });

  it('gives a guest whose first digits the lock refuses a PIN that the record names, the same after a restart', () => {
    const lock = nuki();
    const host = start(lock, [codeOf('a', 5, 7), '012345678912']).run(checkIn(5) - DAY_MS);
    const [pin = ''] = pinsIn(lock);
    assert.match(pin, /^[1-9]{6}$/u);
    assert.ok((host.recordOf('a')?.pinChoice ?? 0) > 0);
    host.restart(checkIn(5)).run(checkIn(5) + DAY_MS);
    assert.deepEqual(pinsIn(lock), [pin]);
  });

  it('gives no two slots one PIN, whether the lock tells PINs, says that one is taken or says nothing', () => {
    const locks = [
      zigbee(),
      zigbee(30, false),
      zwave(false),
      new ZwaveLock({ count: 9, hasSchedules: true, hidesPins: true }),
      nuki(),
    ];
    for (const lock of locks) {
      lock.setByHand('345678', START_MS);
      const host = start(lock, [codeOf('a', 5, 7), DIGITS]).run(checkIn(5));
      assert.equal(lock.codes.size, 2, lock.constructor.name);
      assert.equal(new Set(pinsIn(lock)).size, 2);
      assert.ok((host.recordOf('a')?.pinChoice ?? 0) > 0);
    }
  });

  it('leaves slots alone that it did not set, and one of its own that someone wrote over', () => {
    const lock = zigbee(3);
    lock.setByHand('777777', START_MS);
    const host = start(lock, [codeOf('a', 1, 3), DIGITS]).run(checkIn(1));
    assert.equal(lock.codes.get(0)?.pin, '777777');
    lock.store(1, { pin: '888888', label: '', window: null }, host.nowMs);
    host.run(checkIn(1) + DAY_MS);
    assert.deepEqual(pinsIn(lock).sort(), ['345678', '777777', '888888']);
    host.run(checkOut(3) + HOUR_MS);
    assert.deepEqual(pinsIn(lock).sort(), ['777777', '888888']);
  });

  it('sets a code again that was deleted at the lock', () => {
    const lock = zigbee();
    const host = start(lock, [codeOf('a', 1, 3), DIGITS]).run(checkIn(1));
    lock.remove(0, host.nowMs);
    host.run(checkIn(1) + DAY_MS);
    assert.deepEqual(pinsIn(lock), ['345678']);
  });

  it('gives the slot of a full lock to who arrives first, and the other one his when it is free', () => {
    const lock = nuki(2);
    lock.setByHand('777777', START_MS);
    const later = codeOf('later', 9, 11);
    const host = start(lock, [later, DIGITS]).run(checkIn(9) - leadWithWindowMs + HOUR_MS);
    assert.deepEqual(pinsIn(lock), ['777777', '345678']);
    host.codes.push({ code: codeOf('sooner', 8, 9, { unitId: 'room' }), digits: OTHERS });
    host.run(host.nowMs + HOUR_MS);
    assert.deepEqual(pinsIn(lock), ['777777', '456789']);
    assert.equal(host.recordOf('later')?.failure, null);
    host.run(checkIn(9));
    assert.deepEqual(pinsIn(lock), ['777777', '345678']);
  });

  it('tells the host in time that a lock is full, and never makes a guest leave who is in the house', () => {
    const lock = nuki(1);
    const host = start(lock, [codeOf('a', 1, 9), DIGITS], [codeOf('b', 5, 6), OTHERS]).run(
      checkIn(5) - DAY_MS,
    );
    // Most lists have a place again by then.
    assert.ok((host.recordOf('b')?.failure?.atMs ?? 0) >= checkIn(5) - DAY_MS);
    assert.match(host.recordOf('b')?.failure?.message ?? '', /all 1 places in the lock are taken/u);
    assert.deepEqual(pinsIn(lock), ['345678']);
  });

  it('tells the host before check-in that the lock does not answer, and goes on trying', () => {
    const lock = zigbee();
    const code = codeOf('a', 1, 3);
    const host = start(lock, [code, DIGITS]);
    host.isCut = true;
    host.run(checkIn(1) - 30 * MINUTE_MS);
    assert.equal(host.recordOf('a')?.failure?.message, 'the lock has not confirmed it');
    host.isCut = false;
    host.run(checkIn(1));
    assert.deepEqual(pinsIn(lock), ['345678']);
    assert.equal(host.recordOf('a')?.failure, null);
  });

  it('tells the host that a cancelled code is still in the lock', () => {
    const code = codeOf('a', 1, 3);
    const host = start(zigbee(), [code, DIGITS]).run(checkIn(1) + HOUR_MS);
    host.isCut = true;
    host.codes = [{ code: { ...code, withdrawnAtMs: host.nowMs }, digits: DIGITS }];
    const failure = host.run(host.nowMs + HOUR_MS).recordOf('a')?.failure;
    assert.ok(failure && failure.atMs > checkIn(1) + HOUR_MS);
  });

  it('goes from created to setting and set as the lock confirms', () => {
    const code = codeOf('a', 1, 3);
    const host = start(zigbee(), [code, DIGITS]);
    const lifecycle = (): string => {
      const record = host.recordOf('a');
      return lifecycleOf(
        { code, messages: [], lock: toLockList(record), verifiedAtMs: null, deadAtMs: null },
        host.nowMs,
      );
    };
    host.isCut = true;
    host.run(checkIn(1) - leadMs + 1);
    assert.equal(lifecycle(), 'setting');
    host.isCut = false;
    host.run(checkIn(1));
    assert.equal(lifecycle(), 'set');
  });

  it('plans the same from the same data', () => {
    const host = start(zigbee(), [codeOf('a', 1, 3), DIGITS]).run(checkIn(1));
    const before = JSON.stringify(host.records);
    const written = host.written.length;
    host.restart(host.nowMs).run(host.nowMs + HOUR_MS);
    assert.equal(host.written.length, written);
    assert.equal(JSON.stringify(host.records), before);
  });
});
