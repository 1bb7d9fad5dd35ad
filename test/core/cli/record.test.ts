import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../../../core/src/cli/main.ts';
import { runRecord } from '../../../core/src/cli/record.ts';
import { readCrawl } from '../../replay/crawl.ts';
import { ListingReplay } from '../../replay/replay-listing.ts';
import { calendar, days, HOUSE } from '../reservations/feeds.ts';

describe('staycode feed record', () => {
  let folder: string;
  let out: string;
  let source: string;
  let err: string[];
  /** What the feed is before each poll. */
  let bodies: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'staycode-record-'));
    out = join(folder, 'record.jsonl');
    source = join(folder, 'feed.ics');
    err = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const stay = (uid: string): string => days(`${uid}@airbnb.com`, '20261001', '20261003', 'SUMMARY:Reserved');
  async function record(...args: string[]): Promise<Record<string, unknown>[]> {
    const io: CommandIo = {
      stdout: () => undefined,
      stderr: (text) => err.push(text),
      env: {},
      randomBytes: (length) => new Uint8Array(length).fill(3),
    };
    let atMs = Date.UTC(2026, 8, 1);
    const next = (): void => {
      writeFileSync(source, bodies.shift() ?? '');
    };
    next();
    const clock = {
      now: () => atMs,
      monotonic: () => atMs,
      delay: (ms: number): Promise<void> => {
        atMs += ms;
        next();
        return Promise.resolve();
      },
    };
    assert.equal(await runRecord([source, '--out', out, ...args], io, clock), 0);
    return readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('writes a line about itself and one a poll, short where nothing changed', async () => {
    bodies = [calendar(stay('a')), calendar(stay('a')), '', calendar(stay('b'))];
    const lines = await record('--redact', '--polls', '4', '--every', '60', '--name', 'flat');
    assert.match(String(lines[0]?.about), /every 60 minutes, pseudonymised/);
    assert.deepEqual(
      lines.slice(1).map(({ t, l, kind, same }) => [t, l, kind ?? same]),
      [
        ['2026-09-01T00:00:00Z', 'flat', 'ok'],
        ['2026-09-01T01:00:00Z', 'flat', true],
        ['2026-09-01T02:00:00Z', 'flat', 'empty-body'],
        ['2026-09-01T03:00:00Z', 'flat', 'ok'],
      ],
    );
    assert.deepEqual(err, []);
  });
  it('can be replayed', async () => {
    bodies = [calendar(stay('a')), calendar(stay('a'))];
    await record('--redact', '--polls', '2');
    const polls = readCrawl(out).get('L1') ?? [];
    assert.equal(polls.length, 2);
    assert.match(polls[0]?.body ?? '', /UID:[0-9a-f]{32}@airbnb\.com/);
  });
  it('is replayed to the same end with pseudonyms as without', async () => {
    const later = days('c@airbnb.com', '20260920', '20260922', 'SUMMARY:Reserved');
    const feed = (...stays: string[]): string => calendar(...stays, later);
    const states = [
      feed(stay('a'), stay('b')),
      feed(stay('b')),
      feed(stay('b')).slice(0, -20),
      feed(days('b@airbnb.com', '20261002', '20261005', 'SUMMARY:Reserved')),
    ];
    const results = [];
    for (const args of [['--redact'], []]) {
      bodies = states.flatMap((state) => Array<string>(10).fill(state));
      out = join(folder, `record${args.length}.jsonl`);
      await record(...args, '--polls', '40', '--every', '60');
      const polls = readCrawl(out).get('L1') ?? [];
      results.push(new ListingReplay('L1', polls, HOUSE).run(polls));
    }
    const [{ of, revokedHours, codes } = { of: 0, revokedHours: [], codes: 0 }] = results;
    assert.deepEqual([of, revokedHours, codes], [1, [6], 4]);
    assert.deepEqual(results[0], results[1]);
  });
  it('keeps a poll that failed', async () => {
    bodies = [calendar(stay('a'))];
    const lines = await record('--polls', '1');
    assert.equal(lines[1]?.kind, 'ok');
    assert.match(err.join(), /names guests/);
    const io = {
      stdout: () => undefined,
      stderr: (text: string) => err.push(text),
      env: {},
    } as unknown as CommandIo;
    const other = join(folder, 'other.jsonl');
    await runRecord(['https://127.0.0.1:1/x', '--out', other, '--polls', '1'], io);
    assert.match(readFileSync(other, 'utf8'), /"kind":"failed"/);
  });
  it('never goes on with a recording: its key is gone', async () => {
    bodies = ['', ''];
    await record('--redact', '--polls', '1');
    await assert.rejects(record('--redact', '--polls', '1'), { code: 'EEXIST' });
  });
  for (const args of [[], ['--polls', '0'], ['--every', '0.5'], ['another']]) {
    it(`refuses ${args.join(' ') || 'no --out'}`, async () => {
      const io = {} as CommandIo;
      const given = args.length > 0 ? ['feed.ics', '--out', out, ...args] : ['feed.ics'];
      await assert.rejects(runRecord(given, io), { code: 'bad-config' });
    });
  }
});
