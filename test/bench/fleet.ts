/**
 * `npm run fleet`: fleets of locks on one mosquitto, a line of JSON each: how long until all are online, the memory a lock
 * takes, and how many turns of a bolt a second are on disk and heard at the broker, of those that are asked for.
 */
import { type FleetSize, runFleet } from './fleets.ts';

const LISTEN_MS = 20_000;
const FLEETS: readonly Omit<FleetSize, 'listenMs'>[] = [
  { locks: 1000, connections: null, turns: 100 },
  { locks: 1000, connections: null, turns: 400 },
  { locks: 10_000, connections: 50, turns: 100 },
  { locks: 10_000, connections: 50, turns: 400 },
];

const chosen = process.argv.slice(2).map(Number);
for (const size of FLEETS) {
  if (chosen.length > 0 && !chosen.includes(size.locks)) continue;
  const alone = await runFleet({ locks: 1, connections: null, turns: 1, listenMs: LISTEN_MS });
  const fleet = await runFleet({ ...size, listenMs: LISTEN_MS });
  const kbALock = Math.round(((fleet.residentMb - alone.residentMb) * 1024) / size.locks);
  console.log(JSON.stringify({ ...fleet, kbALock }));
}
