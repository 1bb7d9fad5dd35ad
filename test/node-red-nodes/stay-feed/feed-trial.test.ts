import assert from 'node:assert/strict';
import { readReservations } from '@staycode/core';
import { summariseReading } from '../../../node-red-nodes/nodes/stay-feed/feed-trial.mts';

const HOUSE = { zone: 'Europe/Berlin', checkIn: '15:00', checkOut: '11:00' };
const NOW_MS = Date.UTC(2026, 11, 4, 12);

function calendar(prodId: string, events: readonly string[][]): string {
  const body = events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', `PRODID:${prodId}`, ...body, 'END:VCALENDAR', ''].join('\r\n');
}

const event = (uid: string, from: string, to: string, summary: string): string[] => [
  `UID:${uid}`,
  `DTSTART;VALUE=DATE:${from}`,
  `DTEND;VALUE=DATE:${to}`,
  `SUMMARY:${summary}`,
];

describe('the trial of a calendar', () => {
  it('tells dialect, stays to come with their nights, what else there is, and which entries are bad and why', () => {
    const body = calendar('-//Airbnb Inc//Hosting Calendar 1.0//EN', [
      event('a@airbnb.com', '20261101', '20261103', 'Reserved'),
      event('b@airbnb.com', '20261206', '20261209', 'Reserved'),
      event('c@airbnb.com', '20261210', '20261212', 'Airbnb (Not available)'),
      ['UID:d@airbnb.com', 'SUMMARY:Reserved', 'DTSTART;VALUE=DATE:20261399'],
    ]);
    const trial = summariseReading(readReservations(body, HOUSE), { zone: HOUSE.zone, nowMs: NOW_MS });
    assert.equal(trial.dialect, 'airbnb');
    assert.deepEqual(trial.stays, [
      {
        ...{ from: '2026-12-06 15:00', to: '2026-12-09 11:00', nights: 3, who: 'Reserved' },
        mayBeClosure: false,
      },
    ]);
    assert.deepEqual(trial.counts, {
      ...{ stays: 1, past: 1, blocked: 1, tentative: 0, cancelled: 0, closures: 0 },
    });
    assert.equal(trial.problemCount, 1);
    const [problem] = trial.problems;
    assert.equal(problem?.event, 4);
    assert.match(problem.why, /expected a start/u);
  });

  it('says of an empty calendar that it has no dialect, and of Booking.com what may be closures', () => {
    const options = { zone: HOUSE.zone, nowMs: NOW_MS };
    const empty = summariseReading(readReservations(calendar('-//x//EN', []), HOUSE), options);
    assert.equal(empty.dialect, null);
    const booking = calendar('-//admin.booking.com//EN', [
      event('e@booking.com', '20261206', '20261209', 'CLOSED - Not available'),
    ]);
    const { counts } = summariseReading(readReservations(booking, HOUSE), options);
    assert.equal(counts.closures, counts.stays);
  });
});
