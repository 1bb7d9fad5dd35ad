/** A lock of a few lines behind the view, for tests of what stands in front of it: one code opens, all others do not. */
import { type LockEvent, lockTopics } from '@staycode/core';
import { type Fault, switchFault } from '../../mqtt-lock-sim/src/faults.ts';
import type { LockStatus, LockView } from '../../mqtt-lock-sim/src/lock-view.ts';

export interface FakeLock extends LockView {
  /** Every entry that was judged. */
  readonly entries: string[];
  /** Every command text that came. */
  readonly commands: string[];
  /** Every fault that was applied. */
  readonly applied: Fault[];
  /** Changes the status and tells, as a fault or the world would. */
  change(status: Partial<LockStatus>): void;
  /** Adds to the log and tells. */
  happen(event: Partial<LockEvent>): void;
  /** From now on verdicts wait until the function that this returns is called. */
  holdVerdicts(): () => void;
  /** Makes `enter`, `receive`, `turnByHand` and `applyFault` fail. */
  breakDown(): void;
}

export const GOOD_CODE = '952791427294';
export const CLOCK_CODE = '111122223333';
export const START_MS: number = Date.parse('2026-11-27T15:00:00Z');

/** Opens on `GOOD_CODE`, answers `done` to `CLOCK_CODE`, answers each command with `answer to …`. */
export function createFakeLock(lockId = 'flat-a'): FakeLock {
  const listeners = new Set<(event: LockEvent | null) => void>();
  const events: LockEvent[] = [];
  const entries: string[] = [];
  const commands: string[] = [];
  const applied: Fault[] = [];
  let faults: readonly Fault[] = [];
  let status: LockStatus = {
    bolt: 'secured',
    atMs: START_MS,
    clock: 'running',
    battery: 87,
    door: 'closed',
    tampered: false,
  };
  let gate: Promise<void> = Promise.resolve();
  let broken = false;
  const tell = (event: LockEvent | null): void => {
    for (const listener of listeners) listener(event);
  };
  const happen = (event: Partial<LockEvent>): void => {
    const whole: LockEvent = {
      v: 1,
      lockId,
      seq: events.length + 1,
      atMs: status.atMs,
      event: 'LockOperation',
      operation: null,
      source: 'Keypad',
      reason: null,
      unitId: null,
      window: null,
      ...event,
    };
    events.push(whole);
    tell(whole);
  };
  const check = (): void => {
    if (broken) throw new Error('the journal is full');
  };
  return {
    lockId,
    name: 'Harbour Lofts, flat A',
    zone: 'Asia/Kathmandu',
    entries,
    commands,
    applied,
    happen,
    status: () => status,
    health: () => ({ lockout: false, log: { last: events.length, acknowledged: 0 } }),
    recentEvents: (count) => events.slice(-count),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    enter: async (digits) => {
      check();
      entries.push(digits);
      await gate;
      if (digits === CLOCK_CODE) {
        happen({ reason: 'clock' });
        return { signal: 'done' };
      }
      if (digits !== GOOD_CODE) {
        happen({ event: 'LockOperationError', operation: 'Unlock', reason: 'unknown' });
        return { signal: 'refused' };
      }
      status = { ...status, bolt: 'unsecured' };
      const window = { startsAtMs: START_MS, endsAtMs: START_MS + 4 * 86_400_000 };
      happen({ operation: 'Unlock', reason: 'stay', unitId: 'flat-a', window });
      return { signal: 'opened' };
    },
    receive: ({ topic, text, retained }) => {
      check();
      commands.push(retained ? `retained ${text}` : text);
      const { command, answer } = lockTopics(lockId);
      return Promise.resolve(topic === command ? [{ topic: answer, text: `answer to ${text}` }] : []);
    },
    operateUnsigned: (name) => {
      status = { ...status, bolt: name === 'lock' ? 'secured' : 'unsecured' };
      happen({ operation: name === 'lock' ? 'Lock' : 'Unlock', source: 'Remote' });
      return Promise.resolve();
    },
    audit: () => [],
    turnByHand: (name) => {
      check();
      status = { ...status, bolt: name === 'lock' ? 'secured' : 'unsecured' };
      happen({ operation: name === 'lock' ? 'Lock' : 'Unlock', source: 'Manual' });
      return Promise.resolve();
    },
    faults: () => faults,
    applyFault: (fault) => {
      check();
      applied.push(fault);
      faults = switchFault(faults, fault);
      tell(null);
      return Promise.resolve();
    },
    change: (changed) => {
      status = { ...status, ...changed };
      tell(null);
    },
    holdVerdicts: () => {
      let release = (): void => undefined;
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        gate = Promise.resolve();
        release();
      };
    },
    breakDown: () => {
      broken = true;
    },
  };
}
