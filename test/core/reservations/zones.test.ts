import assert from 'node:assert/strict';
import { StaycodeError } from '../../../core/src/errors.ts';
import { calendar, days, event, read, windows } from './feeds.ts';

const stay = (from: string, to: string, zone: string, checkIn: string, checkOut: string): string =>
  windows(calendar(days('a', from, to)), { zone, checkIn, checkOut }).join();

describe('house times to instants', () => {
  it('keeps the wall times over a change of the clocks, north and south', () => {
    assert.equal(
      stay('20260328', '20260330', 'Europe/Berlin', '15:00', '11:00'),
      '2026-03-28T14:00Z/2026-03-30T09:00Z',
    );
    assert.equal(
      stay('20261024', '20261026', 'Europe/Berlin', '15:00', '11:00'),
      '2026-10-24T13:00Z/2026-10-26T10:00Z',
    );
    assert.equal(
      stay('20260307', '20260309', 'America/New_York', '16:00', '10:00'),
      '2026-03-07T21:00Z/2026-03-09T14:00Z',
    );
    assert.equal(
      stay('20260404', '20260406', 'America/Santiago', '15:00', '11:00'),
      '2026-04-04T18:00Z/2026-04-06T15:00Z',
    );
  });

  it('is right where the clocks change by half an hour, and where the offset has three quarters', () => {
    assert.equal(
      stay('20260404', '20260406', 'Australia/Lord_Howe', '15:00', '11:00'),
      '2026-04-04T04:00Z/2026-04-06T00:30Z',
    );
    assert.equal(
      stay('20261003', '20261005', 'Asia/Kathmandu', '15:00', '11:00'),
      '2026-10-03T09:15Z/2026-10-05T05:15Z',
    );
  });

  it('is right on the very day of the change', () => {
    assert.equal(
      stay('20260329', '20260330', 'Europe/Berlin', '15:00', '11:00'),
      '2026-03-29T13:00Z/2026-03-30T09:00Z',
    );
    assert.equal(
      stay('20261024', '20261025', 'Europe/Berlin', '15:00', '11:00'),
      '2026-10-24T13:00Z/2026-10-25T10:00Z',
    );
  });

  it('widens the window where the clocks skip a house time', () => {
    // Beirut went from 00:00 to 01:00 on 31 March 2024, at 22:00 in UTC.
    assert.equal(
      stay('20240331', '20240401', 'Asia/Beirut', '00:30', '11:00'),
      '2024-03-30T21:30Z/2024-04-01T08:00Z',
    );
    assert.equal(
      stay('20240330', '20240331', 'Asia/Beirut', '15:00', '00:30'),
      '2024-03-30T13:00Z/2024-03-30T22:30Z',
    );
    // São Paulo skipped the midnight of 4 November 2018, at 03:00 in UTC.
    assert.equal(
      stay('20181103', '20181104', 'America/Sao_Paulo', '15:00', '00:00'),
      '2018-11-03T18:00Z/2018-11-04T03:00Z',
    );
  });

  it('widens the window where the clocks show a house time twice', () => {
    assert.equal(
      stay('20261025', '20261026', 'Europe/Berlin', '02:30', '11:00'),
      '2026-10-25T00:30Z/2026-10-26T10:00Z',
    );
    assert.equal(
      stay('20261024', '20261025', 'Europe/Berlin', '15:00', '02:30'),
      '2026-10-24T13:00Z/2026-10-25T01:30Z',
    );
  });

  it('is right where a day was left out', () => {
    assert.equal(
      stay('20111229', '20111231', 'Pacific/Apia', '15:00', '11:00'),
      '2011-12-30T01:00Z/2011-12-30T21:00Z',
    );
  });

  it('refuses a zone that is none, and an offset', () => {
    for (const zone of ['', 'Berlin', 'Europe/Atlantis', '+02:00']) {
      assert.throws(
        () => read(calendar(), { zone }),
        (error) => error instanceof StaycodeError && error.code === 'bad-zone',
        zone,
      );
    }
  });

  it('refuses a house time that is none', () => {
    for (const checkIn of ['24:00', '15', '3:00', '15:60', '']) {
      assert.throws(
        () => read(calendar(), { checkIn }),
        (error) => error instanceof StaycodeError && error.code === 'bad-time',
        checkIn,
      );
    }
  });
});

