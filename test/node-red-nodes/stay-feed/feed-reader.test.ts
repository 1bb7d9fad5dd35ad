import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccessCodeStore, openAccessCodeStore } from '@staycode/core/edges';
import { createFeedReader, type FeedReader } from '../../../node-red-nodes/nodes/stay-feed/feed-reader.mts';
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
  const start = (): FeedReader => {
    const { signal } = new AbortController();
    return createFeedReader({ feedId: 'feed', url: `${home.url}/calendar.ics`, unit, store, signal });
  };
  const told = async (reader: FeedReader, forget = false): Promise<string[]> => {
    const reading = await reader.read({ forget });
    reading.remember();
    return reading.events.map(({ reservation }) => reservation.id);
  };

  it('tells again what it could not remember having told', async () => {
    const first = await start().read({ forget: false });
    assert.equal(first.events.length, 2);
    assert.equal((await told(start())).length, 2);
    assert.deepEqual(await told(start()), []);
  });
  it('tells a stay again at its start that never reached the register, and only then', async () => {
    const [a = '', b = ''] = await told(start());
    const held = { unitId: 'flat-a', reservationId: a, reason: 'conflict', json: '{}' };
    store.changeUnit('flat-a', () => ({ hold: held }));
    const reader = start();
    assert.deepEqual(await told(reader), [b]);
    assert.deepEqual(await told(reader), []);
  });
  it('tells everything again when asked to forget', async () => {
    const reader = start();
    const ids = await told(reader);
    assert.deepEqual(await told(reader, true), ids);
  });
});
