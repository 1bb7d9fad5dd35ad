import assert from 'node:assert/strict';
import { type AccessCode, isLive } from '../../../core/src/access-codes/access-code.ts';
import type { HostOverride, OverrideWord } from '../../../core/src/access-codes/host-overrides.ts';
import { reconcile, type UnitRecords } from '../../../core/src/access-codes/reconcile.ts';
import { wantReservation } from '../../../core/src/access-codes/wanted-stay.ts';
import { deriveCodeKey, deriveUnitKey } from '../../../core/src/stay-code/keys.ts';
import { issueCode } from '../../../core/src/stay-code/stay-code.ts';
import { EXAMPLE_SITE_KEY, ExampleLock, exampleConfig, exampleRules } from '../../support/lock-example.ts';

const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;
const BOOKED_AT = Date.parse('2026-11-20T10:00:00Z');
const stay = {
  id: 'r1',
  startsAtMs: Date.parse('2026-11-27T15:00:00+01:00'),
  endsAtMs: Date.parse('2026-11-30T11:00:00+01:00'),
};
const codeKey = deriveCodeKey(deriveUnitKey(EXAMPLE_SITE_KEY, 'flat-a', 1));
const digitsOf = (code: AccessCode): string => issueCode(codeKey, code);

/** A unit's register with one stay whose guest was told of each code. */
class Told {
  records: UnitRecords = { codes: [], stays: [], overrides: [] };
  #count = 0;

  constructor() {
    this.#act({ news: [wantReservation({ ...stay, guestName: null, status: 'confirmed' })] }, BOOKED_AT);
  }

  get code(): AccessCode {
    const code = this.records.codes.find(isLive);
    assert.ok(code);
    return code;
  }

  say(word: OverrideWord, at: string): void {
    const atMs = Date.parse(at);
    const words: HostOverride[] = [
      { unitId: 'flat-a', reservationId: 'r1', word, by: 'Ada', why: 'asked', atMs },
    ];
    this.#act({ words }, atMs);
    assert.deepEqual(this.#act({}, atMs + 1000), [], 'something was left to do');
  }

  #act(what: Partial<Parameters<typeof reconcile>[0]>, nowMs: number): readonly unknown[] {
    const { put, forget, keep, drop, words, actions } = reconcile({
      ...{ ...this.records, unit, rules: exampleRules(), hasKey: true, zone: 'Europe/Berlin', nowMs },
      ...{ newId: () => `code-${++this.#count}`, ...what },
    });
    const changed = new Set([...put, ...forget].map(({ id }) => id));
    const told = put.map((code) => ({ ...code, leftAtMs: code.leftAtMs ?? nowMs }));
    const kept = new Set([...keep.map((record) => record.stay.id), ...drop]);
    this.records = {
      codes: [...this.records.codes.filter(({ id }) => !changed.has(id)), ...told],
      stays: [...this.records.stays.filter((record) => !kept.has(record.stay.id)), ...keep],
      overrides: [...this.records.overrides, ...words],
    };
    return actions;
  }
}

describe('the host asks for another code', () => {
  it('gives other digits for the same times, once, whatever is read again', () => {
    const told = new Told();
    const before = told.code;
    told.say({ kind: 'new-code' }, '2026-11-26T10:00:00Z');
    assert.notEqual(digitsOf(told.code), digitsOf(before));
    assert.deepEqual([told.code.startsAtMs, told.code.endsAtMs], [before.startsAtMs, before.endsAtMs]);
    const second = told.code;
    told.say({ kind: 'hold', on: false }, '2026-11-26T11:00:00Z');
    assert.equal(told.code.id, second.id);
    told.say({ kind: 'new-code' }, '2026-11-26T12:00:00Z');
    assert.notEqual(digitsOf(told.code), digitsOf(second));
  });

  it('leaves nothing of the old one at the door once the new one is typed, not even its PIN', () => {
    const told = new Told();
    const old = digitsOf(told.code);
    const lock = new ExampleLock(exampleConfig(), '2026-11-27T09:00:00Z');
    assert.equal(lock.enter('2026-11-27T16:00:00+01:00', old), 'opened stay');
    assert.equal(lock.enter('2026-11-27T16:05:00+01:00', old.slice(0, 6)), 'opened pin');
    told.say({ kind: 'new-code' }, '2026-11-27T17:00:00+01:00');
    assert.equal(lock.enter('2026-11-27T18:00:00+01:00', digitsOf(told.code)), 'opened stay');
    assert.equal(lock.enter('2026-11-27T18:05:00+01:00', old), 'refused superseded');
    assert.equal(lock.enter('2026-11-27T18:06:00+01:00', old.slice(0, 6)), 'refused unknown');
    told.say({ kind: 'check-out', time: '11:00', days: 1 }, '2026-11-27T19:00:00+01:00');
    assert.equal(lock.enter('2026-11-27T20:00:00+01:00', digitsOf(told.code)), 'opened stay');
    assert.equal(lock.enter('2026-11-27T20:05:00+01:00', old.slice(0, 6)), 'refused unknown');
  });

  it('does not bring the old one back when the times change and change back', () => {
    const told = new Told();
    const old = digitsOf(told.code);
    told.say({ kind: 'new-code' }, '2026-11-26T10:00:00Z');
    told.say({ kind: 'check-out', time: '11:00', days: 1 }, '2026-11-26T11:00:00Z');
    told.say({ kind: 'check-out', time: null }, '2026-11-26T12:00:00Z');
    assert.notEqual(digitsOf(told.code), old);
  });
});

describe('the host lets a guest stay on', () => {
  it('moves the check-out by whole days of the wall', () => {
    const told = new Told();
    told.say({ kind: 'check-out', time: '10:00', days: 2 }, '2026-11-28T10:00:00Z');
    assert.equal(told.code.endsAtMs, Date.parse('2026-12-02T10:00:00+01:00'));
    assert.equal(told.code.kind, 'amendment');
  });

  it('refuses days that are none', () => {
    for (const days of [0.5, 400, Number.NaN]) {
      assert.throws(
        () => {
          new Told().say({ kind: 'check-out', time: '10:00', days }, '2026-11-28T10:00:00Z');
        },
        {
          code: 'out-of-range',
        },
      );
    }
  });
});
