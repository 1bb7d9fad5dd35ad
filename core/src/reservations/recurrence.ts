/**
 * Recurring events to their instances (RFC 5545 §3.8.5), within bounds that no feed can widen.
 * @module
 */
import ICAL from 'ical.js';
import type { EventFields, EventTime, RecurrenceRule } from './event-fields.ts';
import { resolveTime, type SpanContext } from './event-span.ts';
import { DAY_MS } from './zones.ts';

/** Instances that one event gives at most: a daily one for over two years. */
export const MAX_INSTANCES = 1000;
/** How long after its start an event may recur. */
export const HORIZON_MS: number = 10 * 366 * DAY_MS;
/** Steps in search of instances that one rule and that a whole feed may cost. */
const MAX_RULE_STEPS = 5000;
export const MAX_STEPS = 50_000;
const MAX_INTERVAL = 1000;
/** No guest comes back by the hour. */
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];

/** The instances of an event as shifts of its start in wall milliseconds, ascending; 0 is the event itself. */
export interface Instances {
  readonly shiftsMs: readonly number[];
  /** There were more than the bounds allow. */
  readonly cut: boolean;
  readonly bad: boolean;
}

/** Steps left for a feed; counted down in place. */
export interface StepBudget {
  left: number;
}

class OutOfSteps extends Error {}

/** ical.js looks for the next instance in one call, for ever if the rule contradicts itself; this ends it. */
class BoundedIterator extends ICAL.RecurIterator {
  budget: StepBudget = { left: 0 };
  left = MAX_RULE_STEPS;

  override check_contracting_rules(): boolean {
    if (--this.left < 0 || --this.budget.left < 0) throw new OutOfSteps();
    return super.check_contracting_rules();
  }
}

/** Never throws; an event whose rule cannot be read happens once, at its start. */
export function expandInstances(
  start: EventTime,
  fields: EventFields,
  context: SpanContext,
  budget: StepBudget,
): Instances {
  const shifts = new Set(fields.addedDates.map((added) => shiftTo(added, start, context)));
  let cut = false;
  let bad = fields.badRules;
  for (const rule of fields.rules) {
    try {
      if (!addInstances(rule, start, context, budget, shifts)) cut = true;
    } catch (error) {
      if (error instanceof OutOfSteps) cut = true;
      else bad = true;
    }
  }
  // The start itself is an instance of a rule (RFC 5545 §3.8.5.3), so it holds where the rule gives none.
  if (fields.rules.length === 0 || bad || (cut && shifts.size === 0)) shifts.add(0);
  const excluded = makeInstanceSet(fields.excludedDates, context);
  const shiftsMs = [...shifts]
    .filter((shiftMs) => !excluded.has({ ...start, wallMs: start.wallMs + shiftMs }))
    .sort((a, b) => a - b);
  return { shiftsMs: shiftsMs.slice(0, MAX_INSTANCES), cut: cut || shiftsMs.length > MAX_INSTANCES, bad };
}

/** Times that name instances of recurring events: EXDATEs, or RECURRENCE-IDs. */
export interface InstanceSet {
  has(instance: EventTime): boolean;
}

/** A date names the instance of that day; a time names the one of that instant, or of its day where events are dates. */
export function makeInstanceSet(times: readonly EventTime[], context: SpanContext): InstanceSet {
  const days = new Set(times.map(dayOf));
  const dates = new Set(times.filter((time) => time.form === 'date').map(dayOf));
  const instants = new Set(
    times.filter((time) => time.form !== 'date').map((time) => resolveTime(time, context, 'earlier')),
  );
  return {
    has: (instance) =>
      instance.form === 'date'
        ? days.has(dayOf(instance))
        : dates.has(dayOf(instance)) || instants.has(resolveTime(instance, context, 'earlier')),
  };
}

function dayOf(time: EventTime): number {
  return Math.floor(time.wallMs / DAY_MS);
}

/** Adds the instances of one rule; false if there were more. @throws OutOfSteps, or Error for a rule that is none */
function addInstances(
  rule: RecurrenceRule,
  start: EventTime,
  context: SpanContext,
  budget: StepBudget,
  shifts: Set<number>,
): boolean {
  const { until, ...parts } = rule;
  if (!FREQUENCIES.includes(String(parts.freq)) || Number(parts.interval ?? 1) > MAX_INTERVAL) {
    throw new Error('not a rule by which guests come');
  }
  const untilMs = typeof until === 'string' ? readUntil(until, start, context) : Infinity;
  const lastWallMs = start.wallMs + HORIZON_MS;
  // The horizon also ends the search that ical.js makes before the first instance.
  const iterator = new BoundedIterator({
    rule: ICAL.Recur.fromData({ ...parts, until: wallTime(lastWallMs) }),
    dtstart: wallTime(start.wallMs),
  });
  iterator.budget = budget;
  for (let found = 0; found < MAX_INSTANCES; found++) {
    const next = iterator.next() as ICAL.Time | null;
    if (!next) return untilMs !== Infinity || parts.count !== undefined;
    const wallMs = Date.parse(`${next.toString()}Z`);
    if (resolveTime({ ...start, wallMs }, context, 'earlier') > untilMs) return true;
    shifts.add(wallMs - start.wallMs);
  }
  return (iterator.next() as ICAL.Time | null) === null;
}

/** UNTIL as a date holds the whole day (RFC 5545 §3.3.10). */
function readUntil(until: string, start: EventTime, context: SpanContext): number {
  const wallMs = Date.parse(
    until.endsWith('Z') ? until : `${until.slice(0, 10)}T${until.slice(11) || '23:59:59'}Z`,
  );
  if (Number.isNaN(wallMs)) throw new Error('not an end of a recurrence');
  if (start.form === 'date') {
    return context.house.zone.toInstant((Math.floor(wallMs / DAY_MS) + 1) * DAY_MS - 1, 'later');
  }
  return until.endsWith('Z') ? wallMs : resolveTime({ ...start, wallMs }, context, 'later');
}

function shiftTo(added: EventTime, start: EventTime, context: SpanContext): number {
  if (added.form === start.form && added.tzid === start.tzid) return added.wallMs - start.wallMs;
  return resolveTime(added, context, 'earlier') - resolveTime(start, context, 'earlier');
}

function wallTime(wallMs: number): ICAL.Time {
  return ICAL.Time.fromDateTimeString(new Date(wallMs).toISOString().slice(0, 19));
}
