import assert from 'node:assert/strict';
import { type BrokerName, needsBroker } from '../support/brokers/all.ts';
import { FAULT_NAMES } from './faults.ts';
import { countLosses } from './losses.ts';

const seed = Number(process.env.STAYCODE_SEED ?? Date.now() % 1_000_000);
/** All but the day's ten thousand entries. */
const faults = FAULT_NAMES.filter((name) => name !== 'offline-day');

async function assertNothingLost(broker: BrokerName): Promise<void> {
  const { runs, lost, actedTwice, entries } = await countLosses({
    brokers: [broker],
    faults,
    runsPerCell: 1,
    seed,
  });
  assert.deepEqual(
    { runs, lost, actedTwice },
    { runs: faults.length, lost: 0, actedTwice: 0 },
    `seed ${seed}`,
  );
  assert(entries > 30 * runs);
}

describe('the log on its way home', function () {
  this.timeout(180_000);

  it('loses no entry and acts on no command twice over the embedded broker, whatever strikes', async () => {
    await assertNothingLost('embedded');
  });

  it('loses no entry and acts on no command twice over mosquitto, whatever strikes', async function () {
    needsBroker(this, 'mosquitto');
    await assertNothingLost('mosquitto');
  });

  it('would be caught if the keeper acknowledged what is not on its disk', async () => {
    const plan = { brokers: ['embedded'], faults: ['host-kill'], runsPerCell: 2, seed } as const;
    const { lost } = await countLosses({ ...plan, keeperSyncs: false, homeTimeoutMs: 8_000 });
    assert(lost > 0, `seed ${seed}`);
  });
});
