/**
 * `npm run decade [-- --seed N --units 200 --years 10]`: a world of units, each let on an OTA or two of which one imports the
 * other, or kept by hand, through the real engine and issuer. Ends on a line of JSON with the sums; each unit has a seed
 * of its own, which plays it again alone: `--seed N --units 1`.
 */
import { parseArgs } from 'node:util';
import { type DecadeResult, DecadeUnit } from './decade-unit.ts';
import { replayRules } from './desk.ts';
import { UNIT_KINDS } from './simulated-unit.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** Runs units with the seeds from `seed` on; `tell` gets a line for whatever went wrong. */
export function runDecade(
  { seed, units, years }: { seed: number; units: number; years: number },
  tell: (line: string) => void,
): Partial<DecadeResult> {
  const rules = replayRules('UTC');
  const sums: Partial<DecadeResult> = {};
  for (let own = seed; own < seed + units; own++) {
    const unit = new DecadeUnit(own, UNIT_KINDS[own % UNIT_KINDS.length] ?? [], rules, START_MS);
    const result = unit.run(Math.round(years * 365.25));
    for (const line of unit.log) tell(`seed ${own}: ${line}`);
    for (const [name, count] of Object.entries(result) as [keyof DecadeResult, number][]) {
      sums[name] = (sums[name] ?? 0) + count;
    }
    if ((own - seed) % 20 === 19) tell(`seeds ${seed} to ${own}: ${JSON.stringify(sums)}`);
  }
  return sums;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      units: { type: 'string', default: '200' },
      years: { type: 'string', default: '10' },
    },
  });
  const [seed, units, years] = [Number(values.seed), Number(values.units), Number(values.years)];
  console.log(`${units} units, ${years} years, seeds from ${seed}`);
  const sums = runDecade({ seed, units, years }, (line) => {
    console.log(line);
  });
  console.log(JSON.stringify(sums));
}
