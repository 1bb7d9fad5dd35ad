/**
 * How one PMS writes a reservation, as a table: a host can fill one in for a PMS that is not known here.
 * @module
 */
import * as v from 'valibot';
import { StaycodeError } from '../../errors.ts';
import type { PaymentState, PmsStatus } from './pms-reservation.ts';

/**
 * Where a field stands: names joined by dots, a number for a place in a list, such as `properties.0.id`. It starts at
 * the reservation, or with a leading `/` at the body. Of several the first that is there counts.
 */
export type Path = string | readonly string[];

/** What the PMS's own words mean; case does not matter. */
export interface WordMapping<Meaning extends string> {
  readonly path: Path;
  readonly words: Readonly<Record<string, Meaning>>;
}

/**
 * What to do with an event: read the body, fetch the reservation, count it as deleted, or read it as cancelled. Events
 * that are not listed are ignored; a body without an event is read.
 */
export type EventMeaning = 'read' | 'refetch' | 'deleted' | 'cancelled';

export interface RoomMapping {
  /** The list of rooms; without it the reservation is for one, and its own fields count. */
  readonly list?: Path;
  readonly unitRef: Path;
  /** The unit's number among equal ones, written behind the unit: `3/2`. */
  readonly unitNumber?: Path;
  /** Dates, or times with an offset. Looked up in the room first, then in the reservation. */
  readonly arrival: Path;
  readonly departure: Path;
  /** Times of their own, on the property's wall: `HH:MM` or a whole hour. They come before all else. */
  readonly arrivalTime?: Path;
  readonly departureTime?: Path;
}

export interface LedgerMapping {
  readonly list: Path;
  readonly kind: Path;
  readonly charge: string;
  readonly payment: string;
  readonly amount: Path;
  /** How many of a charge, 1 where it is not there. */
  readonly quantity?: Path;
}

export interface PaymentMapping {
  readonly state?: WordMapping<PaymentState>;
  readonly total?: Path;
  readonly paid?: Path;
  readonly balance?: Path;
  readonly currency?: Path;
  /** Charges and payments as a list, summed up where it is there. */
  readonly ledger?: LedgerMapping;
}

export interface PmsMapping {
  readonly pms: string;
  /** Where the reservation stands in a body: the first of these that is an object; `` is the body itself. */
  readonly record: readonly string[];
  /** Where an answer to a poll has its list. */
  readonly list?: Path;
  readonly event?: WordMapping<EventMeaning>;
  /** Path of the request that fetches one reservation; `{id}` stands for its id. */
  readonly refetch?: string;
  readonly id: Path;
  readonly room: RoomMapping;
  readonly status: WordMapping<PmsStatus>;
  readonly payment: PaymentMapping;
  /** Names that are joined with a space. */
  readonly guestName?: readonly string[];
  readonly phone?: Path;
  readonly email?: Path;
  readonly language?: Path;
  /** What the PMS's own numbers for languages mean. */
  readonly languages?: Readonly<Record<string, string>>;
  /** Numbers that are added up. */
  readonly partySize?: readonly string[];
  readonly channel?: Path;
  readonly reservationCode?: Path;
  /** ISO 8601, seconds or milliseconds since 1970; a time without a zone is UTC. */
  readonly updatedAt?: Path;
  readonly refs?: Readonly<Record<string, Path>>;
}

const text = v.pipe(v.string(), v.minLength(1));
const path = v.union([text, v.pipe(v.array(text), v.minLength(1))]);
const opt = v.exactOptional;
const words = <Meaning extends string>(meanings: readonly Meaning[]) =>
  v.strictObject({ path, words: v.record(v.string(), v.picklist(meanings)) });
const ledgerSchema = v.strictObject({
  list: path,
  kind: path,
  charge: text,
  payment: text,
  amount: path,
  quantity: opt(path),
});
const mappingSchema = v.strictObject({
  pms: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/u)),
  record: v.pipe(v.array(v.string()), v.minLength(1)),
  list: opt(path),
  event: opt(words(['read', 'refetch', 'deleted', 'cancelled'])),
  refetch: opt(v.pipe(v.string(), v.startsWith('/'), v.includes('{id}'))),
  id: path,
  room: v.strictObject({
    list: opt(path),
    unitRef: path,
    unitNumber: opt(path),
    arrival: path,
    departure: path,
    arrivalTime: opt(path),
    departureTime: opt(path),
  }),
  status: words(['confirmed', 'tentative', 'cancelled', 'enquiry']),
  payment: v.strictObject({
    state: opt(words(['paid', 'part', 'unpaid', 'unknown'])),
    total: opt(path),
    paid: opt(path),
    balance: opt(path),
    currency: opt(path),
    ledger: opt(ledgerSchema),
  }),
  guestName: opt(v.array(text)),
  phone: opt(path),
  email: opt(path),
  language: opt(path),
  languages: opt(v.record(v.string(), text)),
  partySize: opt(v.array(text)),
  channel: opt(path),
  reservationCode: opt(path),
  updatedAt: opt(path),
  refs: opt(v.record(v.string(), path)),
});

/** A host's own mapping, checked. @throws StaycodeError `bad-config`, naming the field and what was expected of it */
export function parseMapping(data: unknown): PmsMapping {
  const result = v.safeParse(mappingSchema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'whole';
  throw new StaycodeError('bad-config', `PMS mapping: ${where}: expected ${issue.expected}`);
}

/** Meaning of a word in a table, whatever its case; `undefined` for one that is not there. */
export function meaningOf<Meaning extends string>(
  mapping: WordMapping<Meaning>,
  word: string,
): Meaning | undefined {
  const wanted = word.toLowerCase();
  return Object.entries(mapping.words).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
