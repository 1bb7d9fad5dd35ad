/**
 * One poll from address to messages. Whatever goes wrong on the way is told, and changes nothing that was known.
 * @module
 */
import { type Reservation, readReservations, StaycodeError } from '@staycode/core';
import { type AccessCodeStore, fetchFeed } from '@staycode/core/edges';
import type { StaySiteNode } from '../stay-site/stay-site.mts';
import type { StayUnitNode } from '../stay-unit/stay-unit.mts';
import { comparePolls, type KnownStay, type StayEvent } from './compare-polls.mts';

export interface FeedReaderOptions {
  /** Names the feed in the register. */
  readonly feedId: string;
  readonly url: string;
  readonly unit: Pick<StayUnitNode, 'unit'> & {
    site(): Pick<StaySiteNode, 'zone' | 'checkIn' | 'checkOut'> | null;
  };
  readonly store: AccessCodeStore;
  readonly signal: AbortSignal;
}

export interface FeedReading {
  readonly events: readonly StayEvent[];
  /** Stays that are known now. */
  readonly stays: number;
  /** A calendar without a single entry: more likely a fault than the truth. */
  readonly isEmpty: boolean;
  /** Call once the events are sent: a crash before it tells them again, never loses them. */
  remember(): void;
}

/** Reads a feed again and again. */
export interface FeedReader {
  /** `forget` tells every stay as new. @throws StaycodeError `feed-failed`, `not-a-calendar`, `bad-config`, `bad-register` */
  read(options: { forget: boolean }): Promise<FeedReading>;
}

/** Problems that leave no reservation behind. */
const LOSSES: ReadonlySet<string> = new Set(['bad-date', 'bad-length', 'not-closed', 'recurrence-cut']);

export function createFeedReader({ feedId, url, unit, store, signal }: FeedReaderOptions): FeedReader {
  let isFirst = true;
  return {
    async read({ forget }) {
      const site = unit.site();
      if (site === null) throw new StaycodeError('bad-config', 'stay-feed: expected a unit with a site');
      const body = await fetchFeed(url, { signal });
      const { reservations, problems } = readReservations(body, site);
      const told = forget ? [] : readKnown(store, feedId);
      // A stay that was told and never reached the register was lost on the way, by a crash or an unfinished flow.
      const before = isFirst ? told.filter(isInRegister(store, unit.unit.unitId)) : told;
      isFirst = false;
      const isComplete = !problems.some(({ code }) => LOSSES.has(code));
      const { known, events } = comparePolls(before, { reservations, isComplete, atMs: Date.now() });
      return {
        events,
        stays: known.length,
        isEmpty: reservations.length === 0,
        remember: () => {
          store.writeFeed(feedId, JSON.stringify(known));
        },
      };
    },
  };
}

function readKnown(store: AccessCodeStore, feedId: string): KnownStay[] {
  const json = store.readFeed(feedId);
  return json === null ? [] : (JSON.parse(json) as KnownStay[]);
}

/** Says nothing against a unit that has no records at all: its flow makes no codes. */
function isInRegister(
  store: AccessCodeStore,
  unitId: string,
): (stay: { reservation: Reservation }) => boolean {
  const { codes, held } = store.readUnit(unitId);
  const ids = new Set([...codes, ...held].map(({ reservationId }) => reservationId));
  return ({ reservation }) => ids.size === 0 || ids.has(reservation.id);
}
