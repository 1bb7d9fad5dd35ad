/** `npm run hammer`: a thousand kills; the last line is JSON `{ "kills", "forgotten", "openedTwice" }`. */
import { hammer } from './hammer.ts';

const KILLS = Number(process.env.STAYCODE_HAMMER_KILLS ?? 1000);
const seed = Number(process.env.STAYCODE_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
// Two at once: as many as there are cores.
const halves = [Math.ceil(KILLS / 2), Math.floor(KILLS / 2)];
const results = await Promise.all(
  halves.map((kills, half) =>
    hammer(kills, seed + half, (done) => {
      console.log(`lock ${half + 1}: ${done} of ${kills} kills`);
    }),
  ),
);
const sum = (pick: 'kills' | 'forgotten' | 'openedTwice' | 'opened'): number =>
  results.reduce((total, result) => total + result[pick], 0);
console.log(`${sum('opened')} openings`);
console.log(
  JSON.stringify({ kills: sum('kills'), forgotten: sum('forgotten'), openedTwice: sum('openedTwice') }),
);
process.exit(sum('forgotten') + sum('openedTwice') === 0 && sum('opened') > sum('kills') ? 0 : 1);
