import assert from 'node:assert/strict';
import { calendar, days, event, problems, windows } from './feeds.ts';

const span = (...lines: string[]): string => windows(calendar(event('UID:a', ...lines))).join(' ');

describe('span of an event', () => {
  it('gives dates the house times, the end being the check-out day', () => {
    assert.equal(
      span('DTSTART;VALUE=DATE:20261001', 'DTEND;VALUE=DATE:20261003'),
      '2026-10-01T13:00Z/2026-10-03T09:00Z',
    );
  });

  it('reads the end before the start, and dates that do not say that they are dates', () => {
    assert.equal(span('DTEND:20261003', 'DTSTART:20261001'), '2026-10-01T13:00Z/2026-10-03T09:00Z');
  });

  it('takes times as they are: in UTC, in a zone, or on the wall of the property', () => {
    assert.equal(
      span('DTSTART:20261001T120000Z', 'DTEND:20261003T080000Z'),
      '2026-10-01T12:00Z/2026-10-03T08:00Z',
    );
    assert.equal(
      span(
        'DTSTART;TZID="America/Los_Angeles":20261001T160000',
        'DTEND;TZID=America/Los_Angeles:20261003T110000',
      ),
      '2026-10-01T23:00Z/2026-10-03T18:00Z',
    );
    assert.equal(
      span('DTSTART:20261001T160000', 'DTEND:20261003T100000'),
      '2026-10-01T14:00Z/2026-10-03T08:00Z',
    );
  });

  it('takes midnight to midnight for days: as written, or on the wall of the property', () => {
    const twoNights = '2026-10-01T13:00Z/2026-10-03T09:00Z';
    assert.equal(span('DTSTART:20261001T000000Z', 'DTEND:20261003T000000Z'), twoNights);
    assert.equal(span('DTSTART:20261001T000000', 'DTEND;VALUE=DATE:20261003'), twoNights);
    assert.equal(span('DTSTART:20260930T220000Z', 'DTEND:20261002T220000Z'), twoNights);
    // Over the change of the clocks.
    assert.equal(
      span('DTSTART:20261023T220000Z', 'DTEND:20261025T230000Z'),
      '2026-10-24T13:00Z/2026-10-26T10:00Z',
    );
    assert.equal(
      span('DTSTART:20261001T150000Z', 'DTEND:20261003T000000Z'),
      '2026-10-01T15:00Z/2026-10-03T00:00Z',
    );
  });

  it('takes an event without an end for one night', () => {
    assert.equal(span('DTSTART;VALUE=DATE:20261001'), '2026-10-01T13:00Z/2026-10-02T09:00Z');
    assert.equal(span('DTSTART:20261001T180000'), '2026-10-01T16:00Z/2026-10-02T09:00Z');
    // 23:30 in UTC is the next day in Berlin.
    assert.equal(span('DTSTART:20261001T233000Z'), '2026-10-01T23:30Z/2026-10-03T09:00Z');
  });

  it('counts a duration in days on the wall and in hours exactly', () => {
    assert.equal(span('DTSTART;VALUE=DATE:20261024', 'DURATION:P2D'), '2026-10-24T13:00Z/2026-10-26T10:00Z');
    assert.equal(span('DTSTART;VALUE=DATE:20261001', 'DURATION:PT1W'), '2026-10-01T13:00Z/2026-10-08T09:00Z');
    assert.equal(
      span('DTSTART;VALUE=DATE:20261001', 'DURATION:PT24H'),
      '2026-10-01T13:00Z/2026-10-02T09:00Z',
    );
    // The night of 24 October 2026 has 25 hours.
    assert.equal(span('DTSTART:20261024T160000', 'DURATION:P1D'), '2026-10-24T14:00Z/2026-10-25T15:00Z');
    assert.equal(span('DTSTART:20261024T160000', 'DURATION:PT24H'), '2026-10-24T14:00Z/2026-10-25T14:00Z');
  });

  it('refuses an event that ends when it starts or before', () => {
    assert.deepEqual(
      problems(calendar(days('a', '20261003', '20261001'), days('b', '20261003', '20261003'))),
      ['bad-length', 'bad-length'],
    );
    assert.equal(span('DTSTART;VALUE=DATE:20261003', 'DURATION:-P1D'), '');
    // Later on the wall, an hour earlier in fact.
    assert.equal(span('DTSTART:20261003T120000Z', 'DTEND;TZID=Europe/Berlin:20261003T130000'), '');
  });

  it('refuses an event without a start, with a day that is none, or with two different starts', () => {
    const body = calendar(
      event('UID:a', 'SUMMARY:Reserved'),
      days('b', '20260230', '20260302'),
      event('UID:c', 'DTSTART:20260101', 'DTSTART:20260102'),
      days('d', '20260105', '2026012'),
      event('UID:e', 'DTSTART:20261301T000000Z'),
      event('UID:f', 'DTSTART:20261001T250000Z'),
      days('good', '20261001', '20261003'),
    );
    assert.equal(windows(body).length, 1);
    assert.deepEqual(problems(body), Array<string>(6).fill('bad-date'));
  });
});
