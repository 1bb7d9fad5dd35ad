import assert from 'node:assert/strict';
import { StaycodeError } from '../../../core/src/errors.ts';
import { calendar, days, event, problems, read, windows } from './feeds.ts';

function refuses(body: string, reason: RegExp): void {
  assert.throws(
    () => read(body),
    (error) =>
      error instanceof StaycodeError && error.code === 'not-a-calendar' && reason.test(error.message),
  );
}

const GOOD = days('good', '20261001', '20261003', 'SUMMARY:Reserved');

describe('calendar scan', () => {
  it('refuses a body that is no whole calendar, and says what came instead', () => {
    refuses('', /empty/);
    refuses('{"code":500}', /JSON/);
    refuses('<!DOCTYPE html><title>Sign in</title>', /web page/);
    refuses('not found', /no BEGIN:VCALENDAR/);
    refuses(`BEGIN:VCALENDAR\r\n${GOOD}\r\n`, /cut off/);
    refuses(`${calendar(GOOD)}BEGIN:VCALENDAR\r\n${GOOD}`, /cut off/);
    // Two were joined, and the first lost its end, perhaps with bookings.
    refuses(`BEGIN:VCALENDAR\r\n${GOOD}\r\n${calendar(GOOD)}`, /cut off/);
  });

  it('takes a calendar without events for whole', () => {
    assert.deepEqual(read(calendar()), { reservations: [], problems: [] });
  });

  it('reads an event with a junk line for what its dates say, and tells of the line', () => {
    const body = calendar(
      GOOD,
      days('junk', '20261005', '20261007', 'no separator here', 'SUMMARY:Reserved'),
      days('after', '20261010', '20261012'),
    );
    const { reservations, problems } = read(body);
    assert.deepEqual(
      reservations.map(({ uid }) => uid),
      ['good', 'junk', 'after'],
    );
    assert.deepEqual(problems, [
      { code: 'junk-line', message: 'one line could not be read', event: 2, uid: 'junk' },
    ]);
  });

  it('tells of junk between events, and ignores what stands outside of the calendar', () => {
    assert.deepEqual(problems(`<!-- x -->\r\n${calendar('junk', GOOD)}</html>`), ['junk-line']);
    assert.equal(windows(`junk\r\n${calendar(GOOD)}junk`).length, 1);
  });

  it('reads an event whose END is missing, and the ones after it', () => {
    const body = calendar('BEGIN:VEVENT', 'UID:open', 'DTSTART;VALUE=DATE:20260901', 'BEGIN:VALARM', GOOD);
    assert.deepEqual(
      read(body).reservations.map(({ uid }) => uid),
      ['open', 'good'],
    );
    assert.deepEqual(problems(body), ['not-closed']);
  });

  it('keeps alarms, tasks and time zones out of the events', () => {
    const alarm = 'BEGIN:VALARM\r\nSUMMARY:Alarm\r\nDTSTART:20300101T000000Z\r\nEND:VALARM';
    const task = 'BEGIN:VTODO\r\nX-WR-TIMEZONE:Asia/Tokyo\r\nSUMMARY:Task\r\nEND:VTODO';
    const { reservations } = read(
      calendar(task, days('a', '20261001', '20261003', alarm, 'SUMMARY:Reserved')),
    );
    assert.deepEqual(
      reservations.map(({ summary }) => summary),
      ['Reserved'],
    );
  });

  it('reads names in lower case', () => {
    const body =
      'begin:vcalendar\nbegin:vevent\nuid:a\ndtstart:20261001\ndtend:20261003\nend:vevent\nend:vcalendar';
    assert.deepEqual(windows(body), ['2026-10-01T13:00Z/2026-10-03T09:00Z']);
  });

  it('reads several calendars in one body, each with its own head', () => {
    const timed = event('UID:t', 'DTSTART:20261001T150000', 'DTEND:20261003T100000');
    const body =
      calendar('PRODID:-//Booking.com//EN', 'X-WR-TIMEZONE:America/New_York', timed) + calendar(timed, GOOD);
    const read2 = read(body).reservations;
    assert.deepEqual(read2.map(({ dialect }) => dialect).sort(), ['booking', 'generic', 'generic']);
    assert.deepEqual(windows(body), [
      '2026-10-01T13:00Z/2026-10-03T08:00Z',
      '2026-10-01T13:00Z/2026-10-03T09:00Z',
      '2026-10-01T19:00Z/2026-10-03T14:00Z',
    ]);
  });

  it('reads a merged calendar whose head is repeated', () => {
    const body = calendar(
      'PRODID:-//Merged//EN',
      GOOD,
      'PRODID:-//Merged again//EN',
      'VERSION:2.0',
      days('b', '20261004', '20261005'),
    );
    assert.equal(read(body).reservations.length, 2);
  });
});
