import assert from 'node:assert/strict';
import { makeRedactor, recordPoll } from '../../../core/src/cli/redact-poll.ts';
import { calendar, days, event } from '../reservations/feeds.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const redact = makeRedactor(new Uint8Array(32).fill(1));
const stay = days(
  'f00-abc@airbnb.com',
  '20261001',
  '20261003',
  'SUMMARY:Reserved',
  'DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/d',
  ' etails/HMABCDE234\\nPhone Number (Last 4 Digits): 0417',
);

describe('a poll as a line of the replay form', () => {
  it('keeps what the feed says where nothing is to be redacted', () => {
    assert.deepEqual(recordPoll(bytes(calendar('PRODID:-//Airbnb Inc//EN', stay)), null), {
      kind: 'ok',
      prodid: '-//Airbnb Inc//EN',
      events: [
        {
          uid: 'f00-abc@airbnb.com',
          start: '20261001',
          end: '20261003',
          summary: 'Reserved',
          hm: 'HMABCDE234',
          last4: '0417',
        },
      ],
    });
  });
  it('leaves no name, code, digit or UID when it redacts, and the shape of all of them', () => {
    const { events } = recordPoll(bytes(calendar(stay)), redact);
    const [{ uid, hm = '', last4 = '', summary }] = events as [(typeof events)[0] & object];
    assert.match(uid, /^[0-9a-f]{32}@airbnb\.com$/);
    assert.match(hm, /^HM[A-Z0-9]{8}$/);
    assert.match(last4, /^\d{4}$/);
    assert.ok(hm !== 'HMABCDE234' && last4 !== '0417' && summary === 'Reserved');
  });
  it('keeps the words of the OTAs in a summary and no other', () => {
    const summaries = [
      'CLOSED - Not available',
      'Reserved - Zoë Müller',
      'Müller',
      'Réservée - Zoë',
      'room 0417',
    ];
    const body = calendar(
      ...summaries.map((summary, at) => days(`${at}@x.org`, '20261001', '20261003', `SUMMARY:${summary}`)),
    );
    const redacted = recordPoll(bytes(body), redact).events.map(({ summary }) => summary);
    const [, full = '', last = '', french = ''] = redacted;
    assert.equal(redacted[0], summaries[0]);
    assert.match(full, /^Reserved - N[0-9a-f]{8} N[0-9a-f]{8}$/);
    assert.equal(full.split(' ')[3], last);
    assert.equal(french.split(' ')[2], full.split(' ')[2]);
    assert.doesNotMatch(JSON.stringify(redacted), /Zoë|Müller|room|0417/i);
  });
  it('keeps the domains of known sites, whose UIDs tell the dialect, and no other', () => {
    const uids = ['a@booking.com', 'a@my-house.example.org', 'a'];
    const body = calendar(...uids.map((uid) => days(uid, '20261001', '20261003')));
    const [known = '', own = '', bare = ''] = recordPoll(bytes(body), redact).events.map(({ uid }) => uid);
    assert.match(known, /@booking\.com$/);
    assert.doesNotMatch(own, /house/);
    assert.equal(known.split('@')[0], bare);
  });
  it('is another with another key, and the same with the same', () => {
    const other = makeRedactor(new Uint8Array(32).fill(2));
    const body = bytes(calendar(stay));
    assert.deepEqual(recordPoll(body, redact), recordPoll(body, redact));
    assert.notDeepEqual(recordPoll(body, redact).events, recordPoll(body, other).events);
  });
  it('keeps times as they are written', () => {
    const timed = event('UID:a', 'DTSTART;TZID="Europe/Berlin":20261001T150000', 'DTEND:20261003T090000Z');
    const [first] = recordPoll(bytes(calendar(timed)), redact).events;
    assert.deepEqual([first?.start, first?.end], ['20261001T150000', '20261003T090000Z']);
  });
  for (const [kind, body] of [
    ['empty-body', ''],
    ['json-500', '{"code":500}'],
    ['html', '<!doctype html><title>Zoë, log in</title>'],
    ['empty-vcalendar', calendar()],
    ['truncated', calendar(stay).slice(0, -20)],
  ] as const) {
    it(`knows ${kind} for what it is`, () => {
      const poll = recordPoll(bytes(body), redact);
      assert.equal(poll.kind, kind);
      assert.doesNotMatch(JSON.stringify(poll), /Zoë|f00|HMABCDE234/);
    });
  }
});
