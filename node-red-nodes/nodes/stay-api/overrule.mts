/**
 * A caller's wish for a stay that a feed or a PMS booked, as the host's word: so many days from the booked one and a time on the
 * wall, so that a booking that moves takes its early check-in along.
 * @module
 */
import type { HostOverride, OverrideWord, UpdateRequest } from '@staycode/core';
import { refuseField } from './answers.mts';
import type { Found } from './api-desk.mts';
import type { ApiKey } from './api-keys.mts';

const DAY_MS = 86_400_000;

export interface Said {
  /** IANA zone of the property. */
  readonly zone: string;
  readonly key: ApiKey;
  readonly atMs: number;
}

/** @throws Refusal for times more than a year from the booked ones */
export function toWords(
  { stay, unit }: Found,
  { startsAtMs, endsAtMs }: UpdateRequest,
  { zone, key, atMs }: Said,
): HostOverride[] {
  if (stay === null) return [];
  const words: OverrideWord[] = [];
  for (const [kind, field, wishMs, bookedMs] of [
    ['check-in', 'starts_at', startsAtMs, stay.startsAtMs],
    ['check-out', 'ends_at', endsAtMs, stay.endsAtMs],
  ] as const) {
    if (wishMs === undefined) continue;
    const [wish, booked] = [wallOf(wishMs, zone), wallOf(bookedMs, zone)];
    const days = (Date.parse(wish.day) - Date.parse(booked.day)) / DAY_MS;
    if (Math.abs(days) > 366) throw refuseField(field, 'expected a time within a year of the booked one');
    words.push({ kind, time: wish.time, days });
  }
  const said = { by: `API key ${key.name}`, why: 'updated over the API', atMs };
  const { unitId } = unit.house.unit;
  return words.map((word) => ({ unitId, reservationId: stay.id, word, ...said }));
}

function wallOf(atMs: number, zone: string): { day: string; time: string } {
  const [day = '', time = ''] = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'short' },
  })
    .format(atMs)
    .split(' ');
  return { day, time };
}
