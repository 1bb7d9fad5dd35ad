import assert from 'node:assert/strict';
import type { AccessCode } from '@staycode/core';
import { hearReports } from '../../../core/src/programmed-locks/hear.ts';
import { DEFAULT_SLOT_POLICY } from '../../../core/src/programmed-locks/policy.ts';
import { type LockView, UNSEEN_LOCK } from '../../../core/src/programmed-locks/slot-record.ts';
import type { MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import { HostAtLock } from '../../support/programmed-locks/host-at-lock.ts';
import { ZigbeeLock } from '../../support/programmed-locks/zigbee-lock.ts';
import { ZwaveLock } from '../../support/programmed-locks/zwave-lock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const window = { startsAtMs: Date.UTC(2026, 11, 1, 15), endsAtMs: Date.UTC(2026, 11, 3, 11) };
const code: AccessCode = {
  ...{
    id: 'a',
    unitId: 'flat',
    keyVersion: 1,
    alphabet: 'decimal',
    reservationId: 'r',
    kind: 'stay',
    revision: 0,
  },
  ...{ ...window, stay: window, issuedAtMs: 0, leftAtMs: 0, withdrawnAtMs: null },
};
const DIGITS = '345678912345';
const { apartMs, settleMs } = DEFAULT_SLOT_POLICY;

function start(lock: ZigbeeLock | ZwaveLock): HostAtLock {
  const host = new HostAtLock(lock);
  host.codes = [{ code, digits: DIGITS }];
  host.nowMs = window.startsAtMs - 2 * HOUR_MS;
  return host;
}

/** Takes its time to take a code. */
class SlowLock extends ZigbeeLock {
  #late: { message: MqttMessage; atMs: number }[] = [];

  override receive(message: MqttMessage, nowMs: number): MqttMessage[] {
    const due = this.#late.filter(({ atMs }) => atMs <= nowMs);
    this.#late = this.#late.filter(({ atMs }) => atMs > nowMs);
    for (const one of due) super.receive(one.message, nowMs);
    if (!message.topic.endsWith('/set')) return super.receive(message, nowMs);
    this.#late.push({ message, atMs: nowMs + 5_000 });
    return [];
  }
}

describe('late copies and old answers', () => {
  const { target } = new ZigbeeLock({ count: 30, exposesPins: true });
  const hear = (view: LockView, users: Record<number, string>, nowMs: number): LockView => {
    const entries = Object.entries(users).map(([slot, status]) => [slot, { status }] as const);
    const payload = JSON.stringify({ users: Object.fromEntries(entries) });
    const reports = target.read({ topic: 'zigbee2mqtt/Front door', payload });
    return hearReports({ view, records: [] }, reports, target, nowMs).view;
  };
  const asking = (view: LockView, slot: number, atMs: number): LockView => {
    return { ...view, asked: new Map(view.asked).set(slot, { times: 1, atMs }) };
  };

  it('believes Zigbee2MQTT of the slot that was asked for, and of others only that they are taken', () => {
    const view = hear(asking(UNSEEN_LOCK, 5, 0), { 5: 'available', 6: 'available', 7: 'enabled' }, 1);
    assert.deepEqual([...view.slots.keys()], [5]);
    assert.notEqual(hear(view, { 5: 'enabled' }, 2).slots.get(5)?.entry, null);
  });

  it('is sure of a free slot once it is said again while no other answer can be on its way', () => {
    const once = hear(asking(UNSEEN_LOCK, 5, 0), { 5: 'available' }, 1);
    assert.equal(once.slots.get(5)?.isSure, false);
    const again = (view: LockView): LockView =>
      hear(asking(view, 5, apartMs), { 5: 'available' }, apartMs + 1);
    assert.equal(again(once).slots.get(5)?.isSure, true);
    assert.equal(again(asking(once, 6, MINUTE_MS)).slots.get(5)?.isSure, false);
  });

  it('clears again what a late copy brought back', () => {
    const lock = new ZigbeeLock({ count: 30, exposesPins: true });
    const host = start(lock).run(window.startsAtMs - 50 * MINUTE_MS);
    const copies = host.written.flatMap((command) => lock.target.write(command));
    host.codes = [{ code: { ...code, withdrawnAtMs: host.nowMs }, digits: DIGITS }];
    host.run(host.nowMs + MINUTE_MS);
    assert.equal(lock.codes.size, 0);
    for (const message of copies) lock.receive(message, host.nowMs);
    assert.equal(lock.codes.size, 1);
    host.run(host.nowMs + 2 * settleMs);
    assert.equal(lock.codes.size, 0);
  });

  it('leaves alone who takes a slot just after it was cleared, though the lock tells no PINs', () => {
    const lock = new ZigbeeLock({ count: 30, exposesPins: false });
    const host = start(lock).run(window.endsAtMs + MINUTE_MS);
    assert.equal(lock.codes.size, 0);
    assert.equal(lock.setByHand('777777', host.nowMs), 0);
    host.run(host.nowMs + 2 * settleMs);
    assert.equal(lock.codes.get(0)?.pin, '777777');
  });

  it('sends a slow lock its code once', () => {
    const lock = new SlowLock({ count: 30, exposesPins: true });
    const host = start(lock).run(window.startsAtMs);
    assert.equal(lock.codes.get(0)?.pin, '345678');
    assert.equal(host.written.length, 1);
  });

  it('tries the next PIN at once where the lock says that one is taken', () => {
    const lock = new ZwaveLock({ count: 9, hasSchedules: false, hidesPins: true });
    lock.setByHand('345678', 0);
    const host = start(lock).run(window.startsAtMs);
    assert.equal(lock.codes.size, 2);
    assert.equal(host.written.length, 2);
  });
});