/** Half past two in the afternoon of a summer day, in the zone that a name means. */
function noonIn(tzid: string, ...head: string[]): string {
  const body = calendar(
    ...head,
    event('UID:a', `DTSTART;TZID=${tzid}:20260710T143000`, 'DTEND:20260712T000000Z'),
  );
  const { reservations, problems } = read(body);
  const at = reservations.map(({ startsAtMs }) => new Date(startsAtMs).toISOString().slice(11, 16)).join();
  return [at, ...problems.map(({ code }) => code)].join(' ');
}

function timezone(tzid: string, ...lines: string[]): string[] {
  const rule = (name: string, from: string, to: string, when: string): string[] => [
    `BEGIN:${name}`,
    'DTSTART:16010101T020000',
    `TZOFFSETFROM:${from}`,
    `TZOFFSETTO:${to}`,
    `RRULE:FREQ=YEARLY;INTERVAL=1;${when}`,
    `END:${name}`,
  ];
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    ...lines,
    ...rule('STANDARD', '-0400', '-0500', 'BYDAY=1SU;BYMONTH=11'),
    ...rule('DAYLIGHT', '-0500', '-0400', 'BYDAY=2SU;BYMONTH=3'),
    'END:VTIMEZONE',
  ];
}

describe('zone names', () => {
  it('knows IANA names in any case, with blanks, with a path before them', () => {
    assert.equal(noonIn('America/New_York'), '18:30');
    assert.equal(noonIn('america/new york'), '18:30');
    assert.equal(noonIn('/example.org/20260101_1/America/Argentina/Buenos_Aires'), '17:30');
    assert.equal(noonIn('"tzone://Microsoft/Utc"'), '14:30');
  });

  it('knows Windows names', () => {
    assert.equal(noonIn('"Eastern Standard Time"'), '18:30');
    assert.equal(noonIn('W. Europe Standard Time'), '12:30');
  });

  it('knows the names that Outlook shows, quoted or not', () => {
    assert.equal(noonIn('"(UTC-05:00) Eastern Time (US & Canada)"'), '18:30');
    assert.equal(noonIn('(UTC-05:00) Eastern Time (US & Canada)'), '18:30');
    assert.equal(noonIn('"(GMT+10:00) Canberra, Melbourne, Sydney"'), '04:30');
    assert.equal(noonIn('"(UTC+04:00) Nowhere, Neverland"'), '10:30');
  });

  it('reads a zone that only the feed itself defines, also one named by a number', () => {
    assert.equal(noonIn('Customized Time Zone', ...timezone('Customized Time Zone')), '18:30');
    assert.equal(noonIn(' 1', ...timezone(' 1')), '18:30');
    assert.equal(noonIn('Home', ...timezone('Home', 'X-LIC-LOCATION:Asia/Kathmandu')), '08:45');
  });

  it('takes an unknown zone for that of the property, and says so once', () => {
    assert.equal(noonIn('Mars/Olympus'), '12:30 unknown-zone');
    const twice = event('DTSTART;TZID=Mars:20260710T143000', 'DTEND;TZID=Mars:20260711T100000');
    assert.deepEqual(
      read(calendar(twice, twice.replaceAll('202607', '202608'))).problems.map(({ code }) => code),
      ['unknown-zone'],
    );
  });

  it('does not look for ever for a change of the clocks that never comes', () => {
    const hopeless = timezone('Trap').map((line) =>
      line.replace('BYDAY=1SU;BYMONTH=11', 'BYMONTH=2;BYMONTHDAY=30'),
    );
    assert.equal(noonIn('Trap', ...hopeless), '12:30 unknown-zone');
  });

  it('takes X-WR-TIMEZONE for times without a zone, and the property for dates', () => {
    const body = calendar(
      'X-WR-TIMEZONE:America/New_York',
      event('UID:a', 'DTSTART:20260710T143000', 'DTEND:20260712T100000'),
      days('b', '20260710', '20260712'),
    );
    assert.deepEqual(windows(body), [
      '2026-07-10T13:00Z/2026-07-12T09:00Z',
      '2026-07-10T18:30Z/2026-07-12T14:00Z',
    ]);
  });
});
