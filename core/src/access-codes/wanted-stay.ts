/**
 * What should be: the stays that feeds, a PMS or the host say are booked in a unit. The register keeps them, so that each
 * change is judged beside all others and a stay without a code is tried again.
 * @module
 */
import type { PmsStay } from '../reservations/pms/fold.ts';
import { gate, type Gate, type GateReason } from '../reservations/pms/gate.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { TimeWindow } from '../stay-code/collision.ts';
import type { Withheld } from './issue.ts';

/** Where and how the guest is told, as far as the booking says. */
export interface GuestContact {
  /** As written: `de`, `pt-BR`, `german`. */
  readonly language: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** One stay in one unit; times in milliseconds since 1970 UTC, house times resolved, overrides not. */
export interface WantedStay extends TimeWindow {
  /** The reservation's id, the unit's own. */
  readonly id: string;
  readonly source: 'feed' | 'pms' | 'hand';
  /** `pms/reservation`, the same in all its rooms: what the host's word on payment is about. `null` without a PMS. */
  readonly bookingId: string | null;
  readonly guestName: string | null;
  /** Not there where only a calendar tells of it, and in registers of earlier releases. */
  readonly guest?: GuestContact;
  /** The PMS's id of a stay that a calendar told of first: its code keeps the calendar's name for it. */
  readonly pmsStayId?: string;
  /** The calendar that told of such a stay has it no more. */
  readonly offInCalendar?: boolean;
  /** Reservations that have vanished and whose nights this one has now: no rivals, though they are not cancelled yet. */
  readonly displaces: readonly string[];
  /** Whether it may have a code by what is known of status and money; the host's word comes on top. */
  readonly gate: Gate;
}

/** A stay, or that it is off. */
export type StayNews =
  | { readonly news: 'stay'; readonly stay: WantedStay; readonly toldBy?: string }
  | { readonly news: 'gone'; readonly id: string; readonly why: 'cancelled' | 'room-left' };

/** Why a stay has no code. */
export type HeldReason =
  GateReason | Exclude<Withheld['reason'], 'ended'> | 'no-site-key' | 'no-rules' | 'held-by-host';

export interface Held {
  readonly reason: HeldReason;
  /** The lock's rule that is too narrow, the reservation that has the nights, or the gate's message. */
  readonly detail: string | null;
}

/** What the register keeps of a stay until it is over or off. */
export interface StayRecord {
  readonly stay: WantedStay;
  /** When the register first heard of it with these times: of two that want the same nights the later one waits. */
  readonly sinceMs: number;
  /** Who told of it, for the way back of what becomes of it. */
  readonly toldBy: string | null;
  /** `null` while it has a code. */
  readonly held: Held | null;
}

const OPEN: Gate = { pass: true, override: null };

/** A feed's reservation, or one that the host wrote by hand. */
export function wantReservation(
  reservation: Pick<Reservation, 'id' | 'startsAtMs' | 'endsAtMs' | 'guestName'> & {
    readonly status: string;
  },
  { source = 'feed', displaces = [] }: Partial<Pick<WantedStay, 'source' | 'displaces'>> = {},
): StayNews {
  const { id, startsAtMs, endsAtMs, guestName, status } = reservation;
  if (status === 'cancelled') return { news: 'gone', id, why: 'cancelled' };
  const isConfirmed = status === 'confirmed';
  const message = `The booking is not confirmed yet (${status}).`;
  return {
    news: 'stay',
    stay: {
      ...{ id, source, bookingId: null, startsAtMs, endsAtMs, guestName, displaces },
      gate: isConfirmed ? OPEN : { pass: false, reason: 'tentative', message },
    },
  };
}

/** A PMS's stay in the room that this unit is: `listStays` also lists those that are off, and rooms that were left. */
export function wantPmsStay({ id, window, reservation }: PmsStay): StayNews {
  const judged = gate(reservation);
  if (!judged.pass && judged.reason === 'cancelled') return { news: 'gone', id, why: 'cancelled' };
  if (window === null) return { news: 'gone', id, why: 'room-left' };
  const { guestName, pms, language, phone, email } = reservation;
  const bookingId = `${pms}/${reservation.id}`;
  const guest = { language, phone, email };
  const stay: WantedStay = {
    ...{ id, source: 'pms', bookingId, ...window, guestName, guest, displaces: [], gate: judged },
  };
  return { news: 'stay', stay };
}

/** The records after news, by reservation; those of stays that are off are left out. */
export function takeNews(
  known: ReadonlyMap<string, StayRecord>,
  news: readonly StayNews[],
  nowMs: number,
): Map<string, StayRecord> {
  const byId = new Map(known);
  for (const one of news) {
    if (one.news === 'gone') byId.delete(one.id);
    else byId.set(one.stay.id, takeStay(byId.get(one.stay.id), one, nowMs));
  }
  return byId;
}

function takeStay(
  known: StayRecord | undefined,
  { stay, toldBy }: Extract<StayNews, { news: 'stay' }>,
  nowMs: number,
): StayRecord {
  const isSame = known?.stay.startsAtMs === stay.startsAtMs && known.stay.endsAtMs === stay.endsAtMs;
  return {
    stay: { ...stay, guestName: stay.guestName ?? known?.stay.guestName ?? null },
    sinceMs: isSame ? known.sinceMs : nowMs,
    toldBy: toldBy ?? known?.toldBy ?? null,
    held: known?.held ?? null,
  };
}
