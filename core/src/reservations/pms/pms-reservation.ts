/**
 * What a property management system (PMS) says is booked, in one shape for all of them.
 * @module
 */
import type { HouseOptions } from '../reservation.ts';

/** Only `confirmed` may get a code. Blocks, declined and expired requests are `cancelled`: nobody sleeps there. */
export type PmsStatus = 'confirmed' | 'tentative' | 'cancelled' | 'enquiry';

export type PaymentState = 'paid' | 'part' | 'unpaid' | 'unknown';

/** How far a reservation is paid, and the amounts that it was judged by; `null` where the PMS does not say. */
export interface Payment {
  readonly state: PaymentState;
  readonly total: number | null;
  readonly paid: number | null;
  /** What is still due; below zero where more was paid than asked. */
  readonly balance: number | null;
  readonly currency: string | null;
  /** What decided: the PMS's own word, its amounts, or the host's rule that the channel collects. */
  readonly judgedBy: 'word' | 'amounts' | 'channel' | 'nothing';
}

/** A listing or room as the PMS names it, and for how long; milliseconds since 1970 UTC, the end not within. */
export interface PmsRoom {
  readonly unitRef: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface PmsReservation {
  readonly pms: string;
  /** The PMS's own id, the same through all changes. */
  readonly id: string;
  readonly status: PmsStatus;
  /** The PMS's own word for the status. */
  readonly rawStatus: string;
  /** Each room once; none as long as no room is assigned, and none that is not run from here. */
  readonly rooms: readonly PmsRoom[];
  readonly guestName: string | null;
  readonly phoneLast4: string | null;
  /** As written: where the code is sent, and from which country the guest calls. */
  readonly phone: string | null;
  readonly email: string | null;
  /** As written: `de`, `pt-BR`, `german`. */
  readonly language: string | null;
  readonly partySize: number | null;
  readonly payment: Payment;
  /** Where it was booked, as the PMS names it. */
  readonly channel: string | null;
  /** The code that the guest knows the booking by, such as an OTA's confirmation code. */
  readonly reservationCode: string | null;
  /** The PMS's own time of the last change, in milliseconds since 1970 UTC; `null` where it tells none. */
  readonly updatedAtMs: number | null;
  /** Further ids that a write-back needs. */
  readonly refs: Readonly<Record<string, string>>;
}

/** What the host knows and the PMS does not say. */
export interface PmsContext {
  /** Zone and house times of a unit, for dates without times; `null` for one that is not run from here. */
  readonly houseOf: (unitRef: string) => HouseOptions | null;
  /** Channels that collect the whole price themselves, so that a reservation of theirs counts as paid; any case. */
  readonly prepaidChannels?: readonly string[];
}

/** A request to the PMS's API; the path begins at the host, and the caller adds the credentials. */
export interface PmsRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
}

/** What a body turns out to be. */
export type PmsReading =
  | { readonly kind: 'reservation'; readonly reservation: PmsReservation }
  /** The body tells that something changed, not what, or not the money. */
  | { readonly kind: 'refetch'; readonly pms: string; readonly id: string; readonly refetch: PmsRequest }
  | { readonly kind: 'deleted'; readonly pms: string; readonly id: string }
  | { readonly kind: 'ignored'; readonly event: string };
