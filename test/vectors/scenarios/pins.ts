/** Short PINs: who has one, whose it is, and whom an amendment takes it from. Source: spec, rules 2 and 4. */
import { cutPower, enter, flatA, flatB, FROM, mask, pin, type Scenario, scenario, TO } from './parts.ts';

const booked = flatA.stay(0, FROM, TO);
const extended = flatA.amendment(1, FROM, '2026-12-09 10:00');

/** Two flats behind one street door whose guests' codes begin with the same six digits, found by search. */
const first = flatA.stay(1, '2026-11-25 14:00', '2026-12-06 11:00');
const second = flatB.stay(0, '2026-11-16 16:00', '2026-12-07 08:00');
/** Begins like the code of a stay from `FROM` to the eighth at nine, of revision 0. */
const successor = flatA.stay(2, '2026-12-03 15:00', '2026-12-10 11:00');
const street = [flatA, flatB];

/** Back to back, with a late check-out beside an early check-in, so that both open for four hours. */
const late = flatA.stay(0, FROM, '2026-12-07 17:00');
const next = flatA.stay(0, '2026-12-07 13:00', '2026-12-10 10:00');
const joined = flatA.amendment(1, FROM, '2026-12-10 10:00');

export const pins: Scenario[] = [
  scenario(
    'grace: a guest who was let in before the start holds the PIN already, though it does not open yet',
    [
      cutPower('2026-11-24 10:00', 60, 'lost'),
      enter('2026-11-24 12:00', first, 'opened stay'),
      enter('2026-11-24 12:01', second, 'opened stay'),
      enter('2026-11-24 12:02', pin(second), 'refused unknown'),
    ],
    { units: street, rules: { clockLost: 'grace' } },
  ),
  scenario('no PIN before the first opening', [
    enter('2026-12-03 15:00', pin(booked), 'refused unknown'),
    enter('2026-12-03 15:01', booked, 'opened stay'),
    enter('2026-12-03 15:02', pin(booked), 'opened pin'),
  ]),
  scenario(
    'no PIN where the host wants none',
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      enter('2026-12-03 15:01', pin(booked), 'refused unknown'),
      enter('2026-12-03 15:02', pin(booked, 8), 'refused unknown'),
      enter('2026-12-03 15:03', booked, 'opened stay'),
    ],
    { rules: { pinDigits: 0 } },
  ),
  scenario(
    'PINs of eight digits: neither six, seven nor nine open',
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      enter('2026-12-03 15:01', pin(booked), 'refused unknown'),
      enter('2026-12-03 15:02', booked.slice(0, 7), 'refused unknown'),
      enter('2026-12-03 15:03', booked.slice(0, 9), 'refused unknown'),
      enter('2026-12-03 15:04', pin(booked, 8), 'opened pin'),
    ],
    { rules: { pinDigits: 8 } },
  ),
  scenario(
    'two guests with the same leading digits: the second gets no PIN, and none later',
    [
      enter('2026-12-04 15:00', first, 'opened stay'),
      enter('2026-12-04 15:01', second, 'opened stay'),
      enter('2026-12-05 12:00', pin(first), 'opened pin'),
      enter('2026-12-06 11:09:59', pin(first), 'opened pin'),
      enter('2026-12-06 11:10:00', pin(first), 'refused unknown'),
      enter('2026-12-06 11:11:00', second, 'opened stay'),
      enter('2026-12-06 11:12:00', pin(second), 'refused unknown'),
    ],
    { units: street },
  ),
  scenario(
    'two guests with the same leading digits: who comes after the other has left gets the PIN',
    [
      enter('2026-12-04 15:00', first, 'opened stay'),
      enter('2026-12-06 11:10:00', second, 'opened stay'),
      enter('2026-12-06 11:11:00', pin(second), 'opened pin'),
    ],
    { units: street },
  ),
  scenario('a code that begins like the one that it ends: nobody else has its PIN then', [
    enter('2026-12-03 15:00', flatA.stay(0, FROM, '2026-12-08 09:00'), 'opened stay'),
    enter('2026-12-03 16:00', successor, 'opened stay'),
    enter('2026-12-09 12:00', pin(successor), 'opened pin'),
  ]),
  scenario('the successor of a guest is no amendment and takes over no PIN', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:00', flatA.stay(1, FROM, '2026-12-09 10:00'), 'opened stay'),
    enter('2026-12-04 15:01', pin(booked), 'refused unknown'),
    enter('2026-12-04 15:02', pin(flatA.stay(1, FROM, '2026-12-09 10:00')), 'opened pin'),
  ]),
  scenario('an amendment that is the first code typed here has a PIN of its own', [
    enter('2026-12-03 15:00', extended, 'opened amendment'),
    enter('2026-12-03 15:01', pin(booked), 'refused unknown'),
    enter('2026-12-03 15:02', pin(extended), 'opened pin'),
  ]),
  scenario('an amendment typed after the old window closed takes over nothing and has a PIN of its own', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-07 10:10', extended, 'opened amendment'),
    enter('2026-12-07 10:11', pin(booked), 'refused unknown'),
    enter('2026-12-07 10:12', pin(extended), 'opened pin'),
  ]),
  scenario(
    'an amendment takes over the PINs of all that it ends and that are open',
    [
      enter('2026-12-07 12:50', late, 'opened stay'),
      enter('2026-12-07 12:51', next, 'opened stay'),
      enter('2026-12-07 12:52', joined, 'opened amendment'),
      enter('2026-12-07 12:53', late, 'refused superseded'),
      enter('2026-12-07 12:54', next, 'refused superseded'),
      enter('2026-12-09 12:00', pin(late), 'opened pin'),
      enter('2026-12-09 12:01', pin(next), 'opened pin'),
      enter('2026-12-09 12:02', pin(joined), 'refused unknown'),
      enter('2026-12-10 10:10', pin(late), 'refused unknown'),
      enter('2026-12-10 10:10', pin(next), 'refused unknown'),
    ],
    { rules: { endMask: mask(10, 17) } },
  ),
  scenario(
    'an amendment of a guest who got no PIN has one of its own',
    [
      enter('2026-12-04 15:00', first, 'opened stay'),
      enter('2026-12-04 15:01', second, 'opened stay'),
      enter('2026-12-05 15:00', flatB.amendment(1, FROM, '2026-12-09 10:00'), 'opened amendment'),
      enter('2026-12-05 15:01', pin(flatB.amendment(1, FROM, '2026-12-09 10:00')), 'opened pin'),
      enter('2026-12-05 15:02', pin(first), 'opened pin'),
      enter('2026-12-07 12:00', pin(first), 'refused unknown'),
    ],
    { units: street },
  ),
  scenario('a PIN that was taken over goes on from amendment to amendment', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 15:00', extended, 'opened amendment'),
    enter('2026-12-08 15:00', flatA.amendment(2, FROM, '2026-12-11 10:00'), 'opened amendment'),
    enter('2026-12-11 10:09:59', pin(booked), 'opened pin'),
    enter('2026-12-11 10:10:00', pin(booked), 'refused unknown'),
  ]),
];
