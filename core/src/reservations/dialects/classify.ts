/**
 * Which dialect an event is in, and what it says in it.
 * @module
 */
import type { EventFields } from '../event-fields.ts';
import type { Reservation, ReservationStatus } from '../reservation.ts';
import { agoda } from './agoda.ts';
import { airbnb } from './airbnb.ts';
import { beds24 } from './beds24.ts';
import { booking } from './booking.ts';
import { type Details, readDetails } from './details.ts';
import type { Dialect, SummaryRule } from './dialect.ts';
import { expedia } from './expedia.ts';
import { generic } from './generic.ts';
import { google } from './google.ts';
import { guesty } from './guesty.ts';
import { hospitable } from './hospitable.ts';
import { hostaway } from './hostaway.ts';
import { lodgify } from './lodgify.ts';
import { ownerrez } from './ownerrez.ts';
import { smoobu } from './smoobu.ts';
import { tripadvisor } from './tripadvisor.ts';
import { vrbo } from './vrbo.ts';

const DIALECTS: readonly Dialect[] = [
  ...[airbnb, vrbo, booking, expedia, agoda, tripadvisor],
  ...[ownerrez, smoobu, guesty, hospitable, hostaway, lodgify, beds24],
  google,
];

/** What an event can be told by. */
type Signs = Pick<EventFields, 'uid' | 'summary'> & { readonly prodIds: readonly string[] };

/** The signs in their order: who made the event, who made the calendar, who writes such words. */
const SIGNS: readonly ((dialect: Dialect, signs: Signs) => boolean | undefined)[] = [
  ({ uid }, signs) => signs.uid !== null && uid?.test(signs.uid),
  ({ prodId }, signs) => prodId && signs.prodIds.some((id) => prodId.test(id)),
  ({ summary }, signs) => summary?.test(signs.summary),
];

/** `generic` for an event that nothing tells. */
export function findDialect(signs: Signs): Dialect {
  for (const isSign of SIGNS) {
    const dialect = DIALECTS.find((one) => isSign(one, signs));
    if (dialect) return dialect;
  }
  return generic;
}

/** What the words of an event say. */
export type EventWords = Pick<Reservation, 'status' | 'mayBeClosure' | keyof Details>;

export interface Classification {
  readonly dialect: Dialect;
  /** The host's own, before all others. */
  readonly mapped: readonly SummaryRule[];
  readonly nights: number;
}

/** `null` for an event that only repeats what another one says. */
export function classify(
  fields: Pick<EventFields, 'summary' | 'description' | 'status'>,
  { dialect, mapped, nights }: Classification,
): EventWords | null {
  const summary = fields.summary.replace(/\s+/g, ' ');
  const isSaid = ({ pattern }: SummaryRule): boolean => pattern.test(summary);
  const own = mapped.find(isSaid);
  // Also where Smoobu's calendar came by another: within one day they are nobody's night.
  const extras = nights === 0 ? smoobu.extras : dialect.extras;
  if (!own && extras?.test(summary)) return null;
  const rule = own ?? dialect.summaries.find(isSaid) ?? generic.summaries.find(isSaid);
  const groups = rule?.pattern.exec(summary)?.groups;
  const isName = dialect.namesGuests && !rule && summary !== '';
  const details = readDetails(fields.description);
  return {
    status: findStatus(fields.status, rule, nights),
    guestName: groups?.guest?.trim() ?? (isName ? summary : details.guestName),
    reservationCode:
      groups?.code ?? findCode([fields.description, summary], dialect) ?? details.reservationCode,
    phoneLast4: details.phoneLast4,
    partySize: details.partySize,
    mayBeClosure: rule?.mayBeClosure ?? false,
  };
}

/** Airbnb's codes are like no other's, and go with its stays into other calendars. */
function findCode(texts: readonly string[], dialect: Dialect): string | undefined {
  const pattern = dialect.reservationCode ?? airbnb.reservationCode;
  const text = texts.find((one) => pattern?.test(one)) ?? '';
  return pattern?.exec(text)?.[1];
}

/** STATUS (RFC 5545 §3.8.1.11) can take a stay back, it never makes one of a block. */
function findStatus(written: string, rule: SummaryRule | undefined, nights: number): ReservationStatus {
  if (written === 'CANCELLED') return 'cancelled';
  const status = nights > (rule?.maxNights ?? Infinity) ? 'blocked' : (rule?.status ?? 'confirmed');
  return status === 'confirmed' && written === 'TENTATIVE' ? 'tentative' : status;
}
