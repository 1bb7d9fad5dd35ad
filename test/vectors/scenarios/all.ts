/** Every scenario, in the order in which a firmware author best makes them pass. */
import { bookings } from './bookings.ts';
import { calendar } from './calendar.ts';
import { lostClock, runningClock } from './clock.ts';
import { endings } from './endings.ts';
import { guessing } from './guessing.ts';
import { keyrings } from './keyrings.ts';
import { type Scenario } from './parts.ts';
import { pins } from './pins.ts';
import { staffCodes } from './staff.ts';

export const SCENARIOS: readonly Scenario[] = [
  bookings,
  calendar,
  pins,
  endings,
  keyrings,
  staffCodes,
  guessing,
  runningClock,
  lostClock,
].flat();

/** A JSON object a line. */
export function lockScenarios(): string {
  return SCENARIOS.map((scenario) => `${JSON.stringify(scenario)}\n`).join('');
}
