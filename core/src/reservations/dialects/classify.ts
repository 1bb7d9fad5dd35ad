/**
 * Which dialect an event is in, and what it says in it.
 * @module
 */
import type { EventFields } from '../event-fields.ts';
import type { Reservation, ReservationStatus } from '../reservation.ts';
import { airbnb } from './airbnb.ts';
import { booking } from './booking.ts';
import type { Dialect, SummaryRule } from './dialect.ts';
import { generic } from './generic.ts';
import { vrbo } from './vrbo.ts';

const OTAS: readonly Dialect[] = [airbnb, vrbo, booking];

/** By who made the event, else by who made the calendar. */
export function findDialect(uid: string | null, prodIds: readonly string[]): Dialect {
  return (
    (uid === null ? undefined : OTAS.find((ota) => ota.uid.test(uid))) ??
    OTAS.find((ota) => prodIds.some((prodId) => ota.prodId.test(prodId))) ??
    generic
  );
}

/** What the words of an event say, its length in nights given. */
export function classify(
  fields: Pick<EventFields, 'summary' | 'description' | 'status'>,
  nights: number,
  dialect: Dialect,
): Pick<Reservation, 'status' | 'guestName' | 'reservationCode' | 'phoneLast4' | 'mayBeClosure'> {
  const isSaid = ({ pattern }: SummaryRule): boolean => pattern.test(fields.summary);
  const rule = dialect.summaries.find(isSaid) ?? generic.summaries.find(isSaid);
  const text = `${fields.summary}\n${fields.description}`;
  return {
    status: findStatus(fields.status, rule, nights),
    guestName: rule?.pattern.exec(fields.summary)?.groups?.guest?.trim() ?? null,
    reservationCode: dialect.reservationCode?.exec(text)?.[1] ?? null,
    phoneLast4: dialect.phoneLast4?.exec(text)?.[1] ?? null,
    mayBeClosure: rule?.mayBeClosure ?? false,
  };
}

/** STATUS (RFC 5545 §3.8.1.11) can take a stay back, it never makes one of a block. */
function findStatus(written: string, rule: SummaryRule | undefined, nights: number): ReservationStatus {
  if (written === 'CANCELLED') return 'cancelled';
  const status = nights > (rule?.maxNights ?? Infinity) ? 'blocked' : (rule?.status ?? 'confirmed');
  return status === 'confirmed' && written === 'TENTATIVE' ? 'tentative' : status;
}
