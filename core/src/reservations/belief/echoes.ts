/**
 * Stays that come by two feeds: an OTA that imports other calendars exports their stays as its own. The stay is one; the feed
 * that it was booked in holds it, and its cancellation counts, not that of the echo.
 * @module
 */
import type { Reservation } from '../reservation.ts';
import type { Belief, BelievedStay, Nights } from './belief.ts';
import { hasNight, isSameNights, type NightCalendar } from './nights.ts';

/** How long an echo may outlive its stay: OTAs refresh their imports every three hours. */
const LINGER_MS = 6 * 60 * 60_000;

export interface EchoContext {
  readonly calendar: NightCalendar;
  readonly importing: ReadonlySet<string>;
  readonly nowMs: number;
}

/** Nights that a feed's ranges may repeat: those of stays in other feeds, also for a while after they vanished there. */
export function claimedNights(belief: Belief, feedId: string, context: EchoContext): Nights[] {
  const { calendar, importing, nowMs } = context;
  if (!importing.has(feedId)) return [];
  const isFresh = (sinceMs: number): boolean => nowMs - sinceMs < LINGER_MS;
  const others = belief.stays.filter(
    ({ feedId: other, echoOf, missing }) =>
      other !== feedId && echoOf === null && (missing === null || isFresh(missing.sinceMs)),
  );
  const lingering = belief.gone.filter(({ goneAtMs }) => isFresh(goneAtMs));
  return [...others.map(({ reservation }) => calendar.nightsOf(reservation)), ...lingering];
}

/**
 * Marks what repeats another feed's stay and lets go of marks whose stay is long gone; `before` is what was believed until
 * now. Where the echo was there first, the stay it repeats takes over its id, so that the code that went out stays good.
 */
export function settleEchoes(
  stays: readonly BelievedStay[],
  before: Belief,
  context: EchoContext,
): readonly BelievedStay[] {
  const ids = new Set([...stays, ...before.stays].map(({ reservation }) => reservation.id));
  for (const { id, goneAtMs } of before.gone) if (context.nowMs - goneAtMs < LINGER_MS) ids.add(id);
  let settled = stays.map((stay) =>
    stay.echoOf !== null && !ids.has(stay.echoOf) ? { ...stay, echoOf: null } : stay,
  );
  if (context.importing.size === 0) return settled;
  for (const stay of settled) {
    const twin = stay.echoOf === null ? findTwin(stay, settled, context) : undefined;
    if (twin === undefined || !isEchoOf(stay, twin, context)) continue;
    settled = settled.map((other) => {
      if (other === stay) return { ...echoed(stay, twin, settled), told: false };
      return other === twin && stay.told && !twin.told ? takeOver(twin, stay) : other;
    });
  }
  return settled;
}

function findTwin(
  stay: BelievedStay,
  stays: readonly BelievedStay[],
  { calendar }: EchoContext,
): BelievedStay | undefined {
  const nights = calendar.nightsOf(stay.reservation);
  return stays.find(
    (other) =>
      other.feedId !== stay.feedId &&
      other.echoOf === null &&
      isSameNights(calendar.nightsOf(other.reservation), nights),
  );
}

/** Of two of the same nights the echo is the one whose feed imports; where both do, the one that says less, or came later. */
function isEchoOf(stay: BelievedStay, twin: BelievedStay, { importing }: EchoContext): boolean {
  const imports = importing.has(stay.feedId);
  if (!imports || !importing.has(twin.feedId)) return imports;
  const difference = detail(twin.reservation) - detail(stay.reservation);
  return difference === 0 ? !stay.told : difference > 0;
}

function detail({ reservationCode, guestName, phoneLast4, mayBeClosure }: Reservation): number {
  return (
    [reservationCode, guestName, phoneLast4].filter((value) => value !== null).length - Number(mayBeClosure)
  );
}

function takeOver(twin: BelievedStay, { reservation, word }: BelievedStay): BelievedStay {
  return { ...twin, reservation: { ...twin.reservation, id: reservation.id }, word, told: true };
}

function echoed(stay: BelievedStay, twin: BelievedStay, stays: readonly BelievedStay[]): BelievedStay {
  const { reservation } = stay;
  if (!stay.told || twin.told) return { ...stay, echoOf: twin.reservation.id };
  const ids = new Set(stays.map((other) => other.reservation.id));
  const id = freeId(`${reservation.id} echo`, (wish) => ids.has(wish));
  return { ...stay, reservation: { ...reservation, id }, echoOf: reservation.id };
}

/** The id wished for, or where that is taken the next with a number. */
export function freeId(wish: string, isTaken: (id: string) => boolean): string {
  let id = wish;
  for (let number = 2; isTaken(id); number++) id = `${wish} #${number}`;
  return id;
}

/** Whether others hold all of its nights: a range that was taken for a stay before their feed was read. */
export function isWhollyClaimed(
  stay: BelievedStay,
  claimed: readonly Nights[],
  calendar: NightCalendar,
): boolean {
  const { from, to } = calendar.nightsOf(stay.reservation);
  for (let night = from; night < to; night++) {
    if (!claimed.some((nights) => hasNight(nights, night))) return false;
  }
  return true;
}
