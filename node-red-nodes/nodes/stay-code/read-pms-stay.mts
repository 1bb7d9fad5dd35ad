/**
 * A PMS's stay in a message of `stay-pms`: with the gate, and how the guest is told.
 * @module
 */
import type { Gate, GuestContact, StayNews, WantedStay } from '@staycode/core';
import type { NodeMessage } from 'node-red';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The news in a message, `null` for one that is not of a PMS, or which field was expected to be what. A gate that cannot be
 * read is refused, never taken for an open one.
 */
export function readPmsStay(msg: NodeMessage): StayNews | string | null {
  const fields = fieldsOf(msg.payload);
  if (fields?.source !== 'pms') return null;
  const { id, bookingId, startsAtMs, endsAtMs } = fields;
  if (typeof id !== 'string' || id === '') return 'msg.payload.id: expected a text';
  if (msg.event === 'cancelled') {
    return { news: 'gone', id, why: msg.reason === 'room-left' ? 'room-left' : 'cancelled' };
  }
  if (typeof bookingId !== 'string' || bookingId === '') return 'msg.payload.bookingId: expected a text';
  if (!Number.isSafeInteger(startsAtMs) || !Number.isSafeInteger(endsAtMs))
    return 'msg.payload.startsAtMs, endsAtMs: expected milliseconds since 1970';
  if (Number(endsAtMs) <= Number(startsAtMs)) return 'msg.payload.endsAtMs: expected a time after the start';
  const gate = readGate(fields.gate);
  if (gate === null) return 'msg.payload.gate: expected pass, and a reason where it is shut';
  const times = { startsAtMs: Number(startsAtMs), endsAtMs: Number(endsAtMs) };
  const stay: WantedStay = {
    ...{ id, source: 'pms', bookingId, ...times, guestName: textOf(fields.guestName) },
    ...{ guest: readGuest(fields.guest), displaces: [], gate },
  };
  return { news: 'stay', stay };
}

/** How the guest of a stay that the host wrote by hand is told, where `payload.guest` says so. */
export function addGuest(news: StayNews, payload: unknown): StayNews {
  const guest = fieldsOf(payload)?.guest;
  if (news.news === 'gone' || fieldsOf(guest) === null) return news;
  return { ...news, stay: { ...news.stay, guest: readGuest(guest) } };
}

function readGate(value: unknown): Gate | null {
  const { pass, reason, message } = fieldsOf(value) ?? {};
  if (pass === true) return { pass, override: null };
  if (pass !== false || typeof reason !== 'string' || typeof message !== 'string') return null;
  return { pass, reason: reason as Extract<Gate, { pass: false }>['reason'], message };
}

function readGuest(value: unknown): GuestContact {
  const { language, phone, email } = fieldsOf(value) ?? {};
  return { language: textOf(language), phone: textOf(phone), email: textOf(email) };
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
