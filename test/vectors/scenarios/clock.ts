/** The lock's clock: codes that set it, power cuts, and what opens while it is lost. Source: spec, rule 8. */
import {
  cutPower,
  enter,
  flatA,
  flatB,
  FROM,
  pin,
  type Scenario,
  scenario,
  setClockOff,
  TO,
} from './parts.ts';

const booked = flatA.stay(0, FROM, TO);
const tomorrow = flatA.stay(0, '2026-12-05 14:00', '2026-12-09 10:00');
const grace = { rules: { clockLost: 'grace' } } as const;

export const runningClock: Scenario[] = [
  scenario('a slow clock refuses the guest who is in time, and a clock code mends it', [
    setClockOff('2026-12-03 12:00', -7200),
    enter('2026-12-03 15:00', booked, 'refused early'),
    enter('2026-12-03 15:01', flatA.clock('2026-12-03 15:01'), 'done clock'),
    enter('2026-12-03 15:02', booked, 'opened stay'),
  ]),
  scenario('a running clock is moved forward by twelve hours and no minute more', [
    setClockOff('2026-12-03 10:00', -43_260),
    enter('2026-12-03 10:01', flatA.clock('2026-12-03 10:01'), 'refused clock-refused'),
    setClockOff('2026-12-03 10:01', -43_200),
    enter('2026-12-03 10:02', flatA.clock('2026-12-03 10:02'), 'done clock'),
    enter('2026-12-03 13:49:59', booked, 'refused early'),
    enter('2026-12-03 13:50:00', booked, 'opened stay'),
  ]),
  scenario('a running clock is moved back by half an hour and no minute more', [
    setClockOff('2026-12-03 10:00', 1860),
    enter('2026-12-03 10:01', flatA.clock('2026-12-03 10:01'), 'refused clock-refused'),
    setClockOff('2026-12-03 10:01', 1800),
    enter('2026-12-03 10:02', flatA.clock('2026-12-03 10:02'), 'done clock'),
    enter('2026-12-03 13:49:59', booked, 'refused early'),
  ]),
  scenario('a running clock is never moved before the last accepted entry, but to its very minute', [
    setClockOff('2026-12-03 15:00', 1200),
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-03 15:19', flatA.clock('2026-12-03 15:19'), 'refused clock-refused'),
    enter('2026-12-03 15:20', flatA.clock('2026-12-03 15:20'), 'done clock'),
  ]),
  scenario(
    'a clock code that set a fast clock back does not refuse the next: it counts from the time it set',
    [
      setClockOff('2026-12-03 15:00', 1200),
      enter('2026-12-03 15:01', flatA.clock('2026-12-03 15:01'), 'done clock'),
      setClockOff('2026-12-03 15:02', -600),
      enter('2026-12-03 15:03', flatA.clock('2026-12-03 15:03'), 'done clock'),
    ],
  ),
  scenario(
    'no clock code is taken twice, nor one of an earlier minute or of the same minute under another key',
    [
      enter('2026-12-03 15:01', flatA.clock('2026-12-03 15:02'), 'done clock'),
      enter('2026-12-03 15:01', flatA.clock('2026-12-03 15:02'), 'refused clock-refused'),
      enter('2026-12-03 15:01', flatA.clock('2026-12-03 15:01'), 'refused clock-refused'),
      enter('2026-12-03 15:01', flatB.clock('2026-12-03 15:02'), 'refused clock-refused'),
      enter('2026-12-03 15:01', flatB.clock('2026-12-03 15:03'), 'done clock'),
    ],
    { units: [flatA, flatB] },
  ),
  scenario('a clock code sets the clock to the beginning of its minute, whenever in it it is typed', [
    enter('2026-12-03 13:49:30', flatA.clock('2026-12-03 13:49'), 'done clock'),
    enter('2026-12-03 13:50:29', booked, 'refused early'),
    enter('2026-12-03 13:50:30', booked, 'opened stay'),
  ]),
  scenario('the last accepted entry counts to the second', [
    enter('2026-12-03 15:00:20', booked, 'opened stay'),
    enter('2026-12-03 15:00:40', flatA.clock('2026-12-03 15:00'), 'refused clock-refused'),
    enter('2026-12-03 15:01:00', flatA.clock('2026-12-03 15:01'), 'done clock'),
  ]),
  scenario('a power cut overnight, the clock kept: nothing has changed', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    cutPower('2026-12-04 01:00', 360, 'kept'),
    enter('2026-12-04 07:00', pin(booked), 'opened pin'),
    enter('2026-12-05 13:49:59', tomorrow, 'refused early'),
    enter('2026-12-05 13:50:00', tomorrow, 'opened stay'),
  ]),
];

