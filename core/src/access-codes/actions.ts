/**
 * What a reconciliation decides on, for a reason that a host understands.
 * @module
 */
import type { AccessCode } from './access-code.ts';
import type { Held, HeldReason } from './wanted-stay.ts';

/** One step for one stay. */
export type Action = { readonly reservationId: string } & (
  | {
      /** The stay is over; its code stays on record. */
      readonly action: 'expire';
      readonly reason: 'over';
    }
  | {
      readonly action: 'revoke';
      readonly reason: 'cancelled' | 'room-left' | 'changed' | HeldReason;
      /** The code that is the stay's no more; `null` where the stay is off and had none. */
      readonly code: AccessCode | null;
    }
  | {
      readonly action: 'issue';
      /** `back`: a withdrawn code of the stay's is its code again. */
      readonly reason: 'new' | 'changed' | 'back';
      readonly code: AccessCode;
    }
  | {
      /** The same guest, other times. */
      readonly action: 'amend';
      /** `same-digits`: the code's window holds the new times, too. */
      readonly reason: 'changed' | 'same-digits';
      readonly code: AccessCode;
    }
  /** No code until something changes; `ask` where only the host can say what. */
  | ({ readonly action: 'hold' | 'ask' } & Held)
);

/** What only the host can settle. */
const ASKED: ReadonlySet<HeldReason> = new Set(['conflict', 'payment-unknown', 'revisions-spent']);

export function holdOrAsk(reservationId: string, held: Held): Action {
  return { action: ASKED.has(held.reason) ? 'ask' : 'hold', reservationId, ...held };
}
