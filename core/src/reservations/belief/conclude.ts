/**
 * From what is believed to what is told: the difference to what was told before, in the order in which to act on it.
 * @module
 */
import type { Reservation } from '../reservation.ts';
import type {
  Belief,
  BeliefAlert,
  BeliefChange,
  BeliefOptions,
  BelievedStay,
  CancelReason,
  FeedOptions,
  GoneStay,
  StayEvent,
} from './belief.ts';
import { claimedNights, type EchoContext, isWhollyClaimed, settleEchoes } from './echoes.ts';
import { displacedBy, findConflicts, isTurnover } from './neighbours.ts';

/** What an input made of a belief, before it is told to anybody. */
export interface Draft {
  readonly belief: Belief;
  /** Why stays are off that are in the belief no more, by id. */
  readonly reasons: ReadonlyMap<string, CancelReason>;
  readonly alerts: readonly BeliefAlert[];
}

/** Settles echoes, then words the difference to what was told `before` as events and alerts. */
export function conclude(
  before: Belief,
  { belief, reasons, alerts }: Draft,
  options: BeliefOptions,
  context: EchoContext,
): BeliefChange {
  const kept = settleEchoes(belief.stays, before, context).filter((stay) => !isOthers(stay, belief, context));
  const stays = kept.map((stay) => ({ ...stay, told: isToTell(stay, policyOf(stay, options)) }));
  const doubtful = stays.filter((stay) => policyOf(stay, options) === 'ask' && isDoubtful(stay));
  const events = listEvents(before.stays, stays, reasons, context);
  const conflicts = findConflicts(reservationsOf(stays.filter(({ missing }) => missing === null)));
  const known = new Set(before.conflicts.map(String));
  return {
    belief: {
      ...belief,
      stays: stays.map((stay) => (doubtful.includes(stay) ? { ...stay, asked: 'closure' } : stay)),
      gone: rememberGone(before, belief, events, context),
      conflicts,
    },
    events,
    alerts: [
      ...alerts,
      ...doubtful.map(({ reservation }) => ({ alert: 'ask', question: 'closure', reservation }) as const),
      ...conflicts
        .filter((pair) => !known.has(String(pair)))
        .map((reservationIds) => ({ alert: 'conflict', reservationIds }) as const),
    ],
  };
}

type Policy = NonNullable<FeedOptions['closures']>;

function policyOf({ feedId }: BelievedStay, { feeds }: BeliefOptions): Policy {
  return feeds?.[feedId]?.closures ?? 'all';
}

function isToTell({ reservation, echoOf, word }: BelievedStay, closures: Policy): boolean {
  if (echoOf !== null || word === 'no-stay') return false;
  return !reservation.mayBeClosure || closures === 'all' || word === 'stay';
}

function isDoubtful({ told, echoOf, word, asked }: BelievedStay): boolean {
  return !told && echoOf === null && word === null && asked === null;
}

/** A range that may be a closure, all of whose nights are stays of the feeds that its OTA imports. */
function isOthers(stay: BelievedStay, belief: Belief, context: EchoContext): boolean {
  if (!stay.reservation.mayBeClosure || stay.echoOf !== null || stay.word === 'stay') return false;
  return isWhollyClaimed(
    stay,
    claimedNights({ ...belief, gone: [] }, stay.feedId, context),
    context.calendar,
  );
}

function reservationsOf(stays: readonly BelievedStay[]): Reservation[] {
  return stays.filter(({ told }) => told).map(({ reservation }) => reservation);
}

function listEvents(
  before: readonly BelievedStay[],
  after: readonly BelievedStay[],
  reasons: Draft['reasons'],
  { nowMs, calendar }: EchoContext,
): StayEvent[] {
  const old = new Map(before.filter(({ told }) => told).map((stay) => [stay.reservation.id, stay]));
  const told = after.filter((stay) => stay.told);
  const current = new Set(told.map(({ reservation }) => reservation.id));
  const missing = told.filter((stay) => stay.missing !== null);
  const missed = before.filter((stay) => stay.told && stay.missing !== null);
  const others = reservationsOf(after);
  const say = (event: 'new' | 'changed', stay: BelievedStay): StayEvent => {
    const { reservation } = stay;
    const isTurned = isTurnover(reservation, others, calendar);
    return { event, reservation, isTurnover: isTurned, displaces: displacedBy(stay, missing) };
  };
  const off = reservationsOf(before).filter(({ id, endsAtMs }) => !current.has(id) && endsAtMs > nowMs);
  const changed = told.filter((stay) => {
    const was = old.get(stay.reservation.id);
    if (was === undefined) return false;
    return isMoved(was, stay) || displacedBy(stay, missing).length > displacedBy(was, missed).length;
  });
  return [
    ...off.map((reservation): StayEvent => {
      const reason = reasons.get(reservation.id) ?? 'echo';
      return { event: 'cancelled', reason, reservation };
    }),
    ...changed.map((stay) => say('changed', stay)),
    ...told.filter(({ reservation }) => !old.has(reservation.id)).map((stay) => say('new', stay)),
  ];
}

function isMoved({ reservation: was }: BelievedStay, { reservation: now }: BelievedStay): boolean {
  return was.startsAtMs !== now.startsAtMs || was.endsAtMs !== now.endsAtMs;
}

/** Also the nights that a changed stay had: its echo may still have them for a while. */
function rememberGone(
  before: Belief,
  { gone }: Belief,
  events: readonly StayEvent[],
  { nowMs, calendar }: EchoContext,
): GoneStay[] {
  const ids = new Set(events.filter(({ event }) => event !== 'new').map(({ reservation }) => reservation.id));
  const left = before.stays.filter(({ told, reservation }) => told && ids.has(reservation.id));
  return [
    // A day longer than the stay was booked for: until then its dates could make the same id again.
    ...gone.filter(({ to }) => to >= calendar.dayOf(nowMs) - 1),
    ...left.map(({ reservation, missing }) => ({
      id: reservation.id,
      ...calendar.nightsOf(reservation),
      goneAtMs: missing?.sinceMs ?? nowMs,
    })),
  ];
}
