import assert from 'node:assert/strict';
import { runHomes } from './run-homes.ts';

const SEED = 2;

describe(`a day of ordinary locks through Node-RED, by a fast clock, seed ${SEED}`, function () {
  this.timeout(600_000);

  it('is judged as simulated days are, and each opening is in a log that is whole', async () => {
    const { sums, wrong } = await runHomes({ seed: SEED, runs: 1, days: 1 }, () => undefined);
    assert.deepEqual(wrong, []);
    const { stays = 0, uses = 0, openings, kills } = sums;
    assert.ok(stays > 0 && uses > 0 && openings > 0 && kills > 0);
  });
});
