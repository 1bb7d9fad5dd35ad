/**
 * One poll from address to what the flow is told. What is believed is the unit's, not the feed's: two feeds may tell of one
 * stay. Whatever goes wrong on the way is told, and changes nothing that was known.
 * @module
 */
import {
  type FeedReading as Calendar,
  type HostWord,
  type HouseOptions,
  NO_BELIEF,
  type Belief,
  type BeliefAlert,
  type BeliefInput,
  believe,
  type FeedHealth,
  type FeedOptions,
  inherit,
  parseBelief,
  readReservations,
  type Reservation,
  type StayEvent,
  StaycodeError,
} from '@staycode/core';
import { type AccessCodeStore, fetchFeed, type FeedValidators } from '@staycode/core/edges';
import type { StaySiteNode } from '../stay-site/stay-site.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { ownTurn } from '../own-turn.mts';

export interface FeedReaderOptions {
  /** Names the feed in the register. */
  readonly feedId: string;
  readonly url: string;
  /** Also addresses of the own network, and http:// without encryption. */
  readonly allowPrivate: boolean;
  /** Whether the flow has a feed of that id, in use or not. */
  readonly hasFeed: (feedId: string) => boolean;
  /** Of all feeds of the unit. */
  feedOptions(): Readonly<Record<string, FeedOptions>>;
  /** Whether the flow makes codes for the unit, so that its stays reach the register. */
  readonly makesCodes: () => boolean;
  readonly unit: Pick<StayUnitNode, 'unit'> & {
    site(): Pick<StaySiteNode, 'zone' | 'checkIn' | 'checkOut'> | null;
  };
  readonly store: AccessCodeStore;
  readonly signal: AbortSignal;
}

export interface FeedReading {
  readonly events: readonly StayEvent[];
  readonly alerts: readonly BeliefAlert[];
  /** Stays of the feed that are believed now. */
  readonly stays: number;
  readonly suspect: FeedHealth['suspect'];
  /** The last good poll, where that was too long ago. */
  readonly staleSinceMs: number | null;
  /** Why there was nothing to read. */
  readonly error: Error | null;
  /** Call once all of it is sent: a crash before it tells it again, never loses it. */
  readonly remember: () => void;
}

/** Reads a feed again and again. All of it throws StaycodeError `bad-config` or `bad-register`. */
export interface FeedReader {
  /** What the feed holds now, or what is wrong with it. */
  fetch(): Promise<Calendar | Error>;
  /** At the next `take`, looks for what was told and never reached the register, as at the first. */
  readonly lookForLost: () => void;
  /** Believes it or not; `forget` tells every stay as new. */
  take(fetched: Calendar | Error, options: { forget: boolean }): FeedReading;
  /** Takes the host's word for a stay. */
  say(reservationId: string, word: HostWord): FeedReading;
}

/** What is believed of a calendar takes the square of the time; a unit with a guest a day for five years has fewer. */
export const MAX_RESERVATIONS = 2_000;

export function createFeedReader(options: FeedReaderOptions): FeedReader {
  const { feedId } = options;
  const readCalendar = createCalendarReader(options);
  let looksForLost = true;
  /** Until a calendar was read: only what it lists shows which feed it takes the place of. */
  let mayInherit = true;
  const heirOf = (belief: Belief, reading: Calendar): Belief =>
    inherit(belief, {
      ...{ feedId, reading, hasFeed: options.hasFeed, house: siteOf(options), nowMs: Date.now() },
    });
  return {
    lookForLost() {
      looksForLost = true;
      mayInherit = true;
    },
    fetch: () => attempt(() => readCalendar(siteOf(options))),
    take(fetched, { forget }) {
      const atMs = Date.now();
      const isRead = !(fetched instanceof Error);
      const known = readBelief(options, { looksForLost, forget });
      const belief = mayInherit && isRead ? heirOf(known, fetched) : known;
      mayInherit &&= !isRead;
      const lost = looksForLost || belief !== known ? lostCancellations(options, belief) : [];
      looksForLost = false;
      const reading =
        fetched instanceof Error
          ? toReading(options, belief, { kind: 'failed', feedId, atMs }, fetched)
          : toReading(options, belief, { kind: 'poll', feedId, atMs, reading: fetched }, null);
      return { ...reading, events: [...lost, ...reading.events] };
    },
    say(reservationId, word) {
      const belief = readBelief(options, { looksForLost: false, forget: false });
      return toReading(options, belief, { kind: 'word', reservationId, word, atMs: Date.now() }, null);
    },
  };
}

