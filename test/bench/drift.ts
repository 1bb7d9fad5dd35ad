/**
 * `npm run drift`: on which day of a year a lock whose crystal is off first refuses a valid code, and how often a clock code
 * has to mend it.
 */
import { type Moment, MOMENTS, simulateYear } from './drift-year.ts';

const moments = Object.keys(MOMENTS) as Moment[];
const head = ['ppm', 'clock after a year', ...moments, 'clock codes a year', 'mended'];
console.log(`| ${head.join(' | ')} |`);
console.log(`|${head.map(() => '---|').join('')}`);
for (const ppm of [20, -20, 100, -100]) {
  const left = simulateYear({ ppm, mend: false });
  const mended = simulateYear({ ppm, mend: true });
  const days = moments.map((moment) => {
    const day = left.firstRefusedDay[moment];
    return day === null ? 'opens all year' : `day ${Math.floor(day)}`;
  });
  const minutes = (Math.abs(ppm) / 1e6) * 365 * 24 * 60;
  const off = `${minutes.toFixed(1)} min ${ppm > 0 ? 'fast' : 'slow'}`;
  const { clockCodes, notMended } = mended;
  console.log(
    `| ${[ppm, off, ...days, clockCodes, `${clockCodes - notMended} of ${clockCodes}`].join(' | ')} |`,
  );
}
