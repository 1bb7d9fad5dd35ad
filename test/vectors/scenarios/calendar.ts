/** Nights on which clocks change, the leap day, and the longest stay. Digits and lock know only UTC. */
import { ALWAYS, enter, flatA, mask, pin, type Scenario, scenario } from './parts.ts';

/**
 * One night in Berlin, check-in 14 to 18, check-out 9 to 12, over winter and summer time: 15 h less an hour to 22 h and an
 * hour more.
 */
const berlin = {
  startMask: mask(12, 13, 14, 15, 16, 17),
  endMask: mask(7, 8, 9, 10, 11),
  minSlots: 28,
  maxSlots: 46,
};
const spring = flatA.stay(0, '2027-03-27 17:00', '2027-03-28 07:00');
const autumn = flatA.stay(0, '2027-10-30 12:00', '2027-10-31 11:00');
const leap = flatA.stay(0, '2028-02-28 14:00', '2028-03-01 10:00');
const year = flatA.stay(0, '2028-02-29 14:00', '2029-03-01 14:00');

export const calendar: Scenario[] = [
  scenario(
    'the night when clocks go forward: 18:00 to 9:00 in Berlin is fourteen hours',
    [
      enter('2027-03-27 17:00', spring, 'opened stay'),
      enter('2027-03-28 01:00', pin(spring), 'opened pin'),
      enter('2027-03-28 07:09:59', spring, 'opened stay'),
      enter('2027-03-28 07:10:00', spring, 'refused expired'),
    ],
    { rules: berlin },
  ),
  scenario(
    'the night when clocks go back: 14:00 to 12:00 in Berlin is twenty-three hours',
    [
      enter('2027-10-30 12:00', autumn, 'opened stay'),
      enter('2027-10-31 01:30', pin(autumn), 'opened pin'),
      enter('2027-10-31 11:09:59', autumn, 'opened stay'),
      enter('2027-10-31 11:10:00', autumn, 'refused expired'),
    ],
    { rules: berlin },
  ),
  scenario('over the leap day', [
    enter('2028-02-28 14:00', leap, 'opened stay'),
    enter('2028-02-29 23:59:59', pin(leap), 'opened pin'),
    enter('2028-03-01 10:09:59', leap, 'opened stay'),
    enter('2028-03-01 10:10:00', leap, 'refused expired'),
  ]),
  scenario(
    '366 days are one code; ended on its second day, it is dead for the year that it was made for',
    [
      enter('2028-02-29 14:00', year, 'opened stay'),
      enter(
        '2028-02-29 14:01',
        flatA.amendment(1, '2028-02-29 14:00', '2028-03-02 14:00'),
        'opened amendment',
      ),
      enter('2028-09-01 12:00', year, 'refused superseded'),
      enter('2029-03-01 14:09:59', year, 'refused superseded'),
      enter('2029-03-01 14:10:00', pin(year), 'refused unknown'),
    ],
    { rules: { startMask: ALWAYS, endMask: ALWAYS, maxSlots: 17_568 } },
  ),
  scenario(
    '366 days open from the first to the last',
    [
      enter('2028-02-29 14:00', year, 'opened stay'),
      enter('2028-09-01 12:00', pin(year), 'opened pin'),
      enter('2029-03-01 14:09:59', year, 'opened stay'),
      enter('2029-03-01 14:10:00', year, 'refused expired'),
    ],
    { rules: { startMask: ALWAYS, endMask: ALWAYS, maxSlots: 17_568 } },
  ),
];
