import assert from 'node:assert/strict';
import {
  type AccessCode,
  checkArrivals,
  type HeardState,
  type OutboxMessage,
  type StayRecord,
  type Trouble,
  type UnitFacts,
} from '@staycode/core';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 11, 4, 12);
const OPTIONS = { nowMs: NOW_MS, withinMs: 24 * HOUR_MS };
const UNIT = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;

function stayAt(hours: number, id = 'one'): StayRecord {
  const startsAtMs = NOW_MS + hours * HOUR_MS;
  const window = { startsAtMs, endsAtMs: startsAtMs + 44 * HOUR_MS };
  return {
    stay: {
      ...{ id, source: 'feed', bookingId: null, guestName: 'Ada', displaces: [], ...window },
      gate: { pass: true, override: null },
    },
    ...{ sinceMs: 0, toldBy: null, held: null },
  };
}

function codeFor({ stay: { id, startsAtMs, endsAtMs } }: StayRecord): AccessCode {
  const window = { startsAtMs, endsAtMs };
  return {
    ...{ ...UNIT, ...window, id: `code of ${id}`, reservationId: id, kind: 'stay', revision: 0 },
    ...{ stay: window, createdAtMs: 0, issuedAtMs: 0, leftAtMs: 1, withdrawnAtMs: null },
  };
}

function messageFor(
  { stay: { id, startsAtMs, endsAtMs } }: StayRecord,
  state: OutboxMessage['state'],
): OutboxMessage {
  return {
    ...{ id: `message of ${id}`, unitId: 'flat-a', reservationId: id, accessCodeId: `code of ${id}`, state },
    ...{ stay: { startsAtMs, endsAtMs }, dueAtMs: 0, claims: 1, failures: 0, mayBeDuplicate: false },
    ...{ replacesEarlier: false, createdAtMs: 0, sentAtMs: state === 'sent' ? 1 : null },
  };
}

const HEARD: HeardState = {
  state: { clock: 'running', battery: 80 },
  heardAtMs: NOW_MS - 10_000,
  aheadMs: 0,
};

/** A unit with which all is well. */
function unit(record: StayRecord | null = stayAt(3), changes: Partial<UnitFacts> = {}): UnitFacts {
  const stays = record === null ? [] : [record];
  return {
    ...{ unitId: 'flat-a', unitName: 'Flat A', usedCodeIds: new Set(), ended: [] },
    records: { stays, codes: stays.map(codeFor) },
    messages: stays.map((one) => messageFor(one, 'sent')),
    feeds: [{ name: 'Airbnb', lastGoodMs: NOW_MS - HOUR_MS, suspect: null }],
    locks: [{ name: 'Door', heard: HEARD, skewMinutes: 10 }],
    ...changes,
  };
}

const troublesOf = (facts: UnitFacts): readonly Trouble[] =>
  checkArrivals([facts], OPTIONS)[0]?.troubles ?? [];
const withLock = (heard: HeardState | null): UnitFacts =>
  unit(stayAt(3), { locks: [{ name: 'Door', heard, skewMinutes: 10 }] });
const withState = (state: Partial<HeardState['state']>): UnitFacts =>
  withLock({ ...HEARD, state: { ...HEARD.state, ...state } });

