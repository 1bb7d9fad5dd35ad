/** Revocations and one-time codes: what ends without a network. Source: spec, rules 5 and 6. */
import { ALWAYS, enter, flatA, FROM, pin, type Scenario, scenario, TO } from './parts.ts';

const booked = flatA.stay(0, FROM, TO);
const revocation = flatA.revocation(0, FROM, TO);
const CLEAN_FROM = '2026-12-04 10:00';
const CLEAN_TO = '2026-12-04 12:00';
const once = flatA.oneTime(0, CLEAN_FROM, CLEAN_TO);

export const endings: Scenario[] = [
  scenario('revocation of a code never typed: dead before it was born, and the next guest is let in', [
    enter('2026-12-01 12:00', revocation, 'done revocation'),
    enter('2026-12-03 15:00', booked, 'refused revoked'),
    enter('2026-12-03 15:01', revocation, 'done revocation'),
    enter('2026-12-03 15:02', flatA.stay(1, FROM, TO), 'opened stay'),
  ]),
  scenario('revocation of a guest who is in: code and PIN end at once', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-03 15:01', pin(booked), 'opened pin'),
    enter('2026-12-04 15:00', revocation, 'done revocation'),
    enter('2026-12-04 15:01', pin(booked), 'refused unknown'),
    enter('2026-12-04 15:02', booked, 'refused revoked'),
  ]),
  scenario('a revocation ends its own revision and those below, stays and amendments, and none above', [
    enter('2026-12-03 15:00', flatA.revocation(1, FROM, TO), 'done revocation'),
    enter('2026-12-03 15:01', booked, 'refused revoked'),
    enter('2026-12-03 15:02', flatA.amendment(1, FROM, TO), 'refused revoked'),
    enter('2026-12-03 15:03', flatA.amendment(1, FROM, '2026-12-09 10:00'), 'refused revoked'),
    enter('2026-12-03 15:04', flatA.stay(2, FROM, TO), 'opened stay'),
  ]),
  scenario('revoked is said before superseded', [
    enter('2026-12-03 15:00', flatA.stay(1, FROM, TO), 'opened stay'),
    enter('2026-12-03 15:01', booked, 'refused superseded'),
    enter('2026-12-03 15:02', revocation, 'done revocation'),
    enter('2026-12-03 15:03', booked, 'refused revoked'),
    enter('2026-12-03 15:04', flatA.stay(1, FROM, TO), 'opened stay'),
  ]),
  scenario('a revocation leaves a window alone that it does not collide with', [
    enter('2026-12-05 15:00', flatA.revocation(7, FROM, '2026-12-05 10:00'), 'refused revocation-refused'),
    enter('2026-12-05 15:01', flatA.revocation(7, '2026-12-07 17:00', '2026-12-09 10:00'), 'done revocation'),
    enter('2026-12-05 15:02', booked, 'opened stay'),
  ]),
  scenario('a revocation is taken from 31 days before its start, to the second', [
    enter('2026-11-02 13:59:59', revocation, 'refused revocation-refused'),
    enter('2026-11-02 14:00:00', revocation, 'done revocation'),
    enter('2026-12-03 14:00:00', booked, 'refused revoked'),
  ]),
  scenario('a revocation is taken until its end, without the skew allowance', [
    enter('2026-12-07 09:59:59', flatA.revocation(1, FROM, TO), 'done revocation'),
    enter('2026-12-07 10:00:00', flatA.revocation(2, FROM, TO), 'refused revocation-refused'),
    enter('2026-12-07 10:05:00', flatA.stay(1, FROM, TO), 'refused revoked'),
    enter('2026-12-07 10:05:01', flatA.stay(2, FROM, TO), 'opened stay'),
  ]),
  scenario('a revocation of what is neither a stay nor a one-time code is unknown', [
    enter('2026-12-04 10:00', flatA.revocation(0, CLEAN_FROM, '2026-12-05 10:30'), 'refused unknown'),
    enter('2026-12-04 10:01', flatA.revocation(0, CLEAN_FROM, '2026-12-05 10:00'), 'done revocation'),
  ]),
  scenario('a revocation of up to a day that meets no rules of a stay leaves the stays alone', [
    enter('2026-12-04 10:00', flatA.revocation(0, CLEAN_FROM, CLEAN_TO), 'done revocation'),
    enter('2026-12-04 10:01', booked, 'opened stay'),
  ]),
  scenario('one-time: that it was used is forgotten a day and the skew allowance after its end', [
    enter('2026-12-04 10:00', once, 'opened one-time'),
    enter('2026-12-05 12:09:59', once, 'refused consumed'),
    enter('2026-12-05 12:30', once, 'refused expired'),
  ]),
  scenario('one-time: opens once, gives no PIN, and its neighbour of the next serial opens once too', [
    enter('2026-12-04 09:49:59', once, 'refused early'),
    enter('2026-12-04 09:50:00', once, 'opened one-time'),
    enter('2026-12-04 09:50:01', pin(once), 'refused unknown'),
    enter('2026-12-04 11:00', once, 'refused consumed'),
    enter('2026-12-04 12:09:59', flatA.oneTime(1, CLEAN_FROM, CLEAN_TO), 'opened one-time'),
    enter('2026-12-04 12:10:00', once, 'refused consumed'),
    enter('2026-12-04 12:10:00', flatA.oneTime(2, CLEAN_FROM, CLEAN_TO), 'refused expired'),
  ]),
  scenario('one-time: no stay ends it and it ends no stay, whatever the revisions', [
    enter('2026-12-03 15:00', booked, 'opened stay'),
    enter('2026-12-04 10:00', flatA.stay(7, FROM, TO), 'opened stay'),
    enter('2026-12-04 10:01', once, 'opened one-time'),
    enter('2026-12-04 10:02', flatA.oneTime(7, CLEAN_FROM, CLEAN_TO), 'opened one-time'),
    enter('2026-12-04 10:03', flatA.stay(7, FROM, TO), 'opened stay'),
    enter('2026-12-04 10:04', flatA.oneTime(1, CLEAN_FROM, CLEAN_TO), 'opened one-time'),
  ]),
  scenario('one-time: at any half hour, for a day at most', [
    enter('2026-12-04 03:00', flatA.oneTime(0, '2026-12-04 02:30', '2026-12-05 03:00'), 'refused unknown'),
    enter('2026-12-04 03:01', flatA.oneTime(0, '2026-12-04 02:30', '2026-12-05 02:30'), 'opened one-time'),
    enter('2026-12-04 03:02', flatA.oneTime(0, '2026-12-04 03:00', '2026-12-04 03:30'), 'opened one-time'),
  ]),
  scenario(
    'one-time: the shortest and longest stay of the rules do not count for it',
    [
      enter('2026-12-04 10:00', once, 'opened one-time'),
      enter('2026-12-04 10:01', flatA.stay(0, '2026-12-03 14:00', '2026-12-04 10:00'), 'refused unknown'),
    ],
    { rules: { minSlots: 96 } },
  ),
  scenario('one-time: revoked by its very window and serial, and by no other', [
    enter('2026-12-04 10:00', flatA.revocation(1, CLEAN_FROM, CLEAN_TO), 'done revocation'),
    enter('2026-12-04 10:01', flatA.revocation(0, CLEAN_FROM, '2026-12-04 12:30'), 'done revocation'),
    enter('2026-12-04 10:02', revocation, 'done revocation'),
    enter('2026-12-04 10:03', flatA.oneTime(1, CLEAN_FROM, CLEAN_TO), 'refused revoked'),
    enter('2026-12-04 10:04', once, 'opened one-time'),
    enter('2026-12-04 10:05', flatA.revocation(0, CLEAN_FROM, CLEAN_TO), 'done revocation'),
    enter('2026-12-04 10:06', once, 'refused revoked'),
  ]),
  scenario(
    'a revocation of up to a day that meets the rules of a stay ends the stays and the one-time code of its window',
    [
      enter('2026-12-04 10:00', flatA.revocation(0, CLEAN_FROM, CLEAN_TO), 'done revocation'),
      enter('2026-12-04 10:01', once, 'refused revoked'),
      enter('2026-12-04 10:02', booked, 'refused revoked'),
      enter('2026-12-04 10:03', flatA.oneTime(1, CLEAN_FROM, CLEAN_TO), 'opened one-time'),
    ],
    { rules: { startMask: ALWAYS, endMask: ALWAYS } },
  ),
];
