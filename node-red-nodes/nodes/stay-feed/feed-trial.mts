/**
 * What a calendar holds, for a host who has not deployed it yet: its dialect, the stays to come, and what could not be read.
 * @module
 */
import { type FeedReading, isStay, type Reservation } from '@staycode/core';

export interface TrialContext {
  /** IANA zone of the property. */
  readonly zone: string;
  readonly nowMs: number;
}

export interface TrialStay {
  /** Local times, `YYYY-MM-DD HH:MM`. */
  readonly from: string;
  readonly to: string;
  readonly nights: number;
  /** The guest's name where the calendar tells it, else the entry's own words. */
  readonly who: string;
  readonly mayBeClosure: boolean;
}

export interface FeedTrial {
  /** `null` for a calendar without entries. */
  readonly dialect: Reservation['dialect'] | null;
  /** Those that are not over, by start; at most `MAX_SHOWN`. */
  readonly stays: readonly TrialStay[];
  readonly counts: Readonly<
    Record<'stays' | 'past' | 'blocked' | 'tentative' | 'cancelled' | 'closures', number>
  >;
  /** Entries that are bad, at most `MAX_SHOWN`: the entry's number in the calendar, `null` for the calendar itself, and why. */
  readonly problems: readonly { readonly event: number | null; readonly why: string }[];
  readonly problemCount: number;
}

const MAX_SHOWN = 50;
const DAY_MS = 86_400_000;

export function summariseReading(reading: FeedReading, { zone, nowMs }: TrialContext): FeedTrial {
  const { reservations, problems } = reading;
  const coming = reservations.filter(({ endsAtMs }) => endsAtMs > nowMs);
  const stays = coming.filter(isStay);
  const countOf = (status: Reservation['status']): number =>
    coming.filter((one) => one.status === status).length;
  return {
    dialect: reservations[0]?.dialect ?? null,
    stays: stays.slice(0, MAX_SHOWN).map((stay) => toTrialStay(stay, zone)),
    counts: {
      ...{ stays: stays.length, past: reservations.length - coming.length },
      ...{ blocked: countOf('blocked'), tentative: countOf('tentative'), cancelled: countOf('cancelled') },
      closures: stays.filter(({ mayBeClosure }) => mayBeClosure).length,
    },
    problems: problems.slice(0, MAX_SHOWN).map(({ event, message }) => ({ event, why: message })),
    problemCount: problems.length,
  };
}

function toTrialStay(stay: Reservation, zone: string): TrialStay {
  const { startsAtMs, endsAtMs, guestName, summary, mayBeClosure } = stay;
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const [from, to] = [local.format(startsAtMs), local.format(endsAtMs)];
  const nights = (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS;
  return { from, to, nights, who: guestName ?? summary, mayBeClosure };
}
