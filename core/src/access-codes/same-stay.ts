/**
 * One stay that both a PMS and a calendar of the unit tell of: it gets one code, and the PMS says whether and for when. Where the
 * calendar was first, the PMS takes its stay over, and the code that went out stays good. Where the PMS was first, the
 * calendar's copy gets none.
 * @module
 */
import type { Gate, GateReason } from '../reservations/pms/gate.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import type { StayNews, StayRecord, WantedStay } from './wanted-stay.ts';

/** The PMS has hours of its own where the calendar has the house times: within half a day of each other both ends are the same. */
const SAME_DAY_MS = 12 * 3_600_000;

type Arrival = Extract<StayNews, { news: 'stay' }>;
type Departure = Extract<StayNews, { news: 'gone' }>;
type Known = Map<string, StayRecord>;

/** The news as the unit's register takes them: about the stay that is known there, and without a second one of the same nights. */
export function matchSources(stays: readonly StayRecord[], news: readonly StayNews[]): StayNews[] {
  const known: Known = new Map(stays.map((record) => [record.stay.id, record]));
  return news.flatMap((one) => {
    const matched = matchOne(known, one);
    for (const each of matched) {
      if (each.news === 'gone') known.delete(each.id);
      else known.set(each.stay.id, { ...NO_RECORD, ...known.get(each.stay.id), stay: each.stay });
    }
    return matched;
  });
}

const NO_RECORD = { sinceMs: 0, toldBy: null, held: null };

/** Whether a stay is only a calendar's copy of one that the PMS tells of. */
export function isCopy({ gate }: Pick<WantedStay, 'gate'>): boolean {
  return isShutFor(gate, 'same-stay');
}

function matchOne(known: Known, one: StayNews): StayNews[] {
  if (one.news === 'gone') return takeDeparture(known, one);
  if (one.stay.source === 'pms') return takePmsStay(known, one);
  return one.stay.source === 'feed' ? takeCalendarStay(known, one) : [one];
}

function takePmsStay(known: Known, news: Arrival): StayNews[] {
  const { stay } = news;
  const records = [...known.values()];
  if (known.has(stay.id)) {
    const copies = records.filter(
      (record) => isCalendars(record) && record.held !== null && isSameNights(record.stay, stay),
    );
    return [news, ...copies.map((record) => copyOf(record.stay))];
  }
  const holder =
    records.find((record) => record.stay.pmsStayId === stay.id) ??
    records.find((record) => isCalendars(record) && isSameNights(record.stay, stay));
  if (holder === undefined) return [news];
  const { id, offInCalendar = false } = holder.stay;
  const times = isSameNights(holder.stay, stay) ? widest(holder.stay, stay) : {};
  return [{ ...news, stay: { ...stay, ...times, id, pmsStayId: stay.id, offInCalendar } }];
}

/** Another hour of the same day is no reason to change the digits that the guest has. */
function widest(a: TimeWindow, b: TimeWindow): TimeWindow {
  return {
    startsAtMs: Math.min(a.startsAtMs, b.startsAtMs),
    endsAtMs: Math.max(a.endsAtMs, b.endsAtMs),
  };
}

function takeCalendarStay(known: Known, news: Arrival): StayNews[] {
  const { stay } = news;
  const own = known.get(stay.id)?.stay;
  if (own?.source === 'pms') {
    return own.offInCalendar === true ? [{ news: 'stay', stay: { ...own, offInCalendar: false } }] : [];
  }
  const isTold = [...known.values()].some(
    (record) => record.stay.source === 'pms' && isSameNights(record.stay, stay),
  );
  if (isTold) return [{ ...news, ...copyOf(stay) }];
  const isStillOff = own && isShutFor(own.gate, 'cancelled-at-pms') && isSameNights(own, stay);
  return [isStillOff ? { ...news, stay: { ...stay, bookingId: own.bookingId, gate: own.gate } } : news];
}

function takeDeparture(known: Known, news: Departure): StayNews[] {
  const own = known.get(news.id)?.stay;
  if (own?.pmsStayId !== undefined && own.source === 'pms') {
    // The calendar's word, for the PMS has another name for it: what the PMS says counts.
    return [{ news: 'stay', stay: { ...own, offInCalendar: true } }];
  }
  if (own) {
    const copies = [...known.values()].filter(({ stay }) => isCopy(stay) && isSameNights(stay, own));
    return [news, ...(isCopy(own) ? [] : copies.map(({ stay }) => calledOff(stay, own.bookingId)))];
  }
  const holder = [...known.values()].find(({ stay }) => stay.pmsStayId === news.id)?.stay;
  if (holder === undefined) return [news];
  if (holder.offInCalendar === true) return [{ ...news, id: holder.id }];
  const { pmsStayId, offInCalendar, ...rest } = holder;
  return [calledOff({ ...rest, source: 'feed' }, holder.bookingId)];
}

function isCalendars({ stay }: StayRecord): boolean {
  return stay.source === 'feed';
}

function copyOf(stay: WantedStay): Arrival {
  const message = 'The PMS tells of the same stay, and that one has the code.';
  return { news: 'stay', stay: { ...stay, gate: { pass: false, reason: 'same-stay', message } } };
}

function calledOff(stay: WantedStay, bookingId: string | null): Arrival {
  const message = 'The PMS has called this stay off, or moved it; the calendar still lists it.';
  const gate: Gate = { pass: false, reason: 'cancelled-at-pms', message };
  return { news: 'stay', stay: { ...stay, bookingId, gate } };
}

function isShutFor(gate: Gate, reason: GateReason): boolean {
  return !gate.pass && gate.reason === reason;
}

function isSameNights(a: TimeWindow, b: TimeWindow): boolean {
  return (
    Math.abs(a.startsAtMs - b.startsAtMs) < SAME_DAY_MS && Math.abs(a.endsAtMs - b.endsAtMs) < SAME_DAY_MS
  );
}
