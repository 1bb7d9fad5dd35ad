import assert from 'node:assert/strict';
import { calendar, days, event, problems, read } from './feeds.ts';

const ids = (...lines: string[]): string[] => read(calendar(...lines)).reservations.map(({ id }) => id);
const nameless = (from: string, to: string, summary: string): string =>
  event(`DTSTART;VALUE=DATE:${from}`, `DTEND;VALUE=DATE:${to}`, `SUMMARY:${summary}`);
const BOOKING = 'PRODID:-//admin.booking.com, b.v.//EN';

describe('identity of a reservation', () => {
  it('is the UID, whatever the dates and the house times are', () => {
    assert.deepEqual(ids(days('a', '20261001', '20261003')), ['a']);
    assert.deepEqual(ids(days('a', '20261002', '20261005')), ['a']);
  });

  it('is the dates where there is no UID', () => {
    const body = calendar(nameless('20261001', '20261003', 'Reserved'));
    const at = (checkIn: string): (string | undefined)[] =>
      read(body, { checkIn }).reservations.map(({ id }) => id);
    assert.deepEqual(at('15:00'), ['2026-10-01/2026-10-03']);
    assert.deepEqual(at('16:00'), at('15:00'));
  });

  it('stays the same at Booking.com when the first day and the UID roll on at midnight', () => {
    const before = ids(
      BOOKING,
      days('x1@booking.com', '20260815', '20260831', 'SUMMARY:CLOSED - Not available'),
    );
    const after = ids(
      BOOKING,
      days('x2@booking.com', '20260816', '20260831', 'SUMMARY:CLOSED - Not available'),
    );
    assert.deepEqual(before, ['booking 2026-08-31']);
    assert.deepEqual(after, before);
  });

  it('differs for two stays that share a UID, and does not depend on their order', () => {
    const a = days('same', '20261001', '20261003');
    const b = days('same', '20261010', '20261012');
    assert.deepEqual(ids(a, b), ['same 2026-10-01/2026-10-03', 'same 2026-10-10/2026-10-12']);
    assert.deepEqual(ids(b, a), ids(a, b));
  });

  it('differs for two stays without UID on the same dates', () => {
    assert.deepEqual(ids(nameless('20261001', '20261003', 'Anna'), nameless('20261001', '20261003', 'Bo')), [
      '2026-10-01/2026-10-03 2026-10-01/2026-10-03',
      '2026-10-01/2026-10-03 2026-10-01/2026-10-03 #2',
    ]);
  });
});

describe('the same event said twice', () => {
  it('is one reservation', () => {
    assert.deepEqual(ids(days('a', '20261001', '20261003'), days('a', '20261001', '20261003')), ['a']);
    const stay = nameless('20261001', '20261003', 'Reserved');
    assert.deepEqual(ids(stay, stay), ['2026-10-01/2026-10-03']);
  });

  it('is its newest revision where each counts them, whatever the dates', () => {
    const old = days('a', '20261001', '20261003', 'SEQUENCE:0');
    const changed = days('a', '20261110', '20261112', 'SEQUENCE:2');
    for (const lines of [
      [old, changed],
      [changed, old],
    ]) {
      const { reservations, problems: told } = read(calendar(...lines));
      assert.deepEqual(
        reservations.map(({ startsAtMs }) => new Date(startsAtMs).toISOString().slice(0, 10)),
        ['2026-11-10'],
      );
      assert.deepEqual(
        told.map(({ code }) => code),
        ['older-revision'],
      );
    }
  });

  it('is two stays where one of them counts no revisions, or both the same', () => {
    const none = days('a', '20261001', '20261003');
    const two = days('a', '20261110', '20261112', 'SEQUENCE:2');
    const alsoTwo = days('a', '20261001', '20261003', 'SEQUENCE:2');
    assert.equal(ids(none, two).length, 2);
    assert.equal(ids(two, alsoTwo).length, 2);
    assert.deepEqual(problems(calendar(none, two)), []);
  });
});
