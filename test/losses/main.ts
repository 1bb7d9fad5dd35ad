/** `npm run losses`: a thousand runs and more; the last line is JSON `{ "runs", "cells", "lost", "actedTwice", "duplicatesRemoved" }`. */
import { BROKER_NAMES, type BrokerName } from '../support/brokers/all.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import { countLosses } from './losses.ts';

const {
  STAYCODE_SEED,
  STAYCODE_LOSSES_RUNS = '37',
  STAYCODE_LOSSES_BROKERS,
  STAYCODE_LOSSES_FAULTS,
} = process.env;
// The brokers go with us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
const seed = Number(STAYCODE_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const { entries, ...losses } = await countLosses({
  brokers: (STAYCODE_LOSSES_BROKERS?.split(',') as BrokerName[] | undefined) ?? BROKER_NAMES,
  faults: (STAYCODE_LOSSES_FAULTS?.split(',') as FaultName[] | undefined) ?? FAULT_NAMES,
  runsPerCell: Number(STAYCODE_LOSSES_RUNS),
  seed,
  onCell: (line) => {
    console.log(line);
  },
});
console.log(`${entries} entries`);
console.log(JSON.stringify(losses));
process.exit(losses.lost + losses.actedTwice === 0 && entries > losses.runs ? 0 : 1);
