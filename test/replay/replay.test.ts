import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BeliefChange, StayEvent } from '../../core/src/reservations/belief/belief.ts';
import { believe } from '../../core/src/reservations/belief/believe.ts';
import { needsShared, SHARED } from '../support/parts.ts';
import { type CrawledEvent, type CrawledPoll, readCrawl } from './crawl.ts';
import { type ListingResult, ListingReplay } from './replay-listing.ts';

const HOUSE = { zone: 'UTC', checkIn: '15:00', checkOut: '11:00' };
const airbnb = (name: string, start: number, end: number, summary = 'Reserved'): CrawledEvent => {
  return { uid: `${name}@airbnb.com`, start: `202611${start}`, end: `202611${end}`, summary };
};
const booking = (start: number, end: number): CrawledEvent => {
  return { ...airbnb('', start, end, 'CLOSED - Not available'), uid: `${start}@booking.com` };
};
/** The time of a poll, in hours from the 1st of November. */
const timeOf = (hour: number): string => new Date(Date.UTC(2026, 10, 1, hour)).toISOString();

describe('a crawl', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'staycode-crawl-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (lines: readonly object[]): string => {
    const path = join(folder, 'crawl.jsonl.gz');
    writeFileSync(
      path,
      gzipSync([{ about: 'a test' }, ...lines].map((line) => JSON.stringify(line)).join('\n')),
    );
    return path;
  };
  /** Polls by the hour at which they begin to be so; one an hour in between. */
  const play = (
    states: readonly (readonly [hour: number, events: readonly CrawledEvent[], kind?: string])[],
    engine?: typeof believe,
  ): ListingResult => {
    const lines = states.flatMap(([hour, events, kind = 'ok'], at) => {
      const until = states[at + 1]?.[0] ?? hour + 1;
      const rest = Array.from({ length: until - hour - 1 }, (_, i) => ({
        t: timeOf(hour + i + 1),
        l: 'L',
        same: true,
      }));
      return [{ t: timeOf(hour), l: 'L', kind, events }, ...rest];
    });
    const polls: CrawledPoll[] = readCrawl(write(lines)).get('L') ?? [];
    return new ListingReplay('L', polls, HOUSE, engine).run(polls);
  };

  const rest = airbnb('rest', 27, 29);
  const a = airbnb('a', 12, 15);
  /** A stay that is cancelled, one that blinks, one that comes, one that is booked in the last minute. */
  const story = [
    [0, [a, airbnb('b', 16, 18), airbnb('c', 20, 22), rest]],
    [30, [a, airbnb('c', 20, 22), rest]],
    [60, [airbnb('c', 20, 22), rest]],
    [61, [], 'json-500'],
    [70, [a, airbnb('c', 20, 22), rest]],
    [15 * 24 + 17, [airbnb('d', 16, 17), airbnb('c', 20, 22), rest]],
    [18 * 24, [airbnb('c', 20, 22), rest]],
    [23 * 24, [rest]],
  ] as const;

  it('is read with its failures, and with the same body where nothing changed', () => {
    const path = write([
      { t: timeOf(0), l: 'L', kind: 'ok', events: [a] },
      { t: timeOf(1), l: 'M', kind: 'json-500', events: [] },
      { t: timeOf(2), l: 'L', same: true },
      { t: timeOf(3), l: 'M', kind: 'empty-vcalendar', events: [] },
    ]);
    const crawl = readCrawl(path);
    assert.deepEqual([...crawl.keys()], ['L', 'M']);
    const [first, second] = crawl.get('L') ?? [];
    assert.equal(second?.body, first?.body);
    assert.match(first?.body ?? '', /DTSTART;VALUE=DATE:20261112\r\n/);
    assert.deepEqual(
      crawl.get('M')?.map(({ events }) => events),
      [null, null],
    );
  });
  it('goes well with the engine', () => {
    const { of, revokedHours, asked, codes, ...wrong } = play(story);
    assert.deepEqual([of, revokedHours, asked], [1, [6], 0]);
    assert.ok(codes >= 5);
    assert.deepEqual(new Set(Object.values(wrong).flat()), new Set());
  });
  it('asks for a stay that is gone within a day of arrival, and its nights are good for the next guest', () => {
    const result = play([
      [10 * 24, [a, rest]],
      [11 * 24 + 10, [rest]],
      [11 * 24 + 12, [airbnb('e', 12, 14), rest]],
      [16 * 24, [rest]],
    ]);
    assert.deepEqual([result.of, result.revokedHours.length, result.asked], [1, 0, 1]);
    assert.deepEqual(result.withoutCode, []);
  });
  it("goes well with Booking.com's rolls, merges and splits", () => {
    const result = play([
      [0, [booking(11, 13), booking(13, 15), booking(27, 29)]],
      [100, [booking(11, 15), booking(27, 29)]],
      [130, [booking(11, 13), booking(13, 15), booking(27, 29)]],
      [11 * 24 - 1, [booking(12, 13), booking(13, 15), booking(27, 29)]],
      [12 * 24, [booking(13, 15), booking(27, 29)]],
      [13 * 24, [booking(14, 15), booking(27, 29)]],
      [14 * 24, [booking(27, 29)]],
    ]);
    assert.deepEqual(
      Object.values(result)
        .flat()
        .filter((value) => typeof value === 'string'),
      [],
    );
    assert.equal(result.of, 0);
  });
  it('shows what a hasty engine revokes', () => {
    const hasty: typeof believe = (belief, input, options) => {
      const changes: BeliefChange[] = [];
      for (const hours of [0, 1, 20]) {
        const before = changes.at(-1)?.belief ?? belief;
        changes.push(believe(before, { ...input, atMs: input.atMs + hours * 3_600_000 }, options));
      }
      return { ...changes.at(-1)!, events: changes.flatMap(({ events }) => events) };
    };
    assert.deepEqual(play(story, hasty).wrongfulRevocations, ['a@airbnb.com']);
  });
  it('shows whom a deaf engine leaves without a code, and what it never takes back', () => {
    const filter =
      (keep: (event: StayEvent) => boolean): typeof believe =>
      (belief, input, options) => {
        const change = believe(belief, input, options);
        return { ...change, events: change.events.filter(keep) };
      };
    const deaf = filter(({ reservation }) => reservation.uid !== 'c@airbnb.com');
    assert.deepEqual(play(story, deaf).withoutCode, ['c@airbnb.com']);
    const stubborn = filter(({ event }) => event !== 'cancelled');
    assert.deepEqual(play(story, stubborn).missed, ['b@airbnb.com']);
  });
  it('shows whose code a restless engine changes', () => {
    let polls = 0;
    const restless: typeof believe = (belief, input, options) => {
      const change = believe(belief, input, options);
      if (++polls !== 100) return change;
      const again = change.belief.stays.flatMap(({ reservation }): StayEvent[] => [
        { event: 'cancelled', reason: 'host', reservation },
        {
          event: 'new',
          reservation: { ...reservation, endsAtMs: reservation.endsAtMs - 3_600_000 },
          isTurnover: false,
          displaces: [],
        },
      ]);
      return { ...change, events: again };
    };
    const { unforcedChanges } = play(story, restless);
    assert.deepEqual(unforcedChanges, ['a@airbnb.com', 'c@airbnb.com', 'rest@airbnb.com']);
  });

  it('of real feeds keeps every guest in, and takes back what was cancelled', function () {
    needsShared(this);
    this.timeout(120_000);
    const files = globSync(join(SHARED, 'fixtures/replay/*.jsonl.gz'));
    const program = join(import.meta.dirname, 'replay.ts');
    const lines = execFileSync(process.execPath, ['--conditions=staycode-source', program, ...files], {
      encoding: 'utf8',
    });
    const { cancellations, ...wrong } = JSON.parse(lines.trimEnd().split('\n').at(-1) ?? '') as {
      cancellations: Record<'revoked' | 'asked' | 'of' | 'medianHours', number>;
    };
    assert.deepEqual(wrong, { wrongfulRevocations: 0, unforcedChanges: 0, withoutCode: 0, sharedDigits: 0 });
    const { revoked, asked, of, medianHours } = cancellations;
    assert.ok(of > 0);
    assert.equal(revoked + asked, of);
    assert.ok(medianHours <= 24);
  });
});
