/**
 * `npm run kills`: Node-RED killed 240 times during polls, issues and sends, half of it with a flow that says what was mailed. The
 * last line is JSON with the counts; ends with 1 where anything was lost, doubled, changed or told wrongly. STAYCODE_KILLS sets
 * how many, STAYCODE_SEED plays one again.
 */
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { type KillResult, playKills } from './kills.ts';

const KILLS = Number(process.env.STAYCODE_KILLS ?? 240);
const seed = Number(process.env.STAYCODE_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const results: KillResult[] = [];
try {
  for (const confirms of [false, true]) {
    const kills = Math.ceil(KILLS / 2);
    const result = await playKills({
      ...{ kills, seed: seed + Number(confirms), userDir: scratchFolder(), confirms },
      tell: (done) => {
        if (done % 10 === 0)
          console.log(`${confirms ? 'confirmed' : 'unconfirmed'}: ${done} of ${kills} kills`);
      },
    });
    for (const line of Object.values(result.faults).flat()) console.log(line);
    results.push(result);
  }
} finally {
  removeScratch();
}
const sum = (pick: (result: KillResult) => number): number =>
  results.reduce((total, result) => total + pick(result), 0);
const faults = Object.fromEntries(
  (['lost', 'doubled', 'changed', 'unmarked', 'untold'] as const).map((name) => [
    name,
    sum((result) => result.faults[name].length),
  ]),
);
console.log(
  JSON.stringify({
    kills: sum(({ kills }) => kills.poll + kills.issue + kills.send),
    duringPolls: sum(({ kills }) => kills.poll),
    duringIssues: sum(({ kills }) => kills.issue),
    duringSends: sum(({ kills }) => kills.send),
    codes: sum(({ codes }) => codes),
    mails: sum(({ mails }) => mails),
    marked: sum(({ marked }) => marked),
    ...faults,
  }),
);
process.exitCode = Object.values(faults).every((count) => count === 0) ? 0 : 1;
