/** Plays polls and words to the engine and tells in short what it says; the belief goes through JSON, as over a restart. */
import {
  type Belief,
  type BeliefAlert,
  type BeliefInput,
  type BeliefOptions,
  NO_BELIEF,
  type StayEvent,
} from '../../../../core/src/reservations/belief/belief.ts';
import { believe } from '../../../../core/src/reservations/belief/believe.ts';
import type { HouseOptions } from '../../../../core/src/reservations/reservation.ts';
import { readReservations } from '../../../../core/src/reservations/read-reservations.ts';
import { calendar, days } from '../feeds.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Day 0 of a play, midnight in UTC. */
export const START_MS: number = Date.UTC(2026, 10, 1);
export const HOUSE: HouseOptions = { zone: 'UTC', checkIn: '15:00', checkOut: '11:00' };

function date(day: number): string {
  return new Date(START_MS + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** A stay of Airbnb's, from one day of the play to another. */
export function airbnb(uid: string, from: number, to: number, ...lines: string[]): string {
  return days(
    `${uid}@airbnb.com`,
    date(from),
    date(to),
    ...(lines.length > 0 ? lines : ['SUMMARY:Reserved']),
  );
}

/** A range of Booking.com's, whose UID is made of the first day. */
export function booking(from: number, to: number): string {
  return days(`${from}@booking.com`, date(from), date(to), 'SUMMARY:CLOSED - Not available');
}

export class Play {
  belief: Belief = NO_BELIEF;
  readonly #options: BeliefOptions;

  constructor(feeds: BeliefOptions['feeds'] = {}) {
    this.#options = { house: HOUSE, feeds };
  }

  /** A poll so many hours after day 0 began; `null` for one that failed. */
  poll(hour: number, events: readonly string[] | null, feedId = 'feed'): string[] {
    const atMs = START_MS + hour * HOUR_MS;
    if (events === null) return this.#take({ kind: 'failed', feedId, atMs });
    return this.#take({ kind: 'poll', feedId, atMs, reading: readReservations(calendar(...events), HOUSE) });
  }

  /** The same poll every hour from one to another; what each said. */
  polls(from: number, to: number, events: readonly string[], feedId = 'feed'): string[] {
    const said: string[] = [];
    for (let hour = from; hour <= to; hour++) {
      said.push(...this.poll(hour, events, feedId).map((line) => `${hour}: ${line}`));
    }
    return said;
  }

  say(hour: number, reservationId: string, word: 'stay' | 'no-stay'): string[] {
    return this.#take({ kind: 'word', atMs: START_MS + hour * HOUR_MS, reservationId, word });
  }

  #take(input: BeliefInput): string[] {
    const { belief, events, alerts } = believe(this.belief, input, this.#options);
    this.belief = JSON.parse(JSON.stringify(belief)) as Belief;
    return [...events.map(briefEvent), ...alerts.map(briefAlert)];
  }
}

function briefEvent(event: StayEvent): string {
  const { id, startsAtMs, endsAtMs } = event.reservation;
  const day = (atMs: number): number => Math.floor((atMs - START_MS) / DAY_MS);
  if (event.event === 'cancelled') return `cancelled ${brief(id)} ${event.reason}`;
  const displaces = event.displaces.length > 0 ? ` instead of ${event.displaces.map(brief).join()}` : '';
  const turnover = event.isTurnover ? ' turnover' : '';
  return `${event.event} ${brief(id)} ${day(startsAtMs)}-${day(endsAtMs)}${turnover}${displaces}`;
}

function briefAlert(alert: BeliefAlert): string {
  switch (alert.alert) {
    case 'ask':
      return `ask ${alert.question} ${brief(alert.reservation.id)}`;
    case 'suspect':
      return `suspect ${alert.why} ${alert.reservationIds.map(brief).join()}`;
    case 'unreadable':
      return `unreadable ${alert.problems.map(({ uid }) => brief(uid ?? '?')).join()}`;
    case 'conflict':
      return `conflict ${alert.reservationIds.map(brief).join()}`;
    case 'stale':
    case 'recovered':
      return alert.alert;
  }
}

function brief(id: string): string {
  return id.replace('@airbnb.com', '').replace('2026-11-', '');
}
