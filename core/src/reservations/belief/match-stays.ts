/**
 * Who is who from poll to poll where a reservation has a UID. Never by the last digits of a phone, which change.
 * Source: feed rule 3.
 * @module
 */
import type { Reservation } from '../reservation.ts';
import type { BelievedStay } from './belief.ts';

/** In order: what two agree on, or `null` where it tells nothing. The first that pairs them holds. */
const STEPS: readonly ((reservation: Reservation) => string | null)[] = [
  ({ uid, startsAtMs, endsAtMs }) => (uid === null ? null : `${startsAtMs}/${endsAtMs} ${uid}`),
  ({ reservationCode }) => reservationCode,
  ({ uid }) => uid,
  // Airbnb's UIDs are sound, and it sold one in twenty date slots again: the same dates are another guest's there.
  ({ dialect, startsAtMs, endsAtMs }) => (dialect === 'airbnb' ? null : `${startsAtMs}/${endsAtMs}`),
];

/** Pairs what is believed of a feed with what it lists now; both sides may be left over. */
export function matchStays(
  believed: readonly BelievedStay[],
  polled: readonly Reservation[],
): ReadonlyMap<BelievedStay, Reservation> {
  const matches = new Map<BelievedStay, Reservation>();
  let before = [...believed];
  let now = [...polled];
  for (const keyOf of STEPS) {
    const byKey = Map.groupBy(now, keyOf);
    const taken = new Set<Reservation>();
    for (const [key, group] of Map.groupBy(before, ({ reservation }) => keyOf(reservation))) {
      if (key === null) continue;
      for (const [stay, reservation] of pair(group, byKey.get(key) ?? [])) {
        matches.set(stay, reservation);
        taken.add(reservation);
      }
    }
    before = before.filter((stay) => !matches.has(stay));
    now = now.filter((reservation) => !taken.has(reservation));
  }
  return matches;
}

/** One and one are the same wherever they moved to; of several with one UID, those that overlap. */
function pair(
  group: readonly BelievedStay[],
  candidates: readonly Reservation[],
): [BelievedStay, Reservation][] {
  const [stay] = group;
  const [only] = candidates;
  if (stay && only && group.length === 1 && candidates.length === 1) {
    return contradict(stay.reservation, only) ? [] : [[stay, only]];
  }
  const free = new Set(candidates);
  return group.flatMap((one): [BelievedStay, Reservation][] => {
    const match = [...free].find(
      (candidate) => overlap(one.reservation, candidate) && !contradict(one.reservation, candidate),
    );
    if (match === undefined) return [];
    free.delete(match);
    return [[one, match]];
  });
}

/** Different reservation codes, or different names under different UIDs. */
function contradict(a: Reservation, b: Reservation): boolean {
  const differ = (x: string | null, y: string | null): boolean => x !== null && y !== null && x !== y;
  return (
    differ(a.reservationCode, b.reservationCode) || (a.uid !== b.uid && differ(a.guestName, b.guestName))
  );
}

/** Whether two stays share time. */
export function overlap(
  a: Pick<Reservation, 'startsAtMs' | 'endsAtMs'>,
  b: Pick<Reservation, 'startsAtMs' | 'endsAtMs'>,
): boolean {
  return a.startsAtMs < b.endsAtMs && b.startsAtMs < a.endsAtMs;
}
