import assert from 'node:assert/strict';
import { DAY_MS, type Moment, MOMENTS, simulateYear, STAY_MS } from '../../bench/drift-year.ts';
import { exampleRules } from '../../support/lock-example.ts';

const skewMs = exampleRules().skewMinutes * 60_000;
const YEAR_DAYS = 365;

/** Arithmetic: the drift that shuts a guest out is the skew allowance and what there is between the entry and the end in question. */
function predictDay(ppm: number, moment: Moment): number {
  const spareMs = ppm > 0 ? STAY_MS - MOMENTS[moment] : MOMENTS[moment];
  return (skewMs + spareMs) / (Math.abs(ppm) / 1e6) / DAY_MS;
}

describe('a lock whose crystal is off, for a year', function () {
  this.timeout(60_000);

  for (const ppm of [20, -20, 100, -100]) {
    it(`refuses valid codes at ${ppm} ppm on the days that arithmetic foretells, and on none before`, () => {
      const { firstRefusedDay } = simulateYear({ ppm, mend: false });
      for (const moment of Object.keys(MOMENTS) as Moment[]) {
        const day = firstRefusedDay[moment];
        const predicted = predictDay(ppm, moment);
        if (predicted > YEAR_DAYS) assert.equal(day, null, moment);
        // Someone arrives each day, so the first to be refused comes within a day.
        else
          assert.ok(day !== null && day >= predicted && day < predicted + 1, `${moment}: ${day ?? 'never'}`);
      }
    });

    it(`is mended at ${ppm} ppm by each clock code, and needs one whenever the skew is used up`, () => {
      const { clockCodes, notMended } = simulateYear({ ppm, mend: true });
      assert.equal(
        clockCodes,
        Math.floor(YEAR_DAYS / predictDay(ppm, ppm > 0 ? 'in the last second' : 'at the start')),
      );
      assert.equal(notMended, 0);
    });
  }
});
