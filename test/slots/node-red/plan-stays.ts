/** Stays of one unit by seed: booked ahead or late, some called off, some longer by a night; all while the fast clock is slow. */
import type { TimeWindow } from '@staycode/core';
import type { Random } from '../../support/random.ts';
import { isBusy } from './fast-time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface StayPlan {
  readonly unitId: string;
  /** The guest's, of which there is one. */
  readonly name: string;
  /** The stay from then on; `null` once it is called off. */
  readonly changes: readonly { readonly atMs: number; readonly window: TimeWindow | null }[];
  readonly typesAtMs: number;
}

export interface StaysOptions {
  readonly unitId: string;
  readonly random: Random;
  readonly fromMs: number;
  readonly toMs: number;
}

export function planStays({ unitId, random, fromMs, toMs }: StaysOptions): StayPlan[] {
  const plans: StayPlan[] = [];
  const midnightMs = fromMs - (fromMs % DAY_MS);
  const busyBetween = (from: number, to: number): number => {
    const atMs = from + Math.floor(random.next() * Math.max(0, to - from));
    return isBusy(atMs) || to <= from ? atMs : busyBetween(from, to);
  };
  for (let day = 0; midnightMs + day * DAY_MS < toMs;) {
    const nights = random.pick([1, 1, 1, 2]);
    const stay = (length: number): TimeWindow => ({
      startsAtMs: midnightMs + day * DAY_MS + 15 * HOUR_MS,
      endsAtMs: midnightMs + (day + length) * DAY_MS + 11 * HOUR_MS,
    });
    const window = stay(nights);
    const { startsAtMs, endsAtMs } = window;
    const bookedAtMs = random.chance(0.15)
      ? startsAtMs + random.whole(-20, 60) * MINUTE_MS
      : busyBetween(Math.max(fromMs + 10 * MINUTE_MS, startsAtMs - 3 * DAY_MS), startsAtMs);
    const fate = random.next();
    const changedAtMs = busyBetween(bookedAtMs + 10 * MINUTE_MS, endsAtMs - HOUR_MS);
    const isLonger = fate >= 0.12 && fate < 0.27;
    const changes = [{ atMs: bookedAtMs, window }];
    if (fate < 0.12)
      plans.push({
        ...{ unitId, name: `${unitId} ${day}`, typesAtMs: startsAtMs + HOUR_MS },
        changes: [...changes, { atMs: changedAtMs, window: null }],
      });
    else {
      const longer = isLonger ? [{ atMs: changedAtMs, window: stay(nights + 1) }] : [];
      const typesAtMs = startsAtMs + random.whole(5, 75) * MINUTE_MS;
      plans.push({ unitId, name: `${unitId} ${day}`, changes: [...changes, ...longer], typesAtMs });
    }
    day += nights + (isLonger ? 1 : 0);
  }
  return plans;
}