function siteOf({ unit }: FeedReaderOptions): HouseOptions {
  const site = unit.site();
  if (site === null) throw new StaycodeError('bad-config', 'stay-feed: expected a unit with a site');
  return site;
}

/** What the network and the OTA do wrong is an answer here; what the host has to set right is not. */
async function attempt(read: () => Promise<Calendar>): Promise<Calendar | Error> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StaycodeError && ['feed-failed', 'not-a-calendar'].includes(error.code))
      return error;
    throw error;
  }
}

function toReading(
  options: FeedReaderOptions,
  before: Belief,
  input: BeliefInput,
  error: Error | null,
): FeedReading {
  const { feedId, unit, store } = options;
  const { belief, events, alerts } = believe(before, input, {
    house: siteOf(options),
    feeds: options.feedOptions(),
  });
  const health = belief.feeds[feedId];
  return {
    events,
    alerts,
    stays: belief.stays.filter((stay) => stay.feedId === feedId && stay.told).length,
    suspect: health?.suspect ?? null,
    staleSinceMs: health?.isStale ? (health.lastGoodMs ?? health.sinceMs) : null,
    error,
    remember: () => {
      store.writeFeed(beliefKey(unit.unit.unitId), JSON.stringify(belief));
    },
  };
}

/** Keeps the last calendar, so that a server that has no other need not send it again. */
function createCalendarReader({
  url,
  signal,
  allowPrivate,
}: FeedReaderOptions): (house: HouseOptions) => Promise<Calendar> {
  let last: { readonly validators: FeedValidators; readonly calendar: Calendar } | null = null;
  return async (house) => {
    const previous = last?.validators;
    const fetched = await fetchFeed(url, { signal, allowPrivate, ...(previous && { previous }) });
    await ownTurn();
    // Of a body that is no calendar nothing is kept, so the next poll is compared with the last good one.
    if (fetched.kind === 'body') {
      last = {
        validators: fetched.validators,
        calendar: readReservations(fetched.body, { ...house, maxReservations: MAX_RESERVATIONS }),
      };
    }
    if (last === null) throw new StaycodeError('feed-failed', 'expected a calendar, got "unchanged"');
    return last.calendar;
  };
}

/** Where the register has what is believed of a unit. */
export const beliefKey = (unitId: string): string => `unit ${unitId}`;

/** A stay that was told and never reached the register as it was told was lost on the way, by a crash or an unfinished flow. */
function readBelief(
  { store, unit, feedId, makesCodes }: FeedReaderOptions,
  { looksForLost, forget }: { looksForLost: boolean; forget: boolean },
): Belief {
  const { unitId } = unit.unit;
  const json = store.readFeed(beliefKey(unitId));
  if (json === null) return NO_BELIEF;
  const belief = parseBelief(json);
  const arrived = new Map(store.readUnit(unitId).stays.map(({ stay }) => [stay.id, stay]));
  const isLost = ({ id, startsAtMs, endsAtMs }: Reservation): boolean => {
    const stay = arrived.get(id);
    return stay?.startsAtMs !== startsAtMs || stay.endsAtMs !== endsAtMs;
  };
  const stays = belief.stays.map((stay) =>
    stay.feedId === feedId && (forget || (looksForLost && makesCodes() && isLost(stay.reservation)))
      ? { ...stay, told: false }
      : stay,
  );
  return { ...belief, stays };
}

/** Stays that the register still has though the feed's news that they are off was told: it was lost on the way. */
function lostCancellations(
  { store, unit, makesCodes }: FeedReaderOptions,
  { stays, gone }: Belief,
): StayEvent[] {
  if (!makesCodes()) return [];
  const on = new Set(stays.filter(({ told }) => told).map(({ reservation }) => reservation.id));
  const off = new Set(gone.map(({ id }) => id).filter((id) => !on.has(id)));
  return store
    .readUnit(unit.unit.unitId)
    .stays.filter(({ stay }) => stay.source === 'feed' && off.has(stay.id))
    .map(({ stay: { id, startsAtMs, endsAtMs, guestName } }) => ({
      ...{ event: 'cancelled', reason: 'said' },
      reservation: {
        ...{ id, startsAtMs, endsAtMs, guestName, status: 'cancelled', dialect: 'generic' },
        ...{ uid: null, summary: '', reservationCode: null, phoneLast4: null, partySize: null },
        mayBeClosure: false,
      },
    }));
}
