/**
 * The few words under a node that tell the host what comes next; at most 20 characters, never a code.
 * @module
 */
import { type AccessCode, isLive } from '@staycode/core';

const WEEK_MS = 7 * 24 * 60 * 60_000;

/** `until Mon 11:00` while a guest stays, else `next Fri 15:00`, `next 24 Dec` beyond a week, or `null` for no stays. */
export function describeNext(codes: readonly AccessCode[], zone: string, nowMs: number): string | null {
  const stays = codes
    .filter((code) => isLive(code) && code.stay.endsAtMs > nowMs)
    .map((code) => code.stay)
    .sort((a, b) => a.startsAtMs - b.startsAtMs);
  const [first] = stays;
  if (first === undefined) return null;
  if (first.startsAtMs <= nowMs) return `until ${formatNear(first.endsAtMs, zone, nowMs)}`;
  return `next ${formatNear(first.startsAtMs, zone, nowMs)}`;
}

function formatNear(atMs: number, zone: string, nowMs: number): string {
  const isNear = atMs - nowMs < WEEK_MS;
  const options: Intl.DateTimeFormatOptions = isNear
    ? { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
    : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone }).format(atMs).replace(',', '');
}
