/** Calendars in Airbnb's manner, written for these tests. */
const DAY_MS = 24 * 60 * 60_000;

export interface SampleEntry {
  readonly uid: string;
  /** Days from today, UTC. */
  readonly from: number;
  readonly to: number;
  readonly summary?: string;
  readonly status?: string;
}

/** The day `days` from today as `YYYYMMDD`. */
export function dayText(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The instant of a time of day, UTC, `days` from today. */
export function instant(days: number, hour: number): number {
  return (Math.floor(Date.now() / DAY_MS) + days) * DAY_MS + hour * 60 * 60_000;
}

export function sampleFeed(entries: readonly SampleEntry[]): string {
  const events = entries.flatMap(({ uid, from, to, summary = 'Reserved', status }) => [
    'BEGIN:VEVENT',
    `UID:${uid}@airbnb.com`,
    `DTSTART;VALUE=DATE:${dayText(from)}`,
    `DTEND;VALUE=DATE:${dayText(to)}`,
    `SUMMARY:${summary}`,
    ...(status === undefined ? [] : [`STATUS:${status}`]),
    'END:VEVENT',
  ]);
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN'];
  return [...head, ...events, 'END:VCALENDAR', ''].join('\r\n');
}
