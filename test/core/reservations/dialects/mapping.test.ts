import assert from 'node:assert/strict';
import type { FeedMapping } from '../../../../core/src/reservations/dialects/mapping.ts';
import { StaycodeError } from '../../../../core/src/errors.ts';
import { calendar, days, event, read, windows } from '../feeds.ts';

const statusOf = (summary: string, mapping: FeedMapping): unknown[] => {
  const body = calendar('PRODID:-//Guesty//EN', days('u', '20261001', '20261003', `SUMMARY:${summary}`));
  return read(body, { mapping }).reservations.map(({ status, guestName }) => [status, guestName])[0] ?? [];
};

describe("a host's mapping of summaries", () => {
  it('takes a text anywhere in the summary, in any case, and every sign in it for itself', () => {
    const mapping: FeedMapping = { summaries: [{ pattern: 'hold (owner)', status: 'blocked' }] };
    assert.deepEqual(statusOf('Flat 7: HOLD  (Owner)', mapping), ['blocked', null]);
    assert.deepEqual(statusOf('hold owner', mapping), ['confirmed', null]);
  });

  it('takes a regular expression between slashes, with the name of the guest', () => {
    const pattern = String.raw`/^(?<guest>.+) \| \d+ nights$/`;
    const mapping: FeedMapping = { summaries: [{ pattern, status: 'confirmed' }] };
    assert.deepEqual(statusOf('Ada | 2 nights', mapping), ['confirmed', 'Ada']);
  });

  it('goes before all that is known of the dialect, the first line first', () => {
    const blocked: FeedMapping = {
      summaries: [
        { pattern: 'by Guesty', status: 'blocked' },
        { pattern: 'by', status: 'tentative' },
      ],
    };
    assert.deepEqual(statusOf('Blocked By Guesty', blocked), ['blocked', null]);
  });

  it('is refused where it is no regular expression, or nothing', () => {
    for (const pattern of ['/(/', '', ' ']) {
      assert.throws(
        () => statusOf('x', { summaries: [{ pattern, status: 'blocked' }] }),
        (error) => error instanceof StaycodeError && error.code === 'bad-config',
        pattern,
      );
    }
  });
});

describe("a host's word on times", () => {
  const timed = calendar(event('UID:a', 'DTSTART:20261001T223000Z', 'DTEND:20261003T070000Z'));

  it('leaves only their days, as the property has them', () => {
    assert.deepEqual(windows(timed, { mapping: { eventTimes: 'ignore' } }), [
      '2026-10-02T13:00Z/2026-10-03T09:00Z',
    ]);
    assert.deepEqual(windows(timed, { mapping: { eventTimes: 'use' } }), windows(timed));
  });

  it('leaves what lasts for hours as it is', () => {
    const hours = calendar(event('UID:a', 'DTSTART:20261001T100000Z', 'DTEND:20261001T120000Z'));
    assert.deepEqual(windows(hours, { mapping: { eventTimes: 'ignore' } }), [
      '2026-10-01T10:00Z/2026-10-01T12:00Z',
    ]);
  });
});

describe("a host's word that DTEND is the last night", () => {
  const mapping: FeedMapping = { lastNightEnds: true };

  it('moves check-out to the day after, also for a single night', () => {
    const body = calendar(days('a', '20261001', '20261002'), days('b', '20261005', '20261005'));
    assert.deepEqual(windows(body, { mapping }), [
      '2026-10-01T13:00Z/2026-10-03T09:00Z',
      '2026-10-05T13:00Z/2026-10-06T09:00Z',
    ]);
  });

  it('moves no times, and no end that the feed does not give', () => {
    const body = calendar(
      event('UID:a', 'DTSTART:20261001T130000Z', 'DTEND:20261003T070000Z'),
      event('UID:b', 'DTSTART;VALUE=DATE:20261005', 'DURATION:P2D'),
    );
    assert.deepEqual(windows(body, { mapping }), windows(body));
  });
});
