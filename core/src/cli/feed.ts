/**
 * `staycode feed`: what a feed says, as a table or as JSON.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fetchFeed } from '../edges/fetch-feed.ts';
import { StaycodeError } from '../errors.ts';
import { formatInstant } from '../instant.ts';
import { type FeedReading, readReservations } from '../reservations/read-reservations.ts';
import { isStay, type Reservation } from '../reservations/reservation.ts';
import type { CommandIo } from './main.ts';

/** `feed FILE|URL --zone ZONE [--check-in 15:00] [--check-out 11:00] [--json]`: the stays; what was wrong goes to stderr. */
export async function runFeed(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      zone: { type: 'string' },
      'check-in': { type: 'string', default: '15:00' },
      'check-out': { type: 'string', default: '11:00' },
      json: { type: 'boolean', default: false },
    },
  });
  const [source] = positionals;
  if (source === undefined || positionals.length > 1) {
    throw new StaycodeError('bad-config', `expected one FILE or URL, got ${positionals.length}`);
  }
  const { zone, 'check-in': checkIn, 'check-out': checkOut, json } = values;
  if (zone === undefined) throw new StaycodeError('bad-config', 'expected --zone, such as Europe/Berlin');
  const reading = readReservations(await readSource(source), { zone, checkIn, checkOut });
  io.stdout(json ? formatJson(reading) : formatTable(reading, zone));
  for (const { event, message } of reading.problems) {
    io.stderr(`staycode feed: ${event === null ? 'feed' : `event ${event}`}: ${message}`);
  }
  return 0;
}

async function readSource(source: string): Promise<Uint8Array> {
  if (!/^(https?|webcal):/i.test(source)) return readFile(source);
  // Whoever types the address sits at this machine.
  const { body } = await fetchFeed(source, { allowPrivate: true });
  return body;
}

function formatJson({ reservations }: FeedReading): string {
  const stays = reservations.filter(isStay).map(({ startsAtMs, endsAtMs, ...rest }) => ({
    ...rest,
    startsAt: formatInstant(startsAtMs),
    endsAt: formatInstant(endsAtMs),
  }));
  return JSON.stringify(stays, null, 2);
}

function formatTable({ reservations }: FeedReading, zone: string): string {
  const stays = reservations.filter(isStay);
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const rows = stays.map((stay) => [
    local.format(stay.startsAtMs),
    local.format(stay.endsAtMs),
    // A feed is other people's text: what it could make a terminal do is left out.
    (stay.guestName ?? stay.summary).replace(/\p{Cc}/gu, ' '),
    stay.reservationCode ?? '',
    stay.mayBeClosure ? 'may be a closure' : '',
  ]);
  const table = [['check-in', 'check-out', 'guest', 'reservation', ''], ...rows];
  const widths = table.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  );
  const lines = table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n${countRest(reservations, stays.length)}, times in ${zone}`;
}

function countRest(reservations: readonly Reservation[], stays: number): string {
  const counts = (['blocked', 'tentative', 'cancelled'] as const).map(
    (status) => `${reservations.filter((reservation) => reservation.status === status).length} ${status}`,
  );
  return [stays === 1 ? '1 stay' : `${stays} stays`, ...counts].join(', ');
}
