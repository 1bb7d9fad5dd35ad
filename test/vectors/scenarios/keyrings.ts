/** Several keys in one lock: two flats, two versions of a key, and keypads without a zero. */
import { enter, flatA, flatB, FROM, pin, type Scenario, scenario, TO, unit } from './parts.ts';

const rotated = unit('flat-a', 2);
const noZero = unit('flat-a', 1, 'no-zero');
const oldGuest = flatA.stay(0, FROM, TO);
const newGuest = rotated.stay(0, '2026-12-04 14:00', '2026-12-08 10:00');
const plain = noZero.stay(0, FROM, TO);
/** A stay of flat B whose digits are, to flat A, a stay of the year 2110; found by search. */
const twofold = flatB.stay(0, '2026-11-30 17:00', '2026-12-02 11:00');

export const keyrings: Scenario[] = [
  scenario(
    'street door: one keyring, a guest in each flat, each with a PIN',
    [
      enter('2026-12-03 15:00', flatB.stay(0, FROM, TO), 'opened stay'),
      enter('2026-12-03 15:01', oldGuest, 'opened stay'),
      enter('2026-12-03 15:02', pin(oldGuest), 'opened pin'),
      enter('2026-12-03 15:03', pin(flatB.stay(0, FROM, TO)), 'opened pin'),
      enter('2026-12-03 15:04', flatB.revocation(0, FROM, TO), 'done revocation'),
      enter('2026-12-03 15:05', flatB.stay(0, FROM, TO), 'refused revoked'),
      enter('2026-12-03 15:06', oldGuest, 'opened stay'),
    ],
    { units: [flatA, flatB] },
  ),
  scenario('a code of a flat that this lock does not serve is unknown', [
    enter('2026-12-03 15:00', flatB.stay(0, FROM, TO), 'refused unknown'),
    enter('2026-12-03 15:01', oldGuest, 'opened stay'),
  ]),
  scenario(
    'twelve digits that two keys can read: an acceptance wins, and of two refusals the first key has the say',
    [
      enter('2026-12-01 12:00', twofold, 'opened stay'),
      enter('2026-12-01 12:01', pin(twofold), 'opened pin'),
      enter('2026-12-02 12:00', twofold, 'refused early'),
    ],
    { units: [flatA, flatB] },
  ),
  scenario(
    'twelve digits that two keys can read, the keyring the other way round',
    [
      enter('2026-12-01 12:00', twofold, 'opened stay'),
      enter('2026-12-02 12:00', twofold, 'refused expired'),
    ],
    { units: [flatB, flatA] },
  ),
  scenario(
    'rotation with guests in house: both key versions open, and neither ends codes of the other',
    [
      enter('2026-12-03 15:00', oldGuest, 'opened stay'),
      enter('2026-12-04 15:00', newGuest, 'opened stay'),
      enter('2026-12-04 15:01', rotated.amendment(1, FROM, TO), 'opened amendment'),
      enter('2026-12-04 15:02', newGuest, 'refused superseded'),
      enter('2026-12-04 15:03', oldGuest, 'opened stay'),
      enter('2026-12-04 15:04', pin(oldGuest), 'opened pin'),
      enter('2026-12-04 15:05', pin(newGuest), 'opened pin'),
      enter('2026-12-04 15:06', rotated.revocation(7, FROM, TO), 'done revocation'),
      enter('2026-12-04 15:07', oldGuest, 'opened stay'),
      enter('2026-12-04 15:08', flatA.revocation(0, FROM, TO), 'done revocation'),
      enter('2026-12-04 15:09', oldGuest, 'refused revoked'),
    ],
    { units: [flatA, rotated] },
  ),
  scenario(
    'no-zero alphabet: code, PIN and clock code without a 0, and an entry with one is unknown',
    [
      enter('2026-12-03 15:00', plain, 'opened stay'),
      enter('2026-12-03 15:01', pin(plain), 'opened pin'),
      enter('2026-12-03 15:02', `0${plain.slice(1)}`, 'refused unknown'),
      enter('2026-12-03 15:03', noZero.clock('2026-12-03 15:04'), 'done clock'),
      enter('2026-12-03 15:04', plain, 'opened stay'),
      enter('2026-12-03 15:05', noZero.revocation(0, FROM, TO), 'done revocation'),
      enter('2026-12-03 15:06', plain, 'refused revoked'),
    ],
    { units: [noZero] },
  ),
];
