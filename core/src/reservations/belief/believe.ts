/**
 * The whole engine: a belief and what came in, the next belief and what to do about it out. The state is data, so it survives
 * a restart; the same inputs in the same order end in the same belief.
 * @module
 */
import type { Reservation } from '../reservation.ts';
import {
  type Belief,
  type BeliefAlert,
  type BeliefChange,
  type BeliefInput,
  type BeliefOptions,
  type BelievedStay,
  FEED_STALE_MS,
  type FeedHealth,
  type GoneStay,
} from './belief.ts';
import { conclude, type Draft } from './conclude.ts';
import { lossesOf } from './absence.ts';
import { claimedNights, type EchoContext, freeId } from './echoes.ts';
import { nightCalendar } from './nights.ts';
import { isByNights } from './match-ranges.ts';
import { type PollResult, readPoll } from './read-poll.ts';

type Input<K extends BeliefInput['kind']> = Extract<BeliefInput, { kind: K }>;

/**
 * Takes in a poll, a failed one, or the host's word. Rule for rule: no bad body is evidence, absence is believed late, a range
 * that rolls, merges or splits is the same stay, an echo is no stay.
 * @throws StaycodeError `bad-zone` or `bad-time` for house times that are none
 */
export function believe(belief: Belief, input: BeliefInput, options: BeliefOptions): BeliefChange {
  const context: EchoContext = {
    calendar: nightCalendar(options.house),
    importing: new Set(
      Object.entries(options.feeds ?? {}).flatMap(([id, { imports }]) => (imports ? [id] : [])),
    ),
    nowMs: input.atMs,
  };
  return conclude(belief, takeIn(belief, input, context), options, context);
}

function takeIn(belief: Belief, input: BeliefInput, context: EchoContext): Draft {
  switch (input.kind) {
    case 'word':
      return takeWord(belief, input);
    case 'failed':
      return takeNothing(belief, input, null);
    case 'poll': {
      const own = belief.stays.filter(({ feedId }) => feedId === input.feedId);
      const isLost = own.some(({ reservation }) => reservation.endsAtMs > input.atMs);
      // One event of any kind, if only a block, shows that the calendar was filled in.
      if (input.reading.reservations.length === 0 && isLost) return takeNothing(belief, input, 'empty');
      return takePoll(belief, input, context);
    }
  }
}

/** A stay that the host calls off is kept where its feed lists it, so that it is not news at the next poll. */
function takeWord(belief: Belief, { reservationId, word }: Input<'word'>): Draft {
  const stays = belief.stays
    .map((stay) => (stay.reservation.id === reservationId ? { ...stay, word } : stay))
    .filter(({ missing, word }) => word !== 'no-stay' || missing === null);
  return { belief: { ...belief, stays }, reasons: new Map([[reservationId, 'host']]), alerts: [] };
}

/** A poll that is no evidence: all stays as it was, and is told once. */
function takeNothing(
  belief: Belief,
  { feedId, atMs }: Input<'poll'> | Input<'failed'>,
  why: 'empty' | null,
): Draft {
  const health = healthOf(belief, feedId, atMs);
  const isStale = atMs - (health.lastGoodMs ?? health.sinceMs) >= FEED_STALE_MS;
  const alerts: BeliefAlert[] = [];
  if (isStale && !health.isStale) alerts.push({ alert: 'stale', feedId, lastGoodMs: health.lastGoodMs });
  if (why !== null && health.suspect !== why) {
    const reservationIds = idsOf(belief.stays.filter((stay) => stay.feedId === feedId && stay.told));
    alerts.push({ alert: 'suspect', feedId, why, reservationIds });
  }
  const next: FeedHealth = { ...health, isStale: health.isStale || isStale, suspect: why ?? health.suspect };
  return { belief: { ...belief, feeds: { ...belief.feeds, [feedId]: next } }, reasons: new Map(), alerts };
}

