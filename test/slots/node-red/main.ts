/**
 * `npm run slots:node-red [-- --seed N --runs 3 --days 2]`: ordinary locks through a real Node-RED by a fast clock, a day in less than
 * three minutes, judged as the days of `npm run slots` are. Ends on a line of JSON with the sums; exits 1 where anything is not as it should be.
 */
import { parseArgs } from 'node:util';
import { runHomes } from './run-homes.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    days: { type: 'string', default: '2' },
  },
});
const [seed, runs, days] = [Number(values.seed), Number(values.runs), Number(values.days)];
console.log(`${runs} homes of three locks and twelve flats, ${days} days each, seeds from ${seed}`);
const { sums, wrong } = await runHomes({ seed, runs, days }, (line) => {
  console.log(line);
});
console.log(JSON.stringify(sums));
process.exit(wrong.length === 0 ? 0 : 1);
