/**
 * Days and times of a property, in its own zone whatever the reader's is.
 * @module
 */
import { locale } from './words.js';

export const DAY_MS = 86_400_000;
const formats = new Map();

function format(zone, options) {
  const key = JSON.stringify([zone, options]);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
  formats.set(key, known);
  return known;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetMs(atMs, zone) {
  const parts = {};
  const parser = wallParser(zone);
  for (const { type, value } of parser.formatToParts(atMs)) parts[type] = Number(value);
  const wallMs = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return wallMs - Math.floor(atMs / 1000) * 1000;
}

const parsers = new Map();
function wallParser(zone) {
  const known =
    parsers.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  parsers.set(zone, known);
  return known;
}

/** The number of the zone's day, from 1970 on. */
export const dayOf = (atMs, zone) => Math.floor((atMs + offsetMs(atMs, zone)) / DAY_MS);

/** The instant of a wall time in the zone: a day's number and minutes after its midnight. */
export function instantOf(day, minutes, zone) {
  const wallMs = day * DAY_MS + minutes * 60_000;
  const guess = wallMs - offsetMs(wallMs, zone);
  return wallMs - offsetMs(guess, zone);
}

/** `2026-11-26`, as date fields want it. */
export const isoDay = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
export const timeText = (atMs, zone) => format(zone, TIME).format(atMs);
export const dayText = (atMs, zone) =>
  format(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(atMs);
export const momentText = (atMs, zone) =>
  format(zone, { weekday: 'short', day: 'numeric', month: 'short', ...TIME }).format(atMs);
export const longDayText = (atMs, zone) =>
  format(zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(atMs);
export const weekdayText = (atMs, zone) => format(zone, { weekday: 'short' }).format(atMs);
export const dayNumberText = (atMs, zone) => format(zone, { day: 'numeric' }).format(atMs);
export const monthText = (atMs, zone) => format(zone, { month: 'long', year: 'numeric' }).format(atMs);
export const isWeekend = (day) => [6, 0].includes(new Date(day * DAY_MS).getUTCDay());