function takePoll(belief: Belief, { feedId, atMs, reading }: Input<'poll'>, context: EchoContext): Draft {
  const health = healthOf(belief, feedId, atMs);
  const running = belief.stays.filter(({ reservation }) => reservation.endsAtMs > atMs);
  const others = running.filter((stay) => stay.feedId !== feedId);
  const result = readPoll(
    running.filter((stay) => stay.feedId === feedId),
    reading,
    {
      calendar: context.calendar,
      nowMs: atMs,
      closures: health.closures,
      claimed: claimedNights({ ...belief, stays: others }, feedId, context),
    },
  );
  const known = [...others, ...result.stays];
  const stays = [...known, ...asNew(feedId, result.fresh, known, belief.gone)];
  const { alerts, suspect } = judgeFeed(health, feedId, result);
  const losses = Map.groupBy(lossesOf(reading), ({ uid, message }) => uid ?? message);
  const problems = [...losses].flatMap(([key, found]) =>
    health.unread.includes(key) ? [] : found.slice(0, 1),
  );
  if (problems.length > 0) alerts.push({ alert: 'unreadable', feedId, problems });
  // A calendar that is empty for once forgets no closure: what is left of it would be a stay at the next poll.
  const closures = reading.reservations.length === 0 ? health.closures : result.closures;
  const unread = [...losses.keys()];
  const next = { ...health, lastGoodMs: atMs, suspect, isStale: false, unread, closures };
  return {
    belief: {
      ...belief,
      stays: stays.sort((a, b) => a.reservation.startsAtMs - b.reservation.startsAtMs),
      feeds: { ...belief.feeds, [feedId]: next },
    },
    reasons: new Map([...result.off].map(([{ reservation }, reason]) => [reservation.id, reason])),
    alerts,
  };
}

/** Suspicion lasts as long as any of the stays is missing that raised it. */
function judgeFeed(
  health: FeedHealth,
  feedId: string,
  { stays, vanished, asked }: PollResult,
): { alerts: BeliefAlert[]; suspect: FeedHealth['suspect'] } {
  const alerts: BeliefAlert[] = [];
  const suspects = vanished.filter(({ told }) => told);
  const isMissing = stays.some(({ missing, told }) => told && missing !== null);
  const isSuspect = suspects.length > 1 || (isMissing && health.suspect === 'together');
  if (suspects.length > 1) {
    alerts.push({ alert: 'suspect', feedId, why: 'together', reservationIds: idsOf(suspects) });
  }
  if (health.isStale || (health.suspect !== null && !isSuspect)) alerts.push({ alert: 'recovered', feedId });
  for (const { reservation } of asked) alerts.push({ alert: 'ask', question: 'gone', reservation });
  return { alerts, suspect: isSuspect ? 'together' : null };
}

function healthOf({ feeds }: Belief, feedId: string, atMs: number): FeedHealth {
  const unknown = {
    lastGoodMs: null,
    sinceMs: atMs,
    suspect: null,
    isStale: false,
    unread: [],
    closures: [],
  };
  return feeds[feedId] ?? unknown;
}

function idsOf(stays: readonly BelievedStay[]): string[] {
  return stays.map(({ reservation }) => reservation.id);
}

/** An id made of dates may have been another guest's; a UID that comes back is the same reservation. */
function asNew(
  feedId: string,
  fresh: readonly Reservation[],
  known: readonly BelievedStay[],
  gone: readonly GoneStay[],
): BelievedStay[] {
  const taken = new Set(idsOf(known));
  const past = new Set(gone.map(({ id }) => id));
  return fresh.map((reservation) => {
    const isDated = isByNights(reservation) || reservation.uid === null;
    const id = freeId(reservation.id, (wish) => taken.has(wish) || (isDated && past.has(wish)));
    taken.add(id);
    const unknown = { missing: null, echoOf: null, asked: null, word: null, told: false };
    return { feedId, reservation: { ...reservation, id }, ...unknown };
  });
}
