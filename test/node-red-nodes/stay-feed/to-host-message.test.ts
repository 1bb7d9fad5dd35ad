import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BeliefAlert, Reservation } from '@staycode/core';
import type { NodeAPI } from 'node-red';
import { toHostMessage } from '../../../node-red-nodes/nodes/stay-feed/to-host-message.mts';

const locale = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '../../../node-red-nodes/nodes/stay-feed/locales/en-US/stay-feed.json'),
    'utf8',
  ),
) as Record<'stay-feed', Record<'note', Record<string, string>>>;
/** Node-RED's way with the locale's texts. */
const RED = {
  _(key: string, values: Record<string, unknown> = {}): string {
    const text = locale['stay-feed'].note[key.replace('stay-feed.note.', '')];
    assert.ok(text !== undefined, key);
    return text.replace(/__(\w+)__/g, (_, name: string) => String(values[name]));
  },
} as unknown as NodeAPI;

const reservation: Reservation = {
  ...{ id: 'a', uid: 'a', dialect: 'airbnb', status: 'confirmed', summary: 'Reserved' },
  ...{ startsAtMs: Date.UTC(2026, 6, 1, 13), endsAtMs: Date.UTC(2026, 6, 4, 9), guestName: null },
  ...{ reservationCode: null, phoneLast4: null, partySize: null, mayBeClosure: false },
};
const atMs = Date.UTC(2026, 6, 1, 10);
const CASES: readonly (readonly [BeliefAlert, RegExp])[] = [
  [
    { alert: 'suspect', feedId: 'f', why: 'empty', reservationIds: ['a', 'b'] },
    /Airbnb came without .* 2 stays/,
  ],
  [
    { alert: 'suspect', feedId: 'f', why: 'together', reservationIds: ['a', 'b'] },
    /2 stays vanished from Airbnb/,
  ],
  [{ alert: 'stale', feedId: 'f', lastGoodMs: atMs }, /last read at 2026-07-01 12:00/],
  [{ alert: 'stale', feedId: 'f', lastGoodMs: null }, /could not be read yet/],
  [{ alert: 'recovered', feedId: 'f' }, /as it should be again/],
  [
    {
      alert: 'unreadable',
      feedId: 'f',
      problems: [{ code: 'bad-date', message: 'expected a start', event: 3, uid: null }],
    },
    /1 entries of Airbnb could not be read \(expected a start\)/,
  ],
  [{ alert: 'conflict', reservationIds: ['a', 'b'] }, /two stays/],
  [
    { alert: 'ask', question: 'gone', reservation },
    /Reserved, 2026-07-01 15:00 to 2026-07-04 11:00, is no longer/,
  ],
  [{ alert: 'ask', question: 'closure', reservation }, /closed in Airbnb. Is it a booking/],
];

describe('notes of a feed for the host', () => {
  const context = { unitName: 'Flat A', feedName: 'Airbnb', zone: 'Europe/Berlin' };

  for (const [alert, expected] of CASES) {
    it(
      `say in the house's time what is odd: ${JSON.stringify(Object.values(alert).slice(0, 3))}`.slice(0, 90),
      () => {
        const message = toHostMessage(RED, alert, context);
        assert.match(String(message.payload), expected);
        assert.match(String(message.payload), /^Flat A: [^_]+$/);
        assert.deepEqual([message.topic, message.alert], ['Flat A', alert]);
      },
    );
  }
  it('name the stay that an answer has to name', () => {
    assert.equal(
      toHostMessage(RED, { alert: 'ask', question: 'gone', reservation }, context).reservationId,
      'a',
    );
  });
  it('call a feed without a name the calendar', () => {
    const { payload } = toHostMessage(RED, { alert: 'recovered', feedId: 'f' }, { ...context, feedName: '' });
    assert.match(String(payload), /^Flat A: the calendar /);
  });
});
