import assert from 'node:assert/strict';
import { calendar, days, event, problems, read, windows } from './feeds.ts';

const starts = (...events: string[]): string[] =>
  read(calendar(...events)).reservations.map(({ startsAtMs }) =>
    new Date(startsAtMs).toISOString().slice(0, 16),
  );

describe('recurring events', () => {
  it('gives every instance at the same wall time, also when the clocks change', () => {
    const body = calendar(
      event('UID:a', 'DTSTART:20261023T160000', 'DTEND:20261024T100000', 'RRULE:FREQ=WEEKLY;COUNT=2'),
    );
    assert.deepEqual(windows(body), [
      '2026-10-23T14:00Z/2026-10-24T08:00Z',
      '2026-10-30T15:00Z/2026-10-31T09:00Z',
    ]);
  });

  it('ends with UNTIL, the last day or instant being within', () => {
    assert.deepEqual(
      starts(days('a', '20261001', '20261002', 'RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261005')).length,
      3,
    );
    const timed = (until: string): string =>
      event('UID:a', 'DTSTART:20261001T160000', 'DTEND:20261002T100000', `RRULE:FREQ=DAILY;UNTIL=${until}`);
    assert.equal(starts(timed('20261003T140000Z')).length, 3);
    assert.equal(starts(timed('20261003T135959Z')).length, 2);
    assert.equal(starts(timed('20261003')).length, 3);
  });

  it('adds RDATEs, and leaves out EXDATEs by day or by instant', () => {
    const timed = event(
      'UID:a',
      'DTSTART:20261001T140000Z',
      'DTEND:20261001T150000Z',
      'RRULE:FREQ=DAILY;COUNT=4',
      'EXDATE;VALUE=DATE:20261002',
      'EXDATE;TZID=Europe/Berlin:20261003T160000',
      'RDATE;TZID=Europe/Berlin:20261010T160000',
    );
    assert.deepEqual(starts(timed), ['2026-10-01T14:00', '2026-10-04T14:00', '2026-10-10T14:00']);
    const dated = days(
      'a',
      '20261001',
      '20261002',
      'RDATE;VALUE=DATE:20261005,20261007',
      'EXDATE:20261005T000000Z',
    );
    assert.deepEqual(starts(dated), ['2026-10-01T13:00', '2026-10-07T13:00']);
  });

  it('puts a changed instance in the place of the one that it changes', () => {
    const master = days('a', '20261001', '20261002', 'RRULE:FREQ=DAILY;COUNT=3');
    const moved = days('a', '20261012', '20261013', 'RECURRENCE-ID;VALUE=DATE:20261002', 'SEQUENCE:2');
    const { reservations } = read(calendar(master, moved));
    assert.deepEqual(
      reservations.map(({ id }) => id),
      ['a 2026-10-01', 'a 2026-10-03', 'a 2026-10-02'],
    );
  });

  it('takes an event whose rule cannot be read for a single one, and says so', () => {
    for (const rule of [
      'FREQ=SECONDLY',
      'FREQ=NEVER',
      'FREQ=DAILY;INTERVAL=99999999',
      'RRULE:FREQ=DAILY',
      'FREQ=MONTHLY;BYDAY=9SU',
    ]) {
      const body = calendar(days('a', '20261001', '20261002', `RRULE:${rule}`));
      assert.deepEqual([windows(body).length, ...problems(body)], [1, 'bad-recurrence'], rule);
    }
  });

  it('ends an endless recurrence, and says so', () => {
    const body = calendar(days('a', '20261001', '20261002', 'RRULE:FREQ=DAILY'));
    assert.deepEqual([windows(body).length, ...problems(body)], [1000, 'recurrence-cut']);
    const yearly = calendar(days('a', '20261001', '20261002', 'RRULE:FREQ=YEARLY'));
    assert.deepEqual([windows(yearly).length, ...problems(yearly)], [11, 'recurrence-cut']);
  });

  it('does not say so of one that ends within the bounds', () => {
    assert.deepEqual(
      problems(calendar(days('a', '20261001', '20261002', 'RRULE:FREQ=DAILY;COUNT=1000'))),
      [],
    );
  });

  it('takes an event whose rule contradicts itself for a single one, at no cost to the next', () => {
    const never = days('a', '20261001', '20261002', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30');
    const three = days('b', '20261101', '20261102', 'RRULE:FREQ=DAILY;COUNT=3');
    assert.equal(windows(calendar(never, three)).length, 4);
  });

  it('reads a feed of nothing but traps, each event at least once', () => {
    const rules = ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=DAILY', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'];
    const traps = Array.from({ length: 300 }, (_, at) =>
      days(`trap-${at}`, '20261001', '20261002', `RRULE:${rules[at % 3]}`),
    );
    const { reservations } = read(calendar(...traps));
    assert.equal(new Set(reservations.map(({ uid }) => uid)).size, 300);
    assert.ok(reservations.length <= 50_300);
  });
});
