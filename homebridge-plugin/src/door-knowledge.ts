/**
 * What the events at one door have taught so far: who is in the house, whether there is an alarm, what was done last.
 * Only live events teach, so what happened while nobody listened is not known. Holds no codes.
 * @module
 */
import { collide, type LockEvent, type TimeWindow } from '@staycode/core';

/** A stay whose code was accepted; times in milliseconds since 1970 UTC. */
export interface Arrival extends TimeWindow {
  readonly unitId: string;
}

export interface LastAction {
  readonly operation: 'Lock' | 'Unlock';
  readonly source: LockEvent['source'];
}

export interface DoorKnowledge {
  /** One for a unit at most: the last. */
  readonly arrivals: readonly Arrival[];
  /** The door was forced or the keypad shut against guessing, and nobody who may open has been there since. */
  readonly alarm: boolean;
  /** `null` before the first. */
  readonly lastAction: LastAction | null;
}

export const NOTHING_KNOWN: DoorKnowledge = { arrivals: [], alarm: false, lastAction: null };

/** Reasons for which the code of a stay opens; a one-time code or staff's is no guest's arrival. */
const STAY_REASONS: readonly (string | null)[] = ['stay', 'amendment', 'pin'];

/** What is known after an event. Pure. */
export function learn(known: DoorKnowledge, event: LockEvent): DoorKnowledge {
  const { operation, source } = event;
  return {
    arrivals: arrivalsAfter(known.arrivals, event),
    alarm: raisesAlarm(event) || (known.alarm && !endsAlarm(event)),
    lastAction: event.event === 'LockOperation' && operation ? { operation, source } : known.lastAction,
  };
}

/** The arrivals whose stay is not over. */
export function presentArrivals(known: DoorKnowledge, nowMs: number): readonly Arrival[] {
  return known.arrivals.filter(({ endsAtMs }) => nowMs < endsAtMs);
}

function arrivalsAfter(arrivals: readonly Arrival[], event: LockEvent): readonly Arrival[] {
  const { window, unitId, reason } = event;
  if (event.event !== 'LockOperation' || window === null || unitId === null) return arrivals;
  if (reason === 'revocation') {
    return arrivals.filter((arrival) => arrival.unitId !== unitId || !collide(arrival, window));
  }
  if (!STAY_REASONS.includes(reason)) return arrivals;
  return [...arrivals.filter((arrival) => arrival.unitId !== unitId), { unitId, ...window }];
}

function raisesAlarm({ event, reason }: LockEvent): boolean {
  return event === 'DoorLockAlarm'
    ? reason === 'forced'
    : event === 'LockOperationError' && reason === 'closed';
}

/** An opening from within proves nothing: who forced the door is inside. */
function endsAlarm({ event, operation, source }: LockEvent): boolean {
  return event === 'LockOperation' && operation !== null && (source === 'Keypad' || source === 'Remote');
}
