/**
 * The paid gate: which reservations may have a code. A refund or a cancellation closes it again.
 * @module
 */
import { StaycodeError } from '../../errors.ts';
import type { Payment, PmsReservation } from './pms-reservation.ts';

/** The host's word that a reservation gets its code though it is not paid; kept on record. */
export interface GateOverride {
  /** Who decided. */
  readonly by: string;
  /** When, in milliseconds since 1970 UTC. */
  readonly atMs: number;
  readonly why: string;
}

/** What a PMS's reservation itself gives as a reason. */
type ReservationReason =
  'unpaid' | 'part-paid' | 'payment-unknown' | 'cancelled' | 'enquiry' | 'tentative' | 'no-room';

export type GateReason =
  | ReservationReason
  /** A calendar's copy of a stay that the PMS tells of; and one that the PMS has called off. See same-stay.ts. */
  | 'same-stay'
  | 'cancelled-at-pms';

export type Gate =
  /** `override` where only the host's word opened it. */
  | { readonly pass: true; readonly override: GateOverride | null }
  /** `message` is for the host. */
  | { readonly pass: false; readonly reason: GateReason; readonly message: string };

/** Reasons that are about money or waiting, so that the host may decide. What is cancelled or asked never gets a code. */
const OVERRIDABLE: ReadonlySet<GateReason> = new Set([
  ...(['unpaid', 'part-paid', 'payment-unknown', 'tentative', 'cancelled-at-pms'] as const),
]);

/** @throws StaycodeError `bad-message` for an override that does not say who decided, when and why */
export function gate(reservation: PmsReservation, override: GateOverride | null = null): Gate {
  const reason = findReason(reservation);
  if (reason === null) return { pass: true, override: null };
  const message = `${MESSAGES[reason](reservation)}${amountsOf(reservation.payment)}`;
  return overrideGate({ pass: false, reason, message }, override);
}

/** What the host's word makes of a gate that was judged without it. @throws StaycodeError `bad-message` as `gate` does */
export function overrideGate(judged: Gate, override: GateOverride | null): Gate {
  if (judged.pass || override === null || !OVERRIDABLE.has(judged.reason)) return judged;
  const { by, atMs, why } = checkOverride(override);
  return { pass: true, override: { by, atMs, why } };
}

function findReason({ status, rooms, payment }: PmsReservation): ReservationReason | null {
  if (status === 'cancelled' || status === 'enquiry') return status;
  // Before the other reasons, which the host can override: without a room there is no door to make a code for.
  if (rooms.length === 0) return 'no-room';
  if (status === 'tentative') return status;
  switch (payment.state) {
    case 'paid':
      return null;
    case 'part':
      return 'part-paid';
    case 'unpaid':
      return 'unpaid';
    case 'unknown':
      return 'payment-unknown';
  }
}

const MESSAGES: Readonly<Record<ReservationReason, (reservation: PmsReservation) => string>> = {
  unpaid: () => 'Nothing is paid yet.',
  'part-paid': () => 'A part is paid.',
  'payment-unknown': ({ pms }) =>
    `${pms} does not tell whether this is paid: look there, and release the code by hand or name the channel as one that collects.`,
  cancelled: ({ rawStatus }) => `The reservation is off (${rawStatus}).`,
  enquiry: ({ rawStatus }) => `This is an enquiry, not a booking (${rawStatus}).`,
  tentative: ({ rawStatus }) => `The booking is not confirmed yet (${rawStatus}).`,
  'no-room': () => 'No room that is run from here is assigned.',
};

function amountsOf({ total, paid, balance, currency }: Payment): string {
  const named = { total, paid, due: balance };
  const parts = Object.entries(named).flatMap(([name, amount]) =>
    amount === null ? [] : [`${name} ${amount.toFixed(2)}`],
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')}${currency === null ? '' : ` ${currency}`})`;
}

function checkOverride(override: GateOverride): GateOverride {
  const { by, atMs, why } = override;
  const fault =
    by.trim() === '' ? 'by' : why.trim() === '' ? 'why' : Number.isSafeInteger(atMs) ? null : 'atMs';
  if (fault === null) return override;
  throw new StaycodeError('bad-message', `override: ${fault}: expected who decided, when and why`);
}