export const lostClock: Scenario[] = [
  scenario('a power cut overnight, the clock lost: who is in stays in, others wait for a clock code', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    cutPower('2026-12-05 01:00', 840, 'lost'),
    enter('2026-12-05 15:00', pin(booked), 'opened pin'),
    enter('2026-12-05 15:01', booked, 'opened stay'),
    enter('2026-12-05 15:02', tomorrow, 'refused clock-lost'),
    enter('2026-12-05 15:02', flatA.stay(0, '2026-12-04 14:00', TO), 'refused clock-lost'),
    enter('2026-12-05 15:03', flatA.clock('2026-12-05 15:03'), 'done clock'),
    enter('2026-12-05 15:04', tomorrow, 'opened stay'),
  ]),
  scenario(
    'with the clock lost a guest who is in has no more powered time than was let, and no skew allowance',
    [
      enter('2026-12-03 15:00', booked, 'opened stay'),
      cutPower('2026-12-05 10:00', 2880, 'lost'),
      enter('2026-12-09 09:59:59', pin(booked), 'opened pin'),
      enter('2026-12-09 09:59:59', booked, 'opened stay'),
      enter('2026-12-09 10:00:00', pin(booked), 'refused unknown'),
      enter('2026-12-09 10:00:00', booked, 'refused clock-lost'),
    ],
  ),
  scenario('let in before the start and the clock lost: opens again from the start of the window', [
    enter('2026-12-03 13:50', booked, 'opened stay'),
    cutPower('2026-12-03 13:50', 60, 'lost'),
    enter('2026-12-03 14:59:59', booked, 'refused clock-lost'),
    enter('2026-12-03 14:59:59', pin(booked), 'refused unknown'),
    enter('2026-12-03 15:00:00', booked, 'opened stay'),
    enter('2026-12-03 15:00:00', pin(booked), 'opened pin'),
  ]),
  scenario(
    'grace: not yet in, a guest is let in from two days before the start, the PIN from the start',
    [
      cutPower('2026-12-01 13:00', 60, 'lost'),
      enter('2026-12-01 14:59:59', booked, 'refused clock-lost'),
      enter('2026-12-01 15:00:00', booked, 'opened stay'),
      enter('2026-12-03 14:59:59', pin(booked), 'refused unknown'),
      enter('2026-12-03 14:59:59', booked, 'opened stay'),
      enter('2026-12-03 15:00:00', pin(booked), 'opened pin'),
      enter('2026-12-07 10:59:59', pin(booked), 'opened pin'),
      enter('2026-12-07 11:00:00', pin(booked), 'refused unknown'),
      enter('2026-12-07 11:00:00', booked, 'refused clock-lost'),
    ],
    grace,
  ),
  scenario(
    'grace ends with a clock code: a guest let in early waits for the start again',
    [
      cutPower('2026-12-02 10:00', 60, 'lost'),
      enter('2026-12-02 12:00', booked, 'opened stay'),
      enter('2026-12-02 12:01', flatA.clock('2026-12-02 12:01'), 'done clock'),
      enter('2026-12-02 12:02', booked, 'refused early'),
      enter('2026-12-03 13:49:59', pin(booked), 'refused unknown'),
      enter('2026-12-03 13:50:00', pin(booked), 'opened pin'),
    ],
    grace,
  ),
  scenario(
    'grace opens nothing for the dead',
    [
      enter('2026-12-02 10:00', flatA.revocation(0, FROM, TO), 'done revocation'),
      cutPower('2026-12-02 10:00', 60, 'lost'),
      enter('2026-12-02 12:00', booked, 'refused revoked'),
    ],
    grace,
  ),
  scenario('a revocation is judged by the powered time while the clock is lost', [
    cutPower('2026-12-03 09:00', 6000, 'lost'),
    enter('2026-12-07 13:00', flatA.revocation(0, FROM, TO), 'done revocation'),
    enter(
      '2026-12-07 13:01',
      flatA.revocation(0, '2027-01-04 14:00', '2027-01-05 10:00'),
      'refused revocation-refused',
    ),
  ]),
  scenario('a lost clock takes no code of before the time last stored, but of its very minute', [
    cutPower('2026-12-04 02:00', 60, 'lost'),
    enter('2026-12-04 03:00', flatA.clock('2026-12-04 01:59'), 'refused clock-refused'),
    enter('2026-12-04 03:00', flatA.clock('2026-12-04 02:00'), 'done clock'),
  ]),
  scenario('a lost clock takes one code up to 31 days ahead of the time last stored', [
    cutPower('2026-12-04 02:00', 45_000, 'lost'),
    enter('2027-01-04 08:00', flatA.clock('2027-01-04 02:00'), 'done clock'),
    enter('2027-01-04 08:01', flatA.clock('2027-01-04 08:01'), 'done clock'),
  ]),
  scenario('beyond 31 days a second code confirms the first, made a minute later', [
    cutPower('2026-12-04 02:00', 60, 'lost'),
    enter('2026-12-04 03:00', flatA.clock('2027-01-04 02:01'), 'refused clock-refused'),
    enter('2026-12-04 03:00', flatA.clock('2027-01-04 02:01'), 'refused clock-refused'),
    enter('2026-12-04 03:01', flatA.clock('2027-01-04 02:02'), 'done clock'),
    enter('2026-12-04 03:02', flatA.stay(0, '2027-01-03 14:00', '2027-01-06 10:00'), 'opened stay'),
  ]),
  scenario('31 days count from the time last stored, not from what the lock makes of it since', [
    cutPower('2026-12-04 02:00', 60, 'lost'),
    enter('2026-12-04 03:10', flatA.clock('2027-01-04 02:05'), 'refused clock-refused'),
    enter('2026-12-04 03:10', flatA.clock('2027-01-04 02:05'), 'done clock'),
  ]),
  scenario('a code of after the time last stored is taken, though the lock has had power for longer', [
    cutPower('2026-12-04 02:00', 60, 'lost'),
    enter('2026-12-04 03:10', flatA.clock('2026-12-04 02:05'), 'done clock'),
  ]),
  scenario('a code that waits for another waits through power cuts', [
    cutPower('2026-12-04 02:00', 60, 'lost'),
    enter('2026-12-04 03:00', flatA.clock('2027-03-01 12:00'), 'refused clock-refused'),
    cutPower('2026-12-04 03:00', 60, 'kept'),
    cutPower('2026-12-04 04:00', 60, 'lost'),
    enter('2026-12-04 05:00', flatA.clock('2027-03-01 12:01'), 'done clock'),
  ]),
  scenario(
    'beyond 31 days a code made eleven minutes later replaces the first, and one ten minutes on confirms that',
    [
      cutPower('2026-12-04 02:00', 60, 'lost'),
      enter('2026-12-04 03:00', flatA.clock('2027-03-01 12:00'), 'refused clock-refused'),
      enter('2026-12-04 03:00', flatA.clock('2027-03-01 12:11'), 'refused clock-refused'),
      enter('2026-12-04 03:00', flatA.clock('2027-03-01 12:10'), 'refused clock-refused'),
      enter('2026-12-04 03:00', flatA.clock('2027-03-01 12:20'), 'done clock'),
    ],
  ),
  scenario(
    'a lost clock takes nothing beyond 400 days of the time last stored, which each entry stores anew',
    [
      cutPower('2026-12-04 02:00', 60, 'lost'),
      enter('2026-12-04 03:00', flatA.clock('2028-01-08 02:01'), 'refused clock-refused'),
      enter('2026-12-04 03:00', flatA.clock('2028-01-08 02:00'), 'refused clock-refused'),
      enter('2026-12-04 03:01', flatA.clock('2028-01-08 02:01'), 'refused clock-refused'),
      enter('2026-12-04 03:01', flatA.clock('2028-01-08 02:01'), 'done clock'),
    ],
  ),
  ...(['lost', 'kept'] as const).map((clock) =>
    scenario(`a further cut, the clock ${clock}: the lost clock goes on from the time last stored`, [
      enter('2026-12-07 08:00', booked, 'opened stay'),
      cutPower('2026-12-07 08:00', 60, 'lost'),
      cutPower('2026-12-07 10:10', 60, clock),
      enter('2026-12-07 12:09:59', pin(booked), 'opened pin'),
      enter('2026-12-07 12:10:00', pin(booked), 'refused unknown'),
    ]),
  ),
  scenario('a start with the clock kept stores no time', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    cutPower('2026-12-03 15:10', 60, 'kept'),
    cutPower('2026-12-03 16:10', 60, 'lost'),
    enter('2026-12-03 17:10', flatA.clock('2026-12-03 15:30'), 'done clock'),
  ]),
  scenario('a lost clock stays lost through a cut that keeps it, and no fault can move it', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    cutPower('2026-12-05 01:00', 60, 'lost'),
    cutPower('2026-12-05 03:00', 840, 'kept'),
    setClockOff('2026-12-05 17:00', -864_000),
    enter('2026-12-05 17:01', tomorrow, 'refused clock-lost'),
    enter('2026-12-05 17:02', pin(booked), 'opened pin'),
    enter('2026-12-05 17:03', flatA.clock('2026-12-05 17:03'), 'done clock'),
    enter('2026-12-05 17:04', tomorrow, 'opened stay'),
  ]),
];
