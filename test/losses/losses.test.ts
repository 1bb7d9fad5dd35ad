import assert from 'node:assert/strict';
import { BROKER_NAMES, type BrokerName, hasBroker, needsBroker } from '../support/brokers/all.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import { countLosses, type Losses } from './losses.ts';

const seed = Number(process.env.STAYCODE_SEED ?? Date.now() % 1_000_000);
/** Every fault and every broker; `npm run losses` plays them all with each other. */
const CHOICE: Readonly<Record<BrokerName, readonly FaultName[]>> = {
  embedded: FAULT_NAMES,
  mosquitto: ['broker-kill', 'host-kill'],
  'mosquitto-hardened': ['lock-kill'],
  rabbitmq: ['cut-after-bytes'],
  'nats-cluster': ['broker-kill'],
};

describe('the log on its way home', function () {
  this.timeout(180_000);
  const counts = new Map<BrokerName, Promise<Losses>>();
  let caught: Promise<Losses>;
  const told: string[] = [];

  // All at once: most of a run is waiting for a process to start or a broker to be back.
  before(() => {
    for (const name of BROKER_NAMES.filter(hasBroker)) {
      const plan = { brokers: [name], faults: CHOICE[name], runsPerCell: 1, seed, dayEntries: 1_000 };
      counts.set(name, countLosses({ ...plan, onCell: (line) => told.push(line) }));
    }
    const plan = { brokers: ['embedded'], faults: ['host-kill'], runsPerCell: 2, seed } as const;
    caught = countLosses({ ...plan, keeperSyncs: false, homeTimeoutMs: 8_000 });
    // Each is looked at where its test awaits it.
    for (const count of [...counts.values(), caught]) count.catch(() => undefined);
  });

  after(async () => {
    await Promise.allSettled([...counts.values(), caught]);
  });

  for (const name of BROKER_NAMES) {
    it(`loses no entry and acts on no command twice over ${name}, after ${CHOICE[name].join(', ')}`, async function () {
      needsBroker(this, name);
      const losses = await counts.get(name);
      assert(losses);
      const { runs, lost, actedTwice, entries } = losses;
      const wanted = { runs: CHOICE[name].length, lost: 0, actedTwice: 0 };
      assert.deepEqual({ runs, lost, actedTwice }, wanted, `seed ${seed}\n${told.join('\n')}`);
      assert(entries > 30 * runs);
    });
  }

  it('would be caught if the keeper acknowledged what is not on its disk', async () => {
    assert((await caught).lost > 0, `seed ${seed}`);
  });
});
