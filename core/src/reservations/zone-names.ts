/**
 * The names that calendars give to zones, to zones: IANA, Windows, Outlook's display names, and a feed's own VTIMEZONE.
 * @module
 */
import ICAL from 'ical.js';
import { findIana } from 'windows-iana';
import { findZone, type Zone } from './zones.ts';

/** More than any calendar has; looking for one that does not exist takes a while. */
const MAX_ZONES = 200;
/** More observances than the whole history of any zone. */
const MAX_TIMEZONE_LINES = 5000;
// ical.js would look for a day that never comes, such as the 30th of February, for very long.
const SAFE_RULE =
  /^RRULE:FREQ=YEARLY(;(INTERVAL=1|BYMONTH=\d+|BYDAY=[+-]?[1-5]?[A-Z]{2}|UNTIL=\w+|WKST=[A-Z]{2}))+$/i;

/** The steps in order: the first that knows the name has the zone. */
const STEPS: readonly ((name: string) => Zone | null)[] = [
  findZone,
  (name) => findZone(name.replaceAll(' ', '_')),
  findWindowsZone,
  findPathZone,
  findDisplayedZone,
];

/** A zone by its TZID, looked up once per feed; `null` for one that nothing tells. */
export function makeZoneFinder(
  timezones: ReadonlyMap<string, readonly string[]>,
): (tzid: string) => Zone | null {
  const known = new Map<string, Zone | null>();
  return (tzid) => {
    let zone = known.get(tzid);
    if (zone === undefined) {
      if (known.size >= MAX_ZONES) return null;
      const name = tzid.trim().replace(/^"|"$/g, '');
      zone = findNamedZone(name) ?? findOwnZone(timezones.get(name));
      known.set(tzid, zone);
    }
    return zone;
  };
}

function findNamedZone(name: string): Zone | null {
  for (const step of STEPS) {
    const zone = step(name);
    if (zone) return zone;
  }
  return null;
}

function findWindowsZone(name: string): Zone | null {
  const id = findIana(name)[0];
  return id === undefined ? null : findZone(id);
}

/** `/mozilla.org/20050126_1/Europe/Berlin`, `tzone://Microsoft/Utc`: the tail is the name. */
function findPathZone(name: string): Zone | null {
  const parts = name.split('/');
  for (let from = 1; from < parts.length; from++) {
    const zone = findZone(parts.slice(from).join('/'));
    if (zone) return zone;
  }
  return null;
}

/**
 * `(UTC-05:00) Eastern Time (US & Canada)`, `(GMT+10:00) Canberra, Melbourne, Sydney`: a Windows name without "Standard",
 * or cities of which some are IANA's. The offset stands in only where neither is known, as it has no daylight saving.
 */
function findDisplayedZone(name: string): Zone | null {
  const [, offset, place] = /^\((?:UTC|GMT)([+-]\d\d:\d\d)?\)\s*(.*)$/i.exec(name) ?? [];
  if (place === undefined) return null;
  const windows = findWindowsZone(place.replace(/ Time\b.*$/, ' Standard Time'));
  if (windows) return windows;
  for (const city of place.split(',')) {
    const id = cityZones().get(city.trim().toLowerCase());
    if (id !== undefined) return findZone(id);
  }
  return findZone(offset ?? 'UTC');
}

let cities: Map<string, string> | null = null;
function cityZones(): ReadonlyMap<string, string> {
  cities ??= new Map(
    Intl.supportedValuesOf('timeZone').map((id) => [
      id
        .slice(id.lastIndexOf('/') + 1)
        .replaceAll('_', ' ')
        .toLowerCase(),
      id,
    ]),
  );
  return cities;
}

/** The rules that the feed itself gives for a zone (RFC 5545 §3.6.5), for names that mean nothing outside of it. */
function findOwnZone(lines: readonly string[] | undefined): Zone | null {
  if (!lines || lines.length > MAX_TIMEZONE_LINES) return null;
  if (lines.some((line) => /^rrule/i.test(line) && !SAFE_RULE.test(line))) return null;
  const location = lines.find((line) => /^x-lic-location:/i.test(line));
  const placed = location === undefined ? null : findZone(location.slice(location.indexOf(':') + 1).trim());
  if (placed) return placed;
  try {
    const timezone = new ICAL.Timezone(ICAL.Component.fromString(lines.join('\r\n')));
    const zone = makeOwnZone(timezone);
    // Bad lines show only when the rules are worked out.
    zone.toInstant(0, 'earlier');
    return zone;
  } catch {
    return null;
  }
}

function makeOwnZone(timezone: ICAL.Timezone): Zone {
  return {
    toInstant: (wallMs) =>
      wallMs -
      1000 * timezone.utcOffset(ICAL.Time.fromDateTimeString(new Date(wallMs).toISOString().slice(0, 19))),
  };
}
