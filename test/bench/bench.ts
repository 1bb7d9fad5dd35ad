/**
 * `npm run bench`: a line of JSON for each contest, peers beside us in one run, and with `-- --chart` the picture of them for the docs.
 * A peer that the registry does not have is not here: OpenPAYGO publishes its JavaScript verifier nowhere that npm finds.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { drawChart } from './chart.ts';
import { coldStart } from './cold-start.ts';
import { deciding } from './deciding.ts';
import { drainBeside } from './draining.ts';
import { entryToBolt } from './entry-to-bolt.ts';
import { feedLinearity, feedParsing } from './feed-parsing.ts';
import { memoryBeside } from './fleets.ts';
import { compare, measure, type Measured, measured } from './measure.ts';
import { reconciling, reconcilingMemory } from './reconciling.ts';

const PICTURES = join(import.meta.dirname, '../../docs/pictures');
const DRAINED = { locks: 100, entries: 1000 };
const FLEET = 250;

// Of one side only, so it is no contest; first, while there is no other garbage.
const { allocated, kept } = reconcilingMemory();
console.error(`reconciling 10,000 stays allocates ${allocated} MB, of which its answer keeps ${kept}`);

const lines: Measured[] = [];
function say(line: Measured): void {
  lines.push(line);
  console.log(JSON.stringify(line));
}

for (const contest of [deciding(), ...(await entryToBolt(scratchFolder()))]) say(await measure(contest));
for (const contest of [feedParsing(), feedLinearity(), reconciling()]) say(await measure(contest));
say(await drained());
say(await memory());
say(await compare(coldStart()));
if (process.argv.includes('--chart')) drawPicture();
removeScratch();

async function drained(): Promise<Measured> {
  const { oursS, peerS } = await drainBeside(DRAINED.locks, DRAINED.entries);
  return measured({
    name: 'seconds to bring home 100 logs of 1,000 entries, beside bare publishes of MQTT.js',
    goal: 2,
    ours: oursS,
    peer: peerS,
  });
}

async function memory(): Promise<Measured> {
  const { oursKb, peerKb } = await memoryBeside(FLEET);
  return measured({
    name: 'KiB of memory a lock, beside a bare connection of MQTT.js',
    goal: 2,
    ours: oursKb,
    peer: peerKb,
  });
}

function drawPicture(): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(PICTURES, 'bench.jsonl'), text);
  writeFileSync(join(PICTURES, 'bench.svg'), drawChart(lines));
}
