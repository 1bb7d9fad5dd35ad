/**
 * One reservation out of a body, field by field as the PMS's mapping says.
 * @module
 */
import { parseInstant } from '../../instant.ts';
import { badField, readList, readNumber, readText, requireText, type Source } from './fields.ts';
import { meaningOf, type PmsMapping } from './mapping.ts';
import { readPayment } from './payment.ts';
import type { Payment, PmsContext, PmsReservation, PmsRoom, PmsStatus } from './pms-reservation.ts';
import { readTimes } from './stay-times.ts';

/** One reservation; `source` starts at it. @throws StaycodeError `bad-message`, naming the field and what was expected of it */
export function readReservation(mapping: PmsMapping, source: Source, context: PmsContext): PmsReservation {
  const rawStatus = requireText(source, mapping.status.path, 'a status');
  const channel = readText(source, mapping.channel);
  const language = readText(source, mapping.language);
  const phone = readText(source, mapping.phone);
  return {
    pms: mapping.pms,
    id: requireText(source, mapping.id, "the reservation's id"),
    status: readStatus(mapping, source, rawStatus),
    rawStatus,
    rooms: readRooms(mapping, source, context),
    guestName: joinNames(source, mapping.guestName ?? []),
    phoneLast4: lastFour(phone),
    phone,
    email: readText(source, mapping.email),
    language: language === null ? null : (mapping.languages?.[language] ?? language),
    partySize: sum(source, mapping.partySize ?? []),
    payment: trustChannel(readPayment(source, mapping.payment), channel, context),
    channel,
    reservationCode: readText(source, mapping.reservationCode),
    updatedAtMs: readUpdatedAt(mapping, source),
    refs: readRefs(mapping, source),
  };
}

/** A word that is not known is an error, not a guess: as `cancelled` it would take a guest's code away. */
function readStatus({ status }: PmsMapping, source: Source, word: string): PmsStatus {
  const meaning = meaningOf(status, word);
  if (meaning === undefined) {
    throw badField(source, status.path, `one of ${Object.keys(status.words).join(', ')}`);
  }
  return meaning;
}

function readRooms({ room }: PmsMapping, source: Source, context: PmsContext): PmsRoom[] {
  const items = room.list === undefined ? [undefined] : (readList(source, room.list) ?? []);
  const rooms = new Map<string, PmsRoom>();
  for (const item of items) {
    const inner = item === undefined ? source : { ...source, within: [item, ...source.within] };
    const number = readText(inner, room.unitNumber);
    const name = requireText(inner, room.unitRef, 'the id of a listing or room');
    const unitRef = number === null || number === '0' ? name : `${name}/${number}`;
    const house = context.houseOf(unitRef);
    // Left out, not refused: a guest who moves to a room elsewhere has to lose the code of the old one.
    if (house === null) continue;
    const times = readTimes(inner, room, house);
    const same = rooms.get(unitRef);
    // A room that is listed twice is one stay, from the first night to the last.
    rooms.set(unitRef, {
      unitRef,
      startsAtMs: Math.min(times.startsAtMs, same?.startsAtMs ?? Infinity),
      endsAtMs: Math.max(times.endsAtMs, same?.endsAtMs ?? -Infinity),
    });
  }
  // The PMS's order says nothing; equal reservations should look equal.
  return [...rooms.values()].sort((a, b) => (a.unitRef < b.unitRef ? -1 : 1));
}

function joinNames(source: Source, paths: readonly string[]): string | null {
  const names = paths.map((path) => readText(source, path)).filter((name) => name !== null);
  return names.length === 0 ? null : names.join(' ');
}

function lastFour(phone: string | null): string | null {
  return /\d{4}$/u.exec(phone?.replaceAll(/\D/gu, '') ?? '')?.[0] ?? null;
}

function sum(source: Source, paths: readonly string[]): number | null {
  const numbers = paths.map((path) => readNumber(source, path)).filter((number) => number !== null);
  return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b);
}

function trustChannel(payment: Payment, channel: string | null, { prepaidChannels }: PmsContext): Payment {
  const isPrepaid = prepaidChannels?.some((name) => name.toLowerCase() === channel?.toLowerCase());
  return isPrepaid && payment.state !== 'paid' ? { ...payment, state: 'paid', judgedBy: 'channel' } : payment;
}

function readUpdatedAt({ updatedAt }: PmsMapping, source: Source): number | null {
  const text = readText(source, updatedAt);
  if (text === null || updatedAt === undefined) return null;
  if (/^\d+(?:\.\d+)?$/u.test(text)) {
    const count = Number(text);
    // Eleven digits of seconds are the year 5138: more are milliseconds.
    return Math.round(count < 1e11 ? count * 1000 : count);
  }
  const [, day, time, zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?$/u.exec(text) ?? [];
  try {
    return parseInstant(`${day ?? ''}T${time ?? ''}${zone}`);
  } catch {
    throw badField(source, updatedAt, 'a time such as 2026-11-27T15:00:00Z');
  }
}

function readRefs({ refs }: PmsMapping, source: Source): Record<string, string> {
  const found = Object.entries(refs ?? {}).map(([name, path]) => [name, readText(source, path)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== null));
}
