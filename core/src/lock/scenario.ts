/**
 * Replays lock scenarios: rules, then times and entries with the verdicts that must come. Source: spec, "Verdicts and
 * scenarios".
 * @module
 */
import * as v from 'valibot';
import { parseMessage } from '../parse-message.ts';
import { decideEntry, lockNow } from './decide.ts';
import { readyLock } from './keyring.ts';
import { type LockMemory, type LockRecord, newMemory, remember } from './memory.ts';
import { rulesSchema, staffSchema, unitSchema } from './schemas.ts';

/** A step whose verdict was another than expected. */
export interface ScenarioFailure {
  readonly scenario: string;
  /** From 1. */
  readonly step: number;
  readonly at: string;
  readonly expected: string;
  readonly got: string;
}

/** The lock stores its time this often. */
export const STORE_TIME_MS: number = 15 * 60_000;

const at = v.pipe(v.string(), v.isoTimestamp());
const scenarioSchema = v.object({
  name: v.string(),
  units: v.array(unitSchema),
  rules: rulesSchema,
  staff: v.array(staffSchema),
  steps: v.array(
    v.union([
      v.object({
        at,
        enter: v.string(),
        expect: v.picklist(['opened', 'done', 'refused']),
        reason: v.string(),
      }),
      v.object({ at, do: v.literal('set-clock-off'), seconds: v.number() }),
      v.object({ at, do: v.literal('power-cut'), minutes: v.number(), clock: v.picklist(['kept', 'lost']) }),
    ]),
  ),
});

type Scenario = v.InferOutput<typeof scenarioSchema>;

/**
 * Plays one scenario, a JSON object, and returns every step whose verdict differed.
 * @throws StaycodeError `bad-message`, `bad-rules`, `bad-key`, `bad-config` for a text that is no scenario
 */
export function playScenario(text: string): readonly ScenarioFailure[] {
  const scenario: Scenario = parseMessage(scenarioSchema, text, 'scenario');
  const lock = readyLock(scenario);
  const world = new World(scenario);
  const failures: ScenarioFailure[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    world.advanceTo(Date.parse(step.at));
    if ('do' in step) {
      if (step.do === 'set-clock-off') world.setClockOff(step.seconds * 1000);
      else world.cutPower(step.minutes * 60_000, step.clock);
      continue;
    }
    const record = decideEntry(lock, world.memory, world.now(), step.enter);
    if (record) world.take(record);
    const expected = `${step.expect} (${step.reason})`;
    const got = record === null ? 'ignored' : `${record.outcome} (${record.reason})`;
    if (got !== expected)
      failures.push({ scenario: scenario.name, step: index + 1, at: step.at, expected, got });
  }
  return failures;
}

/** True time, powered time and a clock that may be off, around a lock's memory. */
class World {
  memory: LockMemory;
  readonly #rules: Scenario['rules'];
  #trueMs: number;
  #poweredMs = 0;
  #offMs = 0;

  constructor(scenario: Scenario) {
    this.#rules = scenario.rules;
    this.#trueMs = Date.parse(scenario.steps[0]?.at ?? '2025-01-01T00:00:00Z');
    this.memory = newMemory({ atMs: this.#trueMs, clock: 'running', poweredMs: 0 });
  }

  now(): ReturnType<typeof lockNow> {
    return lockNow(this.memory, { clockMs: this.#trueMs + this.#offMs, poweredMs: this.#poweredMs });
  }

  /** Time passes with power on; the lock stores its time on the way. */
  advanceTo(trueMs: number): void {
    for (;;) {
      const untilStoreMs = STORE_TIME_MS - (this.#poweredMs % STORE_TIME_MS);
      if (this.#trueMs + untilStoreMs > trueMs) break;
      this.#pass(untilStoreMs);
      this.take({ type: 'time', ...this.now() });
    }
    this.#pass(trueMs - this.#trueMs);
  }

  take(record: LockRecord): void {
    this.memory = remember(this.memory, record, this.#rules);
    if (record.type === 'entry' && record.outcome === 'done' && record.clockMs !== undefined) {
      this.#offMs = record.clockMs - this.#trueMs;
    }
  }

  setClockOff(offMs: number): void {
    if (this.memory.clock === 'running') this.#offMs = offMs;
  }

  cutPower(lengthMs: number, clock: 'kept' | 'lost'): void {
    this.#trueMs += lengthMs;
    const lost = clock === 'lost' || this.memory.clock === 'lost';
    this.take({ type: 'boot', ...this.now(), clock: lost ? 'lost' : 'running' });
  }

  #pass(lengthMs: number): void {
    this.#trueMs += lengthMs;
    this.#poweredMs += lengthMs;
  }
}
