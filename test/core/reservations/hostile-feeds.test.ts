import assert from 'node:assert/strict';
import { StaycodeError } from '../../../core/src/errors.ts';
import { calendar, days, event, read } from './feeds.ts';

/** Feeds made to take up time or memory: each is read, or refused, before the test runs out of its time. */
describe('a hostile feed', () => {
  const many = (number: number, lineOf: (at: number) => string): string[] =>
    Array.from({ length: number }, (_, at) => lineOf(at));
  const good = days('good', '20261001', '20261003', 'SUMMARY:Reserved');
  const stays = (...lines: string[]): number => read(calendar(good, ...lines)).reservations.length;

  it('of empty events by the million is refused, and the host told', () => {
    assert.throws(
      () => read(`BEGIN:VCALENDAR\n${'BEGIN:VEVENT\n'.repeat(3_000_000)}END:VCALENDAR`),
      (error) =>
        error instanceof StaycodeError &&
        error.code === 'not-a-calendar' &&
        error.message.includes('250000 events'),
    );
  });

  it('of one endless line, of line breaks, or of unknown lines is read for its events', () => {
    assert.equal(stays(`X-NOISE:${'x'.repeat(20_000_000)}`), 1);
    assert.equal(stays('\r\n'.repeat(10_000_000)), 1);
    assert.equal(stays('X-NOISE:x\r\n'.repeat(1_000_000)), 1);
  });

  it('of a line of a million parameters is read, but for the event that it is in', () => {
    const line = `DTSTART${';X=a'.repeat(1_000_000)}:20261001T150000`;
    assert.equal(stays(event('UID:bad', line, 'DTEND:20261003T100000')), 1);
    assert.equal(stays(`BEGIN:VTIMEZONE\r\nTZID${';X=a'.repeat(1_000_000)}:Here\r\nEND:VTIMEZONE`), 1);
  });

  it('of few events that repeat for years is refused where somebody set how many there may be', () => {
    const daily = many(10, (at) => days(String(at), '20261001', '20261002', 'RRULE:FREQ=DAILY'));
    assert.throws(
      () => read(calendar(...daily), { maxReservations: 2_000 }),
      (error) =>
        error instanceof StaycodeError && error.code === 'not-a-calendar' && error.message.includes('10000'),
    );
    assert.equal(read(calendar(good), { maxReservations: 1 }).reservations.length, 1);
  });

  it('of a zone name for each event is read', () => {
    const zoned = many(200_000, (at) =>
      event(`UID:${at}`, `DTSTART;TZID=Z${at}:20261001T150000`, 'DTEND:20261003T100000'),
    );
    assert.equal(stays(zoned.join('\r\n')), 200_001);
  });

  it('of a year for each event is read', () => {
    const yearly = many(9000, (at) => days(String(at), `${at + 1000}0101`, `${at + 1000}0103`));
    assert.equal(stays(...yearly), 9001);
  });

  it('of long and tangled words is read, and its words are cut', () => {
    const tangled = many(2000, (at) =>
      days(
        String(at),
        '20261001',
        '20261003',
        `SUMMARY:reserved -${' ('.repeat(5000)}`,
        `DESCRIPTION:${'guest:<'.repeat(2000)}`,
      ),
    );
    assert.equal(stays(...tangled), 2001);
    const [{ summary } = { summary: '' }] = read(
      calendar(days('a', '20261001', '20261003', `SUMMARY:${'x'.repeat(9000)}`)),
    ).reservations;
    assert.equal(summary.length, 500);
  });
});
