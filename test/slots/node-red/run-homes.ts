/** Runs homes with the seeds from `seed` on, judges each lock, and says what is not as it should be. */
import { judgeLife, type LifeResult, MUST_BE_NONE } from '../judge-life.ts';
import { FastHome } from './fast-home.ts';

export interface HomesRun {
  readonly seed: number;
  readonly runs: number;
  readonly days: number;
}

export interface HomesResult {
  readonly sums: Partial<LifeResult> & { openings: number; kills: number; pauses: number };
  readonly wrong: readonly string[];
}

export async function runHomes(
  { seed, runs, days }: HomesRun,
  tell: (line: string) => void,
): Promise<HomesResult> {
  const sums: HomesResult['sums'] = { openings: 0, kills: 0, pauses: 0 };
  const wrong: string[] = [];
  for (let own = seed; own < seed + runs; own++) {
    const { lives, faults, openings, kills, pauses } = await new FastHome({ seed: own, days }).run();
    sums.openings += openings;
    sums.kills += kills;
    sums.pauses += pauses;
    wrong.push(...faults);
    for (const life of lives) {
      const { result, log } = judgeLife(life, days);
      for (const [name, count] of Object.entries(result) as [keyof LifeResult, number][])
        sums[name] = (sums[name] ?? 0) + count;
      wrong.push(...log.map((line) => `seed ${own}: ${line}`));
      for (const name of MUST_BE_NONE)
        if (result[name] > 0) wrong.push(`seed ${own}: ${name} ${result[name]}`);
    }
  }
  wrong.forEach(tell);
  return { sums, wrong };
}
