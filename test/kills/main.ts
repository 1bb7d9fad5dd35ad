/**
 * `npm run kills`: Node-RED killed 210 times during polls, issues and sends of mails, with a flow that says what was mailed. The last
 * line is JSON with the counts; ends with 1 where anything was lost, doubled, changed or told wrongly. STAYCODE_KILLS sets how
 * many, STAYCODE_SEED plays one again. STAYCODE_CONFIRMS=0 takes a flow that says nothing: a message then counts as sent two
 * seconds after it left, and what a slow mail server has not got by then is lost with a kill.
 */
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { type KillResult, playKills } from './kills.ts';

const kills = Number(process.env.STAYCODE_KILLS ?? 210);
const seed = Number(process.env.STAYCODE_SEED ?? Date.now() % 1_000_000);
const confirms = process.env.STAYCODE_CONFIRMS !== '0';
console.log(`seed ${seed}`);
try {
  const result = await playKills({
    ...{ kills, seed, userDir: scratchFolder(), confirms },
    tell: (done) => {
      if (done % 10 === 0) console.log(`${done} of ${kills} kills`);
    },
  });
  report(result);
} finally {
  removeScratch();
}

function report({ kills: during, codes, mails, marked, faults }: KillResult): void {
  const found = Object.entries(faults) as [string, string[]][];
  for (const line of found.flatMap(([, lines]) => lines)) console.log(line);
  console.log(
    JSON.stringify({
      kills: during.poll + during.issue + during.send,
      ...{ duringPolls: during.poll, duringIssues: during.issue, duringSends: during.send },
      ...{ codes, mails, marked },
      ...Object.fromEntries(found.map(([name, lines]) => [name, lines.length])),
    }),
  );
  process.exitCode = found.every(([, lines]) => lines.length === 0) ? 0 : 1;
}
