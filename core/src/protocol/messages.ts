/**
 * What a lock says over MQTT: version 1, JSON, times in milliseconds since 1970 UTC by the lock's own clock.
 * @module
 */
import * as v from 'valibot';
import { parseMessage } from '../parse-message.ts';

export type Bolt = 'secured' | 'unsecured' | 'jammed';
export type Door = 'open' | 'closed';

/** Retained; sent on every change and as heartbeat every `HEARTBEAT_MS`. Unsigned, so nothing of a command is made from it. */
export interface LockState {
  readonly v: 1;
  readonly lockId: string;
  readonly atMs: number;
  /** `lost` means that `atMs` is the lock's best guess. */
  readonly clock: 'running' | 'lost';
  readonly bolt: Bolt;
  /** Percent, `null` where the lock has no battery gauge. */
  readonly battery: number | null;
  /** By the door contact; `null` where the lock has none. */
  readonly door: Door | null;
  /** The door was forced, and nobody has come in with a code since. */
  readonly tampered: boolean;
}

/** Something that happened at the door, by Matter's names (DoorLock cluster). Never holds a code. */
export interface LockEvent {
  readonly v: 1;
  readonly lockId: string;
  /** Counts up by one per event of this lock. */
  readonly seq: number;
  readonly atMs: number;
  readonly event: 'LockOperation' | 'LockOperationError' | 'DoorLockAlarm';
  readonly operation: 'Lock' | 'Unlock' | null;
  readonly source: 'Keypad' | 'Remote' | 'Manual' | 'Auto';
  /** The verdict's reason, such as `stay`, `pin`, `expired`; `null` where there was no entry. */
  readonly reason: string | null;
  /** The unit whose code it was, where one was read. */
  readonly unitId: string | null;
  readonly window: { readonly startsAtMs: number; readonly endsAtMs: number } | null;
}

export const HEARTBEAT_MS = 30_000;
/** A state older than this, by arrival, is stale: the lock counts as out of reach. */
export const STALE_MS: number = 3 * HEARTBEAT_MS;

const wholeMs = v.pipe(v.number(), v.integer());
const stateSchema = v.strictObject({
  v: v.literal(1),
  lockId: v.string(),
  atMs: wholeMs,
  clock: v.picklist(['running', 'lost']),
  bolt: v.picklist(['secured', 'unsecured', 'jammed']),
  battery: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  door: v.nullable(v.picklist(['open', 'closed'])),
  tampered: v.boolean(),
});
const eventSchema = v.strictObject({
  v: v.literal(1),
  lockId: v.string(),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  atMs: wholeMs,
  event: v.picklist(['LockOperation', 'LockOperationError', 'DoorLockAlarm']),
  operation: v.nullable(v.picklist(['Lock', 'Unlock'])),
  source: v.picklist(['Keypad', 'Remote', 'Manual', 'Auto']),
  reason: v.nullable(v.string()),
  unitId: v.nullable(v.string()),
  window: v.nullable(v.strictObject({ startsAtMs: wholeMs, endsAtMs: wholeMs })),
});

/** @throws StaycodeError `bad-message`, saying which field was expected to be what */
export function parseLockState(text: string): LockState {
  return parseMessage(stateSchema, text, 'lock state');
}

/** @throws StaycodeError `bad-message`, saying which field was expected to be what */
export function parseLockEvent(text: string): LockEvent {
  return parseMessage(eventSchema, text, 'lock event');
}