describe("the check of tonight's arrivals", () => {
  it('calls a unit ready where nothing is in the way', () => {
    const record = stayAt(3);
    assert.deepEqual(checkArrivals([unit(record)], OPTIONS), [
      {
        ...{ unitId: 'flat-a', unitName: 'Flat A', ready: true, troubles: [] },
        arrival: { reservationId: 'one', guestName: 'Ada', startsAtMs: record.stay.startsAtMs },
      },
    ]);
  });

  it('looks a day ahead and half a day back, and at the first who has not come', () => {
    const arrivalOf = (facts: UnitFacts): string | undefined =>
      checkArrivals([facts], OPTIONS)[0]?.arrival?.reservationId;
    assert.equal(arrivalOf(unit(stayAt(24))), 'one');
    assert.equal(arrivalOf(unit(stayAt(24.5))), undefined);
    assert.equal(arrivalOf(unit(stayAt(-11))), 'one');
    assert.equal(arrivalOf(unit(stayAt(-12))), undefined);
    assert.equal(arrivalOf(unit(stayAt(-1), { usedCodeIds: new Set(['code of one']) })), undefined);
    const both = { stays: [stayAt(9, 'two'), stayAt(3)], codes: [] };
    assert.equal(arrivalOf(unit(null, { records: both })), 'one');
  });

  it('expects nobody who only asks or has called it off', () => {
    for (const reason of ['enquiry', 'cancelled'] as const) {
      const facts = unit({ ...stayAt(3), held: { reason, detail: null } });
      assert.equal(checkArrivals([facts], OPTIONS)[0]?.arrival, null);
    }
  });

  it('puts arrivals in their order, and units without one last', () => {
    const units = [
      { ...unit(null), unitName: 'C' },
      { ...unit(stayAt(8)), unitName: 'B' },
      { ...unit(stayAt(2)), unitName: 'A' },
    ];
    assert.deepEqual(
      checkArrivals(units, OPTIONS).map(({ unitName }) => unitName),
      ['A', 'B', 'C'],
    );
  });

  it('is red for a calendar that is stale, was never read or is odd, also where nobody is known to come', () => {
    const withFeed = (feed: Partial<UnitFacts['feeds'][number]>): UnitFacts =>
      unit(null, { feeds: [{ name: 'Airbnb', lastGoodMs: NOW_MS, suspect: null, ...feed }] });
    const stale = withFeed({ lastGoodMs: NOW_MS - 6 * HOUR_MS });
    assert.deepEqual(troublesOf(stale), [{ reason: 'feed-stale', name: 'Airbnb' }]);
    assert.deepEqual(troublesOf(withFeed({ lastGoodMs: NOW_MS - 6 * HOUR_MS + 1 })), []);
    assert.deepEqual(troublesOf(withFeed({ lastGoodMs: null }))[0]?.reason, 'feed-never-read');
    assert.deepEqual(troublesOf(withFeed({ suspect: 'empty' }))[0]?.reason, 'feed-suspect');
  });

  it('is red for a stay without a code, and says why', () => {
    const held = { ...stayAt(3), held: { reason: 'unpaid', detail: 'Nothing is paid yet.' } } as const;
    assert.deepEqual(troublesOf(unit(held)), [
      { reason: 'held', why: 'unpaid', detail: 'Nothing is paid yet.' },
    ]);
    const record = stayAt(3);
    const bare = unit(record, { records: { stays: [record], codes: [] } });
    assert.deepEqual(troublesOf(bare), [{ reason: 'no-code' }]);
  });

  it('is red for a code that was ended at a door, also where the guest has it', () => {
    const ended = [
      { name: 'Street door', codeIds: new Set(['code of one']) },
      { name: 'Flat', codeIds: new Set(['code of another']) },
    ];
    assert.deepEqual(troublesOf(unit(stayAt(3), { ended })), [{ reason: 'code-ended', name: 'Street door' }]);
    assert.deepEqual(
      troublesOf(unit(stayAt(3), { ended, messages: [] })).map(({ reason }) => reason),
      ['code-ended', 'not-sent'],
    );
  });

  it('is red until the message about the very code is sent', () => {
    const record = stayAt(3);
    for (const [state, reason] of [
      ['queued', 'not-sent'],
      ['sending', 'not-sent'],
      ['failed', 'send-failed'],
    ] as const) {
      const facts = unit(record, { messages: [messageFor(record, state)] });
      assert.deepEqual(troublesOf(facts), [{ reason }], state);
    }
    const earlier = { ...messageFor(record, 'sent'), accessCodeId: 'an earlier one' };
    assert.deepEqual(troublesOf(unit(record, { messages: [earlier] })), [{ reason: 'not-sent' }]);
  });

  it('is red for a lock that has not been heard of, has lost its clock or is off by more than half of what it forgives', () => {
    assert.deepEqual(troublesOf(withLock(null)), [{ reason: 'lock-silent', name: 'Door' }]);
    const silent = { ...HEARD, heardAtMs: NOW_MS - 90_001 };
    assert.deepEqual(troublesOf(withLock(silent)), [{ reason: 'lock-silent', name: 'Door' }]);
    assert.deepEqual(troublesOf(withState({ clock: 'lost' })), [{ reason: 'clock-lost', name: 'Door' }]);
    assert.deepEqual(troublesOf(withLock({ ...HEARD, aheadMs: 5 * 60_000 })), []);
    assert.deepEqual(troublesOf(withLock({ ...HEARD, aheadMs: -6 * 60_000 })), [
      { reason: 'clock-off', name: 'Door', minutes: -6 },
    ]);
    assert.deepEqual(troublesOf(withLock({ ...HEARD, aheadMs: null })), []);
  });

  it('is red for a battery at a fifth or less', () => {
    assert.deepEqual(troublesOf(withState({ battery: 21 })), []);
    assert.deepEqual(troublesOf(withState({ battery: null })), []);
    assert.deepEqual(troublesOf(withState({ battery: 20 })), [
      { reason: 'battery-low', name: 'Door', percent: 20 },
    ]);
  });

  it('asks nothing of locks where nobody comes', () => {
    assert.deepEqual(troublesOf(unit(null, { locks: [{ name: 'Door', heard: null, skewMinutes: 10 }] })), []);
  });
});
