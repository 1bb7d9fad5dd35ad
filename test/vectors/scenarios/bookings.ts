/** Stays as they are booked and changed: windows, supersession, amendments. Source: spec, rules 1 to 4. */
import {
  ALWAYS,
  cutPower,
  enter,
  flatA,
  flatB,
  FROM,
  mask,
  pin,
  type Scenario,
  scenario,
  TO,
} from './parts.ts';

const booked = flatA.stay(0, FROM, TO);
const extended = flatA.amendment(1, FROM, '2026-12-09 10:00');
const shortened = flatA.amendment(1, FROM, '2026-12-05 10:00');
const rebooked = flatA.stay(1, FROM, TO);

export const bookings: Scenario[] = [
  scenario('a stay opens from ten minutes before its start until just before ten minutes after its end', [
    enter('2026-12-03 13:49:59', booked, 'refused early'),
    enter('2026-12-03 13:49:59', pin(booked), 'refused unknown'),
    enter('2026-12-03 13:50:00', booked, 'opened stay'),
    enter('2026-12-03 13:50:00', pin(booked), 'opened pin'),
    enter('2026-12-07 10:09:59', booked, 'opened stay'),
    enter('2026-12-07 10:09:59', pin(booked), 'opened pin'),
    enter('2026-12-07 10:10:00', pin(booked), 'refused unknown'),
    enter('2026-12-07 10:10:00', booked, 'refused expired'),
  ]),
  scenario(
    'without a skew allowance the window holds its start and not its end',
    [
      enter('2026-12-03 13:59:59', booked, 'refused early'),
      enter('2026-12-03 14:00:00', booked, 'opened stay'),
      enter('2026-12-07 09:59:59', booked, 'opened stay'),
      enter('2026-12-07 10:00:00', booked, 'refused expired'),
    ],
    { rules: { skewMinutes: 0 } },
  ),
  scenario(
    'the widest skew allowance is half an hour each way',
    [
      enter('2026-12-03 13:29:59', booked, 'refused early'),
      enter('2026-12-03 13:30:00', booked, 'opened stay'),
      enter('2026-12-07 10:29:59', pin(booked), 'opened pin'),
      enter('2026-12-07 10:30:00', booked, 'refused expired'),
    ],
    { rules: { skewMinutes: 30 } },
  ),
  scenario(
    'a window that the rules do not let a stay have is unknown: its start, its end, too short, too long',
    [
      enter('2026-12-03 15:00', flatA.stay(0, '2026-12-03 12:00', TO), 'refused unknown'),
      enter('2026-12-03 15:00', flatA.stay(0, '2026-12-03 14:30', TO), 'refused unknown'),
      enter('2026-12-03 15:00', flatA.stay(0, FROM, '2026-12-07 12:00'), 'refused unknown'),
      enter(
        '2026-12-03 17:00',
        flatA.amendment(0, '2026-12-03 17:00', '2026-12-04 08:00'),
        'refused unknown',
      ),
      enter('2026-12-03 17:00', flatA.stay(0, '2026-12-03 17:00', '2026-12-04 09:00'), 'opened stay'),
      enter(
        '2026-12-03 18:00',
        flatA.amendment(0, '2026-12-03 14:00', '2026-12-05 11:00'),
        'refused unknown',
      ),
      enter(
        '2026-12-03 18:00',
        flatA.amendment(0, '2026-12-03 14:00', '2026-12-05 10:00'),
        'opened amendment',
      ),
    ],
    { rules: { minSlots: 32, maxSlots: 88 } },
  ),
  scenario('extension mid-stay: the amendment ends the stay and keeps its PIN', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-05 15:00', extended, 'opened amendment'),
    enter('2026-12-05 15:01', booked, 'refused superseded'),
    enter('2026-12-05 15:02', pin(extended), 'refused unknown'),
    enter('2026-12-09 10:09:59', pin(booked), 'opened pin'),
    enter('2026-12-09 10:10:00', pin(booked), 'refused unknown'),
    enter('2026-12-09 10:10:00', extended, 'refused expired'),
  ]),
  scenario(
    "shortened: the PIN ends with the shorter window, and the dead stay dead in the next guest's days",
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      enter('2026-12-04 15:00', shortened, 'opened amendment'),
      enter('2026-12-05 10:09:59', pin(booked), 'opened pin'),
      enter('2026-12-05 10:10:00', pin(booked), 'refused unknown'),
      enter('2026-12-05 10:10:00', shortened, 'refused expired'),
      enter('2026-12-05 14:30', flatA.stay(1, '2026-12-05 14:00', TO), 'opened stay'),
      enter('2026-12-06 14:30', booked, 'refused superseded'),
      enter('2026-12-06 14:31', pin(booked), 'refused unknown'),
    ],
  ),
  scenario('cancelled and rebooked on the same dates: the new code ends the old one that was never typed', [
    enter('2026-12-03 15:00', rebooked, 'opened stay'),
    enter('2026-12-03 15:01', booked, 'refused superseded'),
    enter('2026-12-03 15:02', pin(booked), 'refused unknown'),
    enter('2026-12-03 15:03', pin(rebooked), 'opened pin'),
  ]),
  scenario('cancelled and rebooked while the old guest is in: another stay code takes over no PIN', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-03 15:01', pin(booked), 'opened pin'),
    enter('2026-12-04 15:00', rebooked, 'opened stay'),
    enter('2026-12-04 15:01', pin(booked), 'refused unknown'),
    enter('2026-12-04 15:02', booked, 'refused superseded'),
    enter('2026-12-04 15:03', pin(rebooked), 'opened pin'),
  ]),
  scenario('moved away, and another guest in the old dates', [
    enter('2026-12-03 15:00', rebooked, 'opened stay'),
    enter('2026-12-03 15:01', booked, 'refused superseded'),
    enter('2026-12-10 13:49:59', flatA.stay(0, '2026-12-10 14:00', '2026-12-14 10:00'), 'refused early'),
    enter('2026-12-10 14:00', flatA.stay(0, '2026-12-10 14:00', '2026-12-14 10:00'), 'opened stay'),
    enter('2026-12-10 14:01', rebooked, 'refused expired'),
  ]),
  scenario('changed and changed back, each code typed: the first PIN lives through both, to the first end', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:00', extended, 'opened amendment'),
    enter('2026-12-05 15:00', flatA.amendment(2, FROM, TO), 'opened amendment'),
    enter('2026-12-05 15:01', booked, 'refused superseded'),
    enter('2026-12-05 15:02', extended, 'refused superseded'),
    enter('2026-12-07 10:09:59', pin(booked), 'opened pin'),
    enter('2026-12-07 10:10:00', pin(booked), 'refused unknown'),
  ]),
  scenario(
    'late check-out beside early check-in: eight shared slots do not collide, both guests open',
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      enter('2026-12-07 09:00', flatA.amendment(1, FROM, '2026-12-07 17:00'), 'opened amendment'),
      enter('2026-12-07 13:00', flatA.stay(2, '2026-12-07 13:00', '2026-12-10 10:00'), 'opened stay'),
      enter('2026-12-07 16:00', pin(booked), 'opened pin'),
      enter('2026-12-07 16:01', flatA.amendment(1, FROM, '2026-12-07 17:00'), 'opened amendment'),
      enter('2026-12-07 16:02', pin(flatA.stay(2, '2026-12-07 13:00', '2026-12-10 10:00')), 'opened pin'),
    ],
    { rules: { endMask: mask(8, 9, 10, 11, 17) } },
  ),
  scenario(
    'nine shared slots collide',
    [
      enter('2026-12-07 13:00', flatA.stay(0, FROM, '2026-12-07 17:30'), 'opened stay'),
      enter('2026-12-07 13:00', flatA.stay(1, '2026-12-07 13:00', '2026-12-10 10:00'), 'opened stay'),
      enter('2026-12-07 13:01', flatA.stay(0, FROM, '2026-12-07 17:30'), 'refused superseded'),
    ],
    { rules: { endMask: mask(10, 17.5) } },
  ),
  scenario(
    'of a shorter window half may be shared, but no more',
    [
      enter('2026-12-03 14:00', flatA.stay(0, '2026-12-03 12:00', '2026-12-03 15:00'), 'opened stay'),
      enter('2026-12-03 14:00', flatA.stay(0, '2026-12-03 12:00', '2026-12-03 15:30'), 'opened stay'),
      enter('2026-12-03 14:00', flatA.stay(1, '2026-12-03 13:30', '2026-12-04 10:00'), 'opened stay'),
      enter('2026-12-03 14:00', flatA.stay(0, '2026-12-03 12:00', '2026-12-03 15:00'), 'opened stay'),
      enter('2026-12-03 14:00', flatA.stay(0, '2026-12-03 12:00', '2026-12-03 15:30'), 'refused superseded'),
    ],
    { rules: { startMask: ALWAYS, endMask: ALWAYS } },
  ),
  scenario('old code, then new, then old: the old one opens until the new one is typed', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:01', extended, 'opened amendment'),
    enter('2026-12-04 15:02', booked, 'refused superseded'),
    enter('2026-12-04 15:03', extended, 'opened amendment'),
  ]),
  scenario('a refused code ends nothing: an early amendment leaves the stay as it is', [
    enter('2026-12-03 14:00', booked, 'opened stay'),
    enter('2026-12-03 14:01', flatA.amendment(1, '2026-12-04 14:00', '2026-12-09 10:00'), 'refused early'),
    enter('2026-12-03 14:02', booked, 'opened stay'),
    enter('2026-12-03 14:03', pin(booked), 'opened pin'),
  ]),
  scenario('a stale amendment after a later one opens nothing', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:00', flatA.amendment(2, FROM, '2026-12-08 10:00'), 'opened amendment'),
    enter('2026-12-04 15:01', extended, 'refused superseded'),
    enter('2026-12-08 10:09:59', pin(booked), 'opened pin'),
    enter('2026-12-08 10:10:00', pin(booked), 'refused unknown'),
    enter('2026-12-08 12:00', extended, 'refused superseded'),
  ]),
  scenario('two codes of the same revision do not end each other', [
    enter('2026-12-03 15:00', flatA.stay(1, FROM, TO), 'opened stay'),
    enter('2026-12-03 15:01', flatA.amendment(1, FROM, '2026-12-08 10:00'), 'opened amendment'),
    enter('2026-12-03 15:02', flatA.stay(1, FROM, TO), 'opened stay'),
    enter('2026-12-03 15:03', pin(flatA.stay(1, FROM, TO)), 'opened pin'),
    enter('2026-12-03 15:04', pin(flatA.amendment(1, FROM, '2026-12-08 10:00')), 'opened pin'),
  ]),
  scenario(
    'the dead stay dead when what ended them is ended itself, by a code that they do not collide with',
    [
      enter('2026-12-03 15:00', flatA.stay(1, FROM, TO), 'opened stay'),
      enter('2026-12-03 16:00', flatA.stay(2, FROM, '2026-12-05 10:00'), 'opened stay'),
      enter('2026-12-05 15:00', flatA.stay(0, '2026-12-05 14:00', '2026-12-09 10:00'), 'refused superseded'),
      enter('2026-12-08 15:00', flatA.stay(0, '2026-12-05 14:00', '2026-12-09 10:00'), 'refused superseded'),
    ],
  ),
  scenario('the dead stay dead across a power cut', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:00', extended, 'opened amendment'),
    cutPower('2026-12-04 15:00', 1, 'kept'),
    enter('2026-12-04 15:02', booked, 'refused superseded'),
    enter('2026-12-04 15:03', pin(booked), 'opened pin'),
  ]),
  scenario(
    'a code of the other flat ends nothing here, with the same window and a higher revision',
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      enter('2026-12-03 15:01', flatB.stay(1, FROM, TO), 'opened stay'),
      enter('2026-12-03 15:02', booked, 'opened stay'),
      enter('2026-12-03 15:03', pin(booked), 'opened pin'),
    ],
    { units: [flatA, flatB] },
  ),
  scenario(
    'street door, told late: the old code and its PIN end with their window, and the amendment gets its own PIN',
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      enter('2026-12-05 18:00', pin(booked, 8), 'opened pin'),
      enter('2026-12-07 10:10:00', pin(booked, 8), 'refused unknown'),
      enter('2026-12-07 10:11:00', extended, 'opened amendment'),
      enter('2026-12-07 10:12:00', pin(booked, 8), 'refused unknown'),
      enter('2026-12-07 10:13:00', pin(extended, 8), 'opened pin'),
      enter('2026-12-07 10:14:00', booked, 'refused superseded'),
    ],
    { units: [flatB, flatA], rules: { pinDigits: 8 } },
  ),
  scenario(
    'flat, told at once, with the codes of the street door: the old code is dead and its PIN goes on',
    [
      enter('2026-12-03 15:05', booked, 'opened stay'),
      enter('2026-12-05 15:00', extended, 'opened amendment'),
      enter('2026-12-05 18:05', booked, 'refused superseded'),
      enter('2026-12-07 10:15:00', pin(booked), 'opened pin'),
    ],
  ),
];
