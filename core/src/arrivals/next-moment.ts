/**
 * The next time of day on a wall, for what is done daily.
 * @module
 */
import { DAY_MS, readWallTime, requireZone } from '../reservations/zones.ts';

/**
 * When a clock in a zone next shows a time of day, in milliseconds since 1970, after `nowMs`.
 * @param time `HH:MM`; a time that the clocks skip that day comes when they have skipped it
 * @throws StaycodeError `bad-time`, `bad-zone`
 */
export function nextMoment(time: string, zone: string, nowMs: number): number {
  const house = requireZone(zone);
  const intoDayMs = readWallTime(time);
  const midnight = Math.floor(house.toWall(nowMs) / DAY_MS) * DAY_MS;
  for (let day = 0; ; day++) {
    const atMs = house.toInstant(midnight + day * DAY_MS + intoDayMs, 'later');
    if (atMs > nowMs) return atMs;
  }
}
