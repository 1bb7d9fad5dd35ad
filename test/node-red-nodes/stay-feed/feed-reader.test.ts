import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Reservation, wantReservation } from '@staycode/core';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import {
  createFeedReader,
  type FeedReader,
  type FeedReaderOptions,
  type FeedReading,
} from '../../../node-red-nodes/nodes/stay-feed/feed-reader.mts';
import { sampleFeed } from '../sample-feed.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';

const unit = {
  unit: { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' as const },
  site: () => ({ zone: 'UTC', checkIn: '15:00', checkOut: '11:00' }),
};

describe('feed reader', () => {
  let home: SampleHome;
  let folder: string;
  let store: AccessCodeStore;
  beforeEach(async () => {
    home = await startSampleHome();
    const entries = [
      { uid: 'a', from: 3, to: 5 },
      { uid: 'b', from: 7, to: 9 },
    ];
    home.feed = { status: 200, type: 'text/calendar', body: sampleFeed(entries) };
    folder = mkdtempSync(join(tmpdir(), 'staycode-reader-'));
    store = openAccessCodeStore(join(folder, 'register.sqlite'));
  });
  afterEach(async () => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
    await home.close();
  });
  const start = (more: Partial<FeedReaderOptions> = {}): FeedReader => {
    const { signal } = new AbortController();
    return createFeedReader({
      feedId: 'feed',
      url: `${home.url}/calendar.ics`,
      allowPrivate: true,
      feedOptions: () => ({}),
      hasFeed: () => true,
      makesCodes: () => false,
      unit,
      store,
      signal,
      ...more,
    });
  };
  const putOnRecord = (reservation: Reservation): void => {
    const news = wantReservation(reservation);
    assert.ok(news.news === 'stay');
    store.changeUnit('flat-a', () => ({ keep: [{ stay: news.stay, sinceMs: 0, toldBy: null, held: null }] }));
  };
  const read = async (reader: FeedReader, forget = false): Promise<FeedReading> =>
    reader.take(await reader.fetch(), { forget });
  const told = async (reader: FeedReader, forget = false): Promise<string[]> => {
    const reading = await read(reader, forget);
    reading.remember();
    return reading.events.map(({ reservation }) => reservation.id);
  };

  it('tells again what it could not remember having told', async () => {
    const first = await read(start());
    assert.equal(first.events.length, 2);
    assert.equal((await told(start())).length, 2);
    assert.deepEqual(await told(start()), []);
  });
  it('tells a stay again at its start that never reached the register, and only then', async () => {
    const { events, remember } = await read(start());
    remember();
    const [a, b] = events.map(({ reservation }) => reservation);
    assert.ok(a && b);
    putOnRecord(a);
    const reader = start({ makesCodes: () => true });
    assert.deepEqual(await told(reader), [b.id]);
    assert.deepEqual(await told(reader), []);
    putOnRecord(b);
    assert.deepEqual(await told(start({ makesCodes: () => true })), []);
  });
  it('tells a stay again at its start whose change never reached the register', async () => {
    const { events, remember } = await read(start());
    remember();
    const [a, b] = events.map(({ reservation }) => reservation);
    assert.ok(a && b);
    putOnRecord(a);
    putOnRecord({ ...b, endsAtMs: b.endsAtMs - 86_400_000 });
    assert.deepEqual(await told(start({ makesCodes: () => true })), [b.id]);
  });
  it('tells again at its start that a stay is off where that never reached the register', async () => {
    const reader = start();
    const { events, remember } = await read(reader);
    remember();
    for (const { reservation } of events) putOnRecord(reservation);
    reader.say(events[0]!.reservation.id, 'no-stay').remember();
    const again = await read(start({ makesCodes: () => true }));
    assert.deepEqual(
      again.events.map(({ event, reservation }) => [event, reservation.id]),
      [['cancelled', events[0]!.reservation.id]],
    );
  });
  it('counts a calendar that the server calls unchanged as read', async () => {
    const reader = start();
    const ids = await told(reader);
    home.feed = { status: 304, type: 'text/calendar', body: '' };
    assert.deepEqual(await told(reader, true), ids);
  });
  it('fails where nothing was read that could be unchanged', async () => {
    home.feed = { status: 304, type: 'text/calendar', body: '' };
    const { error, events } = await read(start());
    assert.match(error?.message ?? '', /got 304/);
    assert.deepEqual(events, []);
  });
  it('keeps its stays where the calendar is no calendar', async () => {
    await told(start());
    home.feed = { status: 200, type: 'text/html', body: '<html>Log in</html>' };
    const { error, events, stays } = await read(start());
    assert.match(error?.message ?? '', /web page/);
    assert.deepEqual([events, stays], [[], 2]);
  });
  it("takes the host's word that nobody comes, and does not tell the stay again while it is listed", async () => {
    const reader = start();
    const [a = ''] = await told(reader);
    const word = reader.say(a, 'no-stay');
    assert.deepEqual(
      word.events.map(({ event, reservation }) => [event, reservation.id]),
      [['cancelled', a]],
    );
    word.remember();
    assert.deepEqual(await told(reader), []);
  });
  it('believes for a unit what two feeds say of it', async () => {
    const feeds = { feed: {}, other: { imports: true } };
    await told(start({ feedOptions: () => feeds }));
    const echo = await read(start({ feedId: 'other', feedOptions: () => feeds }));
    assert.deepEqual(echo.events, []);
  });
  it('tells everything again when asked to forget', async () => {
    const reader = start();
    const ids = await told(reader);
    assert.deepEqual(await told(reader, true), ids);
  });
});
