import assert from 'node:assert/strict';
import { DEFAULT_OUTBOX_POLICY } from '../../../core/src/access-codes/outbox.ts';
import { reconcile } from '../../../core/src/access-codes/reconcile.ts';
import { isCopy, matchSources } from '../../../core/src/access-codes/same-stay.ts';
import type { StayNews, WantedStay } from '../../../core/src/access-codes/wanted-stay.ts';
import { isLive } from '../../../core/src/access-codes/access-code.ts';
import { type AccessCodeStore, openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';
import { compileRules, DEFAULT_HOUSE_RULES } from '../../../core/src/lock/rules.ts';
import type { Gate } from '../../../core/src/reservations/pms/gate.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';

const NOW_MS = Date.UTC(2026, 10, 1, 12);
const OPEN: Gate = { pass: true, override: null };
const UNPAID: Gate = { pass: false, reason: 'unpaid', message: 'Nothing is paid yet.' };
const PMS_ID = 'hostaway/510/41';

type Nights = readonly [from: number, to: number];

function stay(
  id: string,
  source: WantedStay['source'],
  [from, to]: Nights,
  more: Partial<WantedStay> = {},
): StayNews {
  const times = { startsAtMs: Date.UTC(2026, 10, from, 15), endsAtMs: Date.UTC(2026, 10, to, 11) };
  const rest = { bookingId: null, guestName: null, displaces: [], gate: OPEN };
  return { news: 'stay', stay: { id, source, ...times, ...rest, ...more } };
}
const calendars = (nights: Nights, id = 'feed-1'): StayNews => stay(id, 'feed', nights);
const pmss = (nights: Nights, gate: Gate = OPEN, more: Partial<WantedStay> = {}): StayNews =>
  stay(PMS_ID, 'pms', nights, { bookingId: 'hostaway/510', guestName: 'Mira', gate, ...more });
const gone = (id: string, why: 'cancelled' | 'room-left' = 'cancelled'): StayNews => ({
  news: 'gone',
  id,
  why,
});

describe('a stay that a PMS and a calendar tell of', () => {
  let store: AccessCodeStore;
  let count = 0;
  beforeEach(() => {
    store = openAccessCodeStore(`${scratchFolder()}/register.sqlite`);
  });
  afterEach(() => {
    store.close();
    removeScratch();
  });

  const hear = (...news: StayNews[]): void => {
    const rules = compileRules({ ...DEFAULT_HOUSE_RULES, zone: 'UTC' });
    const newId = (): string => `id-${++count}`;
    store.changeUnit('flat-a', (records) =>
      reconcile({
        ...{
          ...records,
          unit: { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' },
          rules,
          hasKey: true,
        },
        ...{ zone: 'UTC', nowMs: NOW_MS, newId, news: matchSources(records.stays, news) },
      }),
    );
    store.outbox.queue('flat-a', { policy: DEFAULT_OUTBOX_POLICY, nowMs: NOW_MS, newId });
    for (let due = claim(); due; due = claim()) store.outbox.markSent(due.message.id, NOW_MS);
  };
  const claim = (): ReturnType<typeof store.outbox.claimNext> =>
    store.outbox.claimNext(NOW_MS, DEFAULT_OUTBOX_POLICY);
  const live = (): string[] =>
    store
      .readUnit('flat-a')
      .codes.filter(isLive)
      .map(({ startsAtMs, revision }) => `${new Date(startsAtMs).getUTCDate()} r${revision}`);
  const told = (): number => store.outbox.readUnit('flat-a').length;
  const reasons = (): string[] =>
    store.readUnit('flat-a').stays.flatMap(({ stay: { id }, held }) => (held ? `${id} ${held.reason}` : []));

  it('keeps the code that went out where the calendar was first, and tells nobody twice', () => {
    hear(calendars([5, 8]));
    hear(pmss([5, 8]));
    assert.deepEqual([live(), told(), reasons()], [['5 r0'], 1, []]);
    assert.equal(store.readUnit('flat-a').stays[0]?.stay.bookingId, 'hostaway/510');
  });

  it('keeps the digits where the PMS only has other hours of the day', () => {
    hear(calendars([5, 8]));
    hear(pmss([5, 8], OPEN, { startsAtMs: Date.UTC(2026, 10, 5, 16), endsAtMs: Date.UTC(2026, 10, 8, 10) }));
    assert.deepEqual([live(), told()], [['5 r0'], 1]);
  });

  it('gives the calendar’s copy no code where the PMS was first', () => {
    hear(pmss([5, 8]));
    hear(calendars([5, 8]));
    assert.deepEqual([live(), told(), reasons()], [['5 r0'], 1, ['feed-1 same-stay']]);
  });

  it('goes by the PMS’s gate, whoever was first', () => {
    hear(pmss([5, 8], UNPAID), calendars([5, 8]));
    assert.deepEqual([live(), reasons()], [[], ['feed-1 same-stay', `${PMS_ID} unpaid`].sort()]);
    hear(calendars([15, 18], 'feed-2'));
    assert.deepEqual(live(), ['15 r0']);
    hear(stay('hostaway/511/41', 'pms', [15, 18], { gate: UNPAID }));
    assert.deepEqual(live(), []);
  });

  it('follows the PMS when it moves, under the name that the register has', () => {
    hear(calendars([5, 8]));
    hear(pmss([5, 8]));
    hear(pmss([5, 9]));
    assert.deepEqual([live(), told()], [['5 r1'], 2]);
    // The calendar's word comes later, or has come before: it changes nothing.
    hear(calendars([5, 9]));
    hear(calendars([5, 8]));
    assert.deepEqual([live(), told()], [['5 r1'], 2]);
  });

  it('has no code any more once the PMS calls it off, though the calendar still lists it, until the host says so', () => {
    for (const [first, second] of [
      [calendars([5, 8]), pmss([5, 8])],
      [pmss([15, 18]), calendars([15, 18], 'feed-2')],
    ] as const) {
      hear(first);
      hear(second);
      hear(gone(PMS_ID));
      assert.deepEqual(live(), []);
    }
    assert.deepEqual(reasons(), ['feed-1 cancelled-at-pms', 'feed-2 cancelled-at-pms']);
    // Told again at a restart.
    hear(calendars([5, 8]));
    assert.deepEqual(live(), []);
    hear(gone('feed-1'), gone('feed-2'));
    assert.deepEqual(store.readUnit('flat-a').stays, []);
  });

  it('outlives the calendar’s cancellation while the PMS has it, and ends for good with the PMS’s', () => {
    hear(calendars([5, 8]), pmss([5, 8]));
    hear(gone('feed-1'));
    assert.deepEqual(live(), ['5 r0']);
    hear(gone(PMS_ID));
    assert.deepEqual([live(), store.readUnit('flat-a').stays], [[], []]);
  });

  it('leaves two bookings of other nights, and those of the host’s hand, to themselves', () => {
    hear(calendars([5, 8]), pmss([9, 12]), stay('mine', 'hand', [9, 12]));
    assert.deepEqual(live(), ['5 r0', '9 r0']);
    assert.deepEqual(reasons(), ['mine conflict']);
    assert.ok(store.readUnit('flat-a').stays.every((record) => !isCopy(record.stay)));
  });
});
