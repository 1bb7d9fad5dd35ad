/** `npm run drain -- LOCKS ENTRIES`: the backlog of many locks comes home, beside as many bare publishes. A line of JSON. */
import { removeScratch } from '../support/scratch.ts';
import { drainBeside } from './draining.ts';
import { rounded } from './measure.ts';

const [locks = 1000, entries = 1000] = process.argv.slice(2).map(Number);
const { oursS, peerS } = await drainBeside(locks, entries);
const perS = (seconds: number): number => Math.round((locks * entries) / seconds);
console.log(
  JSON.stringify({
    ...{ locks, entries, entriesPerS: perS(oursS), barePerS: perS(peerS) },
    ...{ ratio: rounded(peerS / oursS), goal: 0.5 },
  }),
);
removeScratch();
