/**
 * What may go wrong with the simulated lock, and how `POST /api/faults` says it, one fault a request:
 *
 *     { "fault": "network-off", "on": true }             the MQTT connection is cut without a goodbye, until `"on": false`
 *     { "fault": "drift", "ppm": 100 }                   from now on the clock is fast, or below 0 slow; 0 ends it
 *     { "fault": "clock-jump", "seconds": -3600 }        the clock jumps, either way
 *     { "fault": "clock-lost" }                          the clock's battery is empty: the lock starts again without the time
 *     { "fault": "power-cut", "on": true, "clock": "lost", "seconds": 30 }
 *                                                        no power for so long, or without `seconds` until `"on": false`;
 *                                                        without `clock` its time is kept
 *     { "fault": "battery-low", "on": true, "percent": 4 }
 *                                                        what the gauge shows; without `percent` 5
 *     { "fault": "jammed", "on": true }                  the bolt does not get where it is sent
 *     { "fault": "forced" }                              the door is forced open: an alarm, and the door stands open
 *     { "fault": "door-open", "on": true }               the door stands open
 *     { "fault": "no-contact", "on": true }              the lock has no door contact
 *
 * The answer, and `faults` of `GET /api/state`, list those that are on, each in this form.
 * @module
 */
import { StaycodeError } from '@staycode/core';
import * as v from 'valibot';

export type Fault =
  | { readonly fault: 'network-off'; readonly on: boolean }
  /** -1,000,000, a clock that stands still, to 1,000,000, one at double speed. */
  | { readonly fault: 'drift'; readonly ppm: number }
  /** Whole seconds, at most ten years either way. */
  | { readonly fault: 'clock-jump'; readonly seconds: number }
  | { readonly fault: 'clock-lost' }
  | PowerCut
  /** 0 to 100, which the lock's gauge shows. */
  | { readonly fault: 'battery-low'; readonly on: boolean; readonly percent: number }
  | { readonly fault: 'jammed'; readonly on: boolean }
  | { readonly fault: 'forced' }
  | { readonly fault: 'door-open' | 'no-contact'; readonly on: boolean };

export interface PowerCut {
  readonly fault: 'power-cut';
  readonly on: boolean;
  readonly clock: 'kept' | 'lost';
  /** 1 to 86,400; `null` for until the power is switched on. */
  readonly seconds: number | null;
}

const MAX_JUMP_S = 10 * 366 * 86_400;
const MAX_CUT_S = 86_400;
const MAX_PPM = 1_000_000;
const LOW_PERCENT = 5;

const on = v.boolean();
const within = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const faultSchema: v.GenericSchema<unknown, Fault> = v.variant('fault', [
  v.strictObject({ fault: v.literal('network-off'), on }),
  v.strictObject({ fault: v.literal('drift'), ppm: within(-MAX_PPM, MAX_PPM) }),
  v.strictObject({ fault: v.literal('clock-jump'), seconds: whole(-MAX_JUMP_S, MAX_JUMP_S) }),
  v.strictObject({ fault: v.literal('clock-lost') }),
  v.strictObject({
    fault: v.literal('power-cut'),
    on,
    clock: v.optional(v.picklist(['kept', 'lost']), 'kept'),
    seconds: v.optional(v.nullable(whole(1, MAX_CUT_S)), null),
  }),
  v.strictObject({
    fault: v.literal('battery-low'),
    on,
    percent: v.optional(within(0, 100), LOW_PERCENT),
  }),
  v.strictObject({ fault: v.literal('jammed'), on }),
  v.strictObject({ fault: v.literal('forced') }),
  v.strictObject({ fault: v.picklist(['door-open', 'no-contact']), on }),
]);

/** Reads a fault from its JSON form. @throws StaycodeError `bad-message`, saying which field was expected to be what */
export function parseFault(text: string): Fault {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw bad('whole', 'JSON');
  }
  const result = v.safeParse(faultSchema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw bad(v.getDotPath(issue) ?? 'whole', issue.expected ?? issue.type);
}

/** The faults that are on after this one; `clock-jump`, `clock-lost` and `forced` happen and are over. */
export function switchFault(faults: readonly Fault[], fault: Fault): readonly Fault[] {
  const lasts = 'on' in fault ? fault.on : fault.fault === 'drift' && fault.ppm !== 0;
  const others = faults.filter((other) => other.fault !== fault.fault);
  return lasts ? [...others, fault] : others;
}

/** Whether a lock with these faults has no network. */
export function isCutOff(faults: readonly Fault[]): boolean {
  return faults.some(({ fault }) => fault === 'network-off' || fault === 'power-cut');
}

function bad(where: string, expected: string): StaycodeError {
  return new StaycodeError('bad-message', `fault: ${where}: expected ${expected}`);
}
